package io.millrace.engine;

import java.util.function.LongSupplier;

/// What only tests choose.
///
/// @param nanos the clock by which steps are slow
/// @param slowStepNanos how long a slow step of a cursor takes; the default is that of about a
///   hundred deleted entries in memory
/// @param slowSteps how many of them at a place teach a [KnownGaps] gap, if the last is slow again
///   when it is done again
/// @param hotReads how many reads make one of the [HotKeys]
/// @param recentWritesMax how many of the [RecentWrites] are kept
record Tuning(
        Durability durability,
        LongSupplier nanos,
        long slowStepNanos,
        int slowSteps,
        int hotReads,
        int recentWritesMax) {
    private static final int HOT_READS = 16;
    private static final int RECENT_WRITES_MAX = 4096;

    static final Tuning DEFAULT =
            new Tuning(
                    Durability.SYNCED, System::nanoTime, 20_000, 2, HOT_READS, RECENT_WRITES_MAX);
}

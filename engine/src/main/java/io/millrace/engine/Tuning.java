package io.millrace.engine;

/// What only tests choose.
///
/// @param slowStepNanos how long a slow step of a cursor takes; the default is that of about a
///   hundred deleted entries in memory
/// @param slowSteps how many of them at a place teach a [KnownGaps] gap
/// @param hotReads how many reads make one of the [HotKeys]
record Tuning(Durability durability, long slowStepNanos, int slowSteps, int hotReads) {
    private static final int HOT_READS = 16;

    static final Tuning DEFAULT = new Tuning(Durability.SYNCED, 20_000, 2, HOT_READS);
}

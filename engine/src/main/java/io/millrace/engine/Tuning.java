package io.millrace.engine;

/// What only tests choose.
///
/// @param slowStepNanos how long a cursor's step takes that teaches a [KnownGaps] gap; the default
///   is that of about a hundred deleted entries in memory
/// @param hotReads how many reads make one of the [HotKeys]
record Tuning(Durability durability, long slowStepNanos, int hotReads) {
    private static final int HOT_READS = 16;

    static final Tuning DEFAULT = new Tuning(Durability.SYNCED, 20_000, HOT_READS);
}

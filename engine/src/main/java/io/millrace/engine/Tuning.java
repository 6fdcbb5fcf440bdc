package io.millrace.engine;

/// What only tests choose.
///
/// @param slowStepNanos how long a cursor's step takes that teaches a [KnownGaps] gap; the default
///   is that of about a hundred deleted entries in memory
record Tuning(Durability durability, long slowStepNanos) {
    static final Tuning DEFAULT = new Tuning(Durability.SYNCED, 20_000);
}

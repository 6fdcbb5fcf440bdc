package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a replay is to do; never changes.
///
/// @param archiveNumber tells the archive from a later one with its name
/// @param filterArns the rules to which events go; empty for all
/// @param fromMillis only events whose time is not before
/// @param untilMillis only events whose time is before
/// @param versionMax only events that were archived when the replay began
/// @param pacing null for as fast as possible, in order of the events' times
record ReplayPlan(
        String name,
        @Nullable String description,
        String archiveArn,
        long archiveNumber,
        String busArn,
        List<String> filterArns,
        long fromMillis,
        long untilMillis,
        long versionMax,
        long startedMillis,
        @Nullable ReplayPacing pacing) {

    private static final long SECOND = 1000;

    /// The first second whose events are meant: events tell their time in whole seconds.
    long fromSecond() {
        return Math.floorDiv(fromMillis, SECOND);
    }

    /// The first second after [#fromSecond] whose events are not.
    long untilSecond() {
        return Math.ceilDiv(untilMillis, SECOND);
    }

    boolean has(long second) {
        return second >= fromSecond() && second < untilSecond();
    }

    /// Whether events go in the order in which they were committed.
    boolean inCommitOrder() {
        return pacing != null && pacing.commitOrder();
    }
}

package io.millrace.service.events;

import io.millrace.service.events.ArchiveKeys.Position;

import org.jspecify.annotations.Nullable;

/// A replay's record: what it is to do, and how far it is.
record StoredReplay(ReplayPlan plan, Progress progress) {

    /// How far a replay is.
    ///
    /// @param next the position of the first event that is not replayed yet, or before it
    /// @param events how many were replayed
    /// @param lastSecond the time of the event that was replayed last
    record Progress(
            State state,
            @Nullable String reason,
            @Nullable Long endedMillis,
            Position next,
            long events,
            @Nullable Long lastSecond,
            ReplayClock.Place clock) {

        Progress to(State newState) {
            return new Progress(newState, reason, endedMillis, next, events, lastSecond, clock);
        }
    }

    /// AWS's states.
    enum State {
        STARTING,
        RUNNING,
        CANCELLING,
        COMPLETED,
        CANCELLED,
        FAILED;

        boolean hasEnded() {
            return this == COMPLETED || this == CANCELLED || this == FAILED;
        }
    }

    static StoredReplay start(ReplayPlan plan) {
        Position start = plan.inCommitOrder() ? Position.of(0) : Position.of(plan.fromSecond());
        return new StoredReplay(
                plan,
                new Progress(State.STARTING, null, null, start, 0, null, ReplayClock.Place.START));
    }

    StoredReplay with(Progress newProgress) {
        return new StoredReplay(plan, newProgress);
    }

    StoredReplay ended(State state, @Nullable String reason, long nowMillis) {
        return with(
                new Progress(
                        state,
                        reason,
                        nowMillis,
                        progress.next,
                        progress.events,
                        progress.lastSecond,
                        progress.clock));
    }

    State state() {
        return progress.state;
    }
}

package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

/// A message move task, as it is stored: what it is to do, and how far it came.
///
/// It moves the messages that were in the queue when it began, in their order, each at most once;
/// what is in flight or delayed when its turn comes stays.
///
/// @param id a UUID
/// @param sourceNumber of the queue that it takes from
/// @param destinationArn null: each message goes back to where it came from
/// @param perSecondMax null: as fast as it goes
/// @param filter null: everything
/// @param failureReason of a task that failed
/// @param startStamp what was sent by a later commit is not moved; tells a queue's tasks apart
/// @param toMoveCount how many messages were visible at its start
/// @param next the first position that it has not looked at
/// @param nextMillis when it may go on
record MoveTask(
        String id,
        String sourceArn,
        long sourceNumber,
        @Nullable String destinationArn,
        @Nullable Integer perSecondMax,
        @Nullable MoveFilter filter,
        Status status,
        @Nullable String failureReason,
        long startedMillis,
        long startStamp,
        long toMoveCount,
        long movedCount,
        Position next,
        long nextMillis) {

    /// As the API names them.
    enum Status {
        RUNNING,
        COMPLETED,
        CANCELLING,
        CANCELLED,
        FAILED
    }

    MoveTask cancelling() {
        return with(Status.CANCELLING, null, movedCount, next, nextMillis);
    }

    MoveTask ended(Status end, @Nullable String reason) {
        return with(end, reason, movedCount, next, nextMillis);
    }

    /// After a page, begun at `nowMillis`, that moved `count` messages.
    MoveTask progressed(int count, Position newNext, long nowMillis) {
        long pause =
                perSecondMax == null ? 0 : Math.ceilDiv(count * 1000L, perSecondMax.longValue());
        return with(status, failureReason, movedCount + count, newNext, nowMillis + pause);
    }

    /// How many messages its next page may move: ten pages a second, when the rate is high enough.
    int pageCountMax() {
        return perSecondMax == null
                ? SqsLimits.MOVE_PAGE
                : Math.clamp(perSecondMax / 10, 1, SqsLimits.MOVE_PAGE);
    }

    private MoveTask with(
            Status newStatus,
            @Nullable String newReason,
            long newMovedCount,
            Position newNext,
            long newNextMillis) {
        return new MoveTask(
                id,
                sourceArn,
                sourceNumber,
                destinationArn,
                perSecondMax,
                filter,
                newStatus,
                newReason,
                startedMillis,
                startStamp,
                toMoveCount,
                newMovedCount,
                newNext,
                newNextMillis);
    }
}

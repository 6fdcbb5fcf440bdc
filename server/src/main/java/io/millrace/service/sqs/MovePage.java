package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.service.sqs.MoveTask.Status;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// One transaction of a move task: a page of its messages, and how far it came. So a crash leaves
/// each message in one queue, and the task goes on where it was.
///
/// A moved message is a new one: it has a new id and a new age, and was never received. It is
/// removed together with all that tells its state, so that a receipt handle of it that someone
/// still holds leads to nothing.
final class MovePage {

    private static final String NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue";
    private static final String NO_SOURCE = "CouldNotDetermineMessageSource";
    private static final String TOO_LONG = "TaskExpired";

    private final Transaction tx;
    private final Queue source;
    private final Enqueue enqueue;
    private final Ids ids;
    private final long nowMillis;
    private final Removal removal;
    private final Map<String, @Nullable Queue> destinations = new HashMap<>();
    private int movedCount;

    MovePage(
            Transaction tx,
            Queue source,
            Enqueue enqueue,
            Ordinals ordinals,
            Ids ids,
            long nowMillis) {
        this.tx = tx;
        this.source = source;
        this.enqueue = enqueue;
        this.ids = ids;
        this.nowMillis = nowMillis;
        this.removal = new Removal(tx, source, ordinals, nowMillis);
    }

    /// Does what the queue's active task can do now.
    void move() {
        MoveTask task = MoveTasks.active(tx, source);
        if (task == null) {
            return;
        }
        if (task.status() == Status.CANCELLING) {
            MoveTasks.end(tx, source, task.ended(Status.CANCELLED, null));
        } else if (task.startedMillis() + SqsLimits.MOVE_TASK.toMillis() <= nowMillis) {
            MoveTasks.end(tx, source, task.ended(Status.FAILED, TOO_LONG));
        } else if (task.nextMillis() <= nowMillis) {
            MoveTask after = page(task);
            removal.finish();
            if (after.status() == Status.RUNNING) {
                MoveTasks.putActive(tx, source, after);
            } else {
                MoveTasks.end(tx, source, after);
            }
        }
    }

    private MoveTask page(MoveTask task) {
        int countMax = task.pageCountMax();
        int visitedCount = 0;
        long bytes = 0;
        Position next = task.next();
        try (Cursor cursor = messages(next)) {
            while (movedCount < countMax
                    && visitedCount < SqsLimits.MOVE_PAGE
                    && bytes < SqsLimits.MOVE_PAGE_BYTES) {
                Position position =
                        cursor.next() ? SqsKeys.position(SqsKeys.reader(cursor.key())) : null;
                if (position == null || position.stamp() > task.startStamp()) {
                    return task.progressed(movedCount, next, nowMillis)
                            .ended(Status.COMPLETED, null);
                }
                byte[] value = cursor.value();
                StoredMessage message = StoredMessage.decode(value);
                if (isFree(position, message)) {
                    String failure = move(task, position, message);
                    if (failure != null) {
                        return task.progressed(movedCount, position, nowMillis)
                                .ended(Status.FAILED, failure);
                    }
                }
                visitedCount++;
                bytes += value.length;
                next = new Position(position.stamp(), position.ordinal() + 1);
            }
        }
        return task.progressed(movedCount, next, nowMillis);
    }

    private Cursor messages(Position from) {
        return tx.range(
                SqsKeys.message(source.number(), from),
                Bytes.prefixEnd(SqsKeys.messages(source.number())),
                Snapshot.Direction.FORWARD);
    }

    /// Whether a receive could hand it out now. In a FIFO queue that takes that nothing of its
    /// group stayed behind, so that a group keeps its order.
    private boolean isFree(Position position, StoredMessage message) {
        if (message.sentMillis() + source.retentionMillis() <= nowMillis) {
            return false;
        }
        byte[] state = tx.get(SqsKeys.state(source.number(), position));
        if (state != null && MessageState.decode(state).dueMillis() > nowMillis) {
            return false;
        }
        return !source.fifo() || isFirstOfGroup(position, message);
    }

    private boolean isFirstOfGroup(Position position, StoredMessage message) {
        String group = Enqueue.group(message);
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(source.number(), group)));
        if (state == null
                || state.dueMillis() > nowMillis
                || Groups.visibleMillis(source, message.sentMillis()) > nowMillis) {
            return false;
        }
        try (Cursor cursor = Groups.from(tx, source.number(), group, state.head())) {
            return cursor.next() && Groups.position(cursor.key()).equals(position);
        }
    }

    /// Null, or why the task fails.
    private @Nullable String move(MoveTask task, Position position, StoredMessage message) {
        String arn = task.destinationArn() == null ? message.sourceArn() : task.destinationArn();
        if (arn == null) {
            return NO_SOURCE;
        }
        Queue destination = destinations.computeIfAbsent(arn, this::destination);
        if (destination == null) {
            return NO_QUEUE;
        }
        removal.remove(position, message);
        enqueue.redrive(tx, destination, message.redriven(ids.uuid(), nowMillis), nowMillis);
        movedCount++;
        return null;
    }

    private @Nullable Queue destination(String arn) {
        return Arn.parse(arn).map(parsed -> Queues.byArn(tx, parsed)).orElse(null);
    }
}

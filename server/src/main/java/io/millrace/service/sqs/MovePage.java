package io.millrace.service.sqs;

import io.millrace.engine.Cursor;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.service.sqs.MoveTask.Status;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// One transaction of a move task: what it wants of a look at its queue, and how far it came. So a
/// crash leaves each message in one queue, and the task goes on where it was.
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
    private final MoveLook look;
    private final Enqueue enqueue;
    private final Ids ids;
    private final long nowMillis;
    private final Removal removal;
    private final Map<String, @Nullable Queue> destinations = new HashMap<>();
    private int movedCount;

    /// @param look what the task wants of it
    MovePage(
            Transaction tx,
            Queue source,
            MoveLook look,
            Enqueue enqueue,
            Ordinals ordinals,
            Ids ids,
            long nowMillis) {
        this.tx = tx;
        this.source = source;
        this.look = look;
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
        } else if (isTooLong(task, nowMillis)) {
            MoveTasks.end(tx, source, task.ended(Status.FAILED, TOO_LONG));
        } else if (task.nextMillis() <= nowMillis && task.next().equals(look.from())) {
            MoveTask after = page(task);
            removal.finish();
            if (after.status() == Status.RUNNING) {
                MoveTasks.putActive(tx, source, after);
            } else {
                MoveTasks.end(tx, source, after);
            }
        }
    }

    /// Whether a task has had its time.
    static boolean isTooLong(MoveTask task, long nowMillis) {
        return task.startedMillis() + SqsLimits.MOVE_TASK.toMillis() <= nowMillis;
    }

    private MoveTask page(MoveTask task) {
        int countMax = task.pageCountMax();
        for (MoveLook.Entry entry : look.entries()) {
            if (movedCount == countMax) {
                return task.progressed(movedCount, entry.position(), nowMillis);
            }
            if (isFree(task, entry)) {
                String failure = move(task, entry);
                if (failure != null) {
                    return task.progressed(movedCount, entry.position(), nowMillis)
                            .ended(Status.FAILED, failure);
                }
            }
        }
        MoveTask after = task.progressed(movedCount, look.next(), nowMillis);
        return look.last() ? after.ended(Status.COMPLETED, null) : after;
    }

    /// Whether a receive could hand it out now. In a FIFO queue that takes that nothing of its
    /// group stayed behind, so that a group keeps its order; unless the task is for some messages
    /// only.
    private boolean isFree(MoveTask task, MoveLook.Entry entry) {
        return MoveLook.isFree(tx, source, entry, nowMillis)
                && (!source.fifo() || task.filter() != null || isFirstOfGroup(entry));
    }

    private boolean isFirstOfGroup(MoveLook.Entry entry) {
        String group = Enqueue.group(entry.message());
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(source.number(), group)));
        if (state == null) {
            return false;
        }
        try (Cursor cursor = Groups.from(tx, source.number(), group, state.head())) {
            return cursor.next() && Groups.position(cursor.key()).equals(entry.position());
        }
    }

    /// Null, or why the task fails.
    private @Nullable String move(MoveTask task, MoveLook.Entry entry) {
        StoredMessage message = entry.message();
        String arn = task.destinationArn() == null ? message.sourceArn() : task.destinationArn();
        if (arn == null) {
            return NO_SOURCE;
        }
        Queue destination = destinations.computeIfAbsent(arn, this::destination);
        if (destination == null) {
            return NO_QUEUE;
        }
        removal.remove(entry.position(), message);
        enqueue.redrive(tx, destination, message.redriven(ids.uuid(), nowMillis), nowMillis);
        movedCount++;
        return null;
    }

    private @Nullable Queue destination(String arn) {
        return Arn.parse(arn).map(parsed -> Queues.byArn(tx, parsed)).orElse(null);
    }
}

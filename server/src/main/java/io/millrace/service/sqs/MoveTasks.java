package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.SetAside;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Where move tasks are kept: the active one of a queue, which is also the job to do, and the last
/// ones that have ended.
final class MoveTasks {

    /// An active task as it is stored.
    ///
    /// @param key by which it may be set aside
    record Active(byte[] key, byte[] value) {

        /// The task.
        ///
        /// @throws io.millrace.storage.UnreadableException when it is none
        MoveTask task() {
            return CODEC.decode(value);
        }
    }

    private static final ResourceCodec<MoveTask> CODEC = new ResourceCodec<>(MoveTask.class);

    private MoveTasks() {}

    static @Nullable MoveTask active(Snapshot tx, Queue queue) {
        return CODEC.decodeOrNull(tx.get(SqsKeys.activeMove(queue)));
    }

    static void putActive(Transaction tx, Queue queue, MoveTask task) {
        tx.put(SqsKeys.activeMove(queue), CODEC.encode(task));
    }

    /// The active tasks of everyone that are not set aside, at most `countMax`.
    static List<Active> allActive(Snapshot tx, int countMax) {
        List<Active> tasks = new ArrayList<>();
        try (Cursor cursor = tx.prefix(SqsKeys.activeMoves())) {
            while (tasks.size() < countMax && SetAside.next(tx, cursor) != null) {
                tasks.add(new Active(cursor.key(), cursor.value()));
            }
        }
        return tasks;
    }

    static int activeCount(Snapshot tx, String accountId, String region) {
        int count = 0;
        try (Cursor cursor = tx.prefix(SqsKeys.activeMoves(accountId, region))) {
            while (count < SqsLimits.ACTIVE_MOVES_MAX && cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /// Makes the queue's active task a past one, and forgets the oldest beyond those that are kept.
    static void end(Transaction tx, Queue queue, MoveTask task) {
        long number = queue.number();
        tx.delete(SqsKeys.activeMove(queue));
        tx.put(SqsKeys.pastMove(number, task.startStamp()), CODEC.encode(task));
        int count = 0;
        try (Cursor cursor = past(tx, number)) {
            while (cursor.next()) {
                if (++count > SqsLimits.MOVE_RESULTS_MAX) {
                    tx.delete(cursor.key());
                }
            }
        }
    }

    /// The queue's tasks, the newest first.
    static List<MoveTask> latest(Snapshot tx, Queue queue, int countMax) {
        List<MoveTask> tasks = new ArrayList<>();
        MoveTask active = active(tx, queue);
        if (active != null) {
            tasks.add(active);
        }
        tasks.addAll(read(past(tx, queue.number()), countMax - tasks.size()));
        return tasks;
    }

    /// The queue that a parameter names.
    ///
    /// @throws io.millrace.wire.ServiceException when that is no ARN, or there is no such queue
    static Queue queue(Snapshot tx, String parameter, String arn) {
        Arn parsed = Arn.parse(arn).orElseThrow(() -> SqsErrors.invalidArn(parameter));
        Queue queue = parsed.service().equals("sqs") ? Queues.byArn(tx, parsed) : null;
        if (queue == null) {
            throw SqsErrors.resourceNotFound(parameter);
        }
        return queue;
    }

    private static Cursor past(Snapshot tx, long queue) {
        byte[] prefix = SqsKeys.pastMoves(queue);
        return tx.range(prefix, Bytes.prefixEnd(prefix), Snapshot.Direction.BACKWARD);
    }

    private static List<MoveTask> read(Cursor source, int countMax) {
        List<MoveTask> tasks = new ArrayList<>();
        try (Cursor cursor = source) {
            while (tasks.size() < countMax && cursor.next()) {
                tasks.add(CODEC.decode(cursor.value()));
            }
        }
        return tasks;
    }
}

package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Snapshot;
import io.millrace.service.sqs.SqsKeys.Counter;

/// How many messages a queue has, by what they wait for; exact at the snapshot's time. Counters
/// hold what was written; what time alone has made visible since is counted in the due list.
record Counts(long visible, long inFlight, long delayed) {

    static Counts of(Snapshot tx, Queue queue, long nowMillis) {
        long total = counter(tx, queue, Counter.TOTAL);
        long inFlight = counter(tx, queue, Counter.IN_FLIGHT);
        long delayed = counter(tx, queue, Counter.DELAYED);
        try (Cursor cursor =
                tx.range(
                        SqsKeys.dueFrom(queue, Floor.millis(tx, queue.number())),
                        SqsKeys.dueFrom(queue, nowMillis + 1),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (queue.fifo()) {
                    inFlight -= expiredInGroup(tx, queue, cursor.key(), nowMillis);
                } else if (cursor.value()[0] == Enqueue.IN_FLIGHT) {
                    inFlight--;
                } else {
                    delayed--;
                }
            }
        }
        if (queue.fifo() && queue.delaySeconds() > 0) {
            delayed = delayedInFifo(tx, queue, nowMillis);
        }
        return new Counts(total - inFlight - delayed, inFlight, delayed);
    }

    private static long counter(Snapshot tx, Queue queue, Counter counter) {
        return Bytes.counter(tx.get(SqsKeys.counter(queue.number(), counter)));
    }

    private static int expiredInGroup(
            Snapshot tx, Queue queue, byte[] groupDueKey, long nowMillis) {
        KeyReader key = SqsKeys.reader(groupDueKey);
        long due = key.uint64();
        String group = key.string();
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(queue.number(), group)));
        if (state == null || state.dueMillis() != due) {
            return 0; // a stale entry
        }
        int count = 0;
        int expired = 0;
        try (Cursor cursor = Groups.from(tx, queue.number(), group, state.head())) {
            while (count < SqsLimits.RECEIVE_MESSAGES_MAX && cursor.next()) {
                count++;
                byte[] bytes = tx.get(SqsKeys.state(queue.number(), Groups.position(cursor.key())));
                long visible = bytes == null ? 0 : MessageState.decode(bytes).dueMillis();
                if (visible > nowMillis) {
                    break; // those behind it wait for it
                }
                expired += bytes == null ? 0 : 1;
            }
        }
        return expired;
    }

    /// In a FIFO queue the newest messages are the delayed ones.
    private static long delayedInFifo(Snapshot tx, Queue queue, long nowMillis) {
        byte[] messages = SqsKeys.messages(queue.number());
        long count = 0;
        try (Cursor cursor =
                tx.range(messages, Bytes.prefixEnd(messages), Snapshot.Direction.BACKWARD)) {
            while (cursor.next()
                    && Groups.visibleMillis(queue, StoredMessage.sentMillis(cursor.value()))
                            > nowMillis) {
                count++;
            }
        }
        return count;
    }
}

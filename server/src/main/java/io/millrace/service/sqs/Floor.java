package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

/// The time below which a queue's due list has no entries, so that nobody reads past those that
/// were consumed. Conflicts keep it true: whoever adds an entry reads the floor, whoever raises it
/// reads the part that it leaves out.
final class Floor {

    private Floor() {}

    static long millis(Snapshot tx, long queue) {
        byte[] value = tx.get(SqsKeys.floor(queue));
        return value == null ? 0 : Bytes.readLong(value, 0);
    }

    /// Where an entry for `dueMillis` may stand.
    static long clamp(Snapshot tx, long queue, long dueMillis) {
        return Math.max(dueMillis, millis(tx, queue));
    }

    /// Raises the floor to the first entry, at most to now, when it lags behind by `stepMillis`.
    static void raise(Transaction tx, Queue queue, long nowMillis, long stepMillis) {
        long floor = millis(tx, queue.number());
        if (nowMillis - floor < stepMillis) {
            return;
        }
        long raised = nowMillis;
        try (Cursor cursor =
                tx.range(
                        SqsKeys.dueFrom(queue, floor),
                        SqsKeys.dueFrom(queue, nowMillis),
                        Snapshot.Direction.FORWARD)) {
            if (cursor.next()) {
                raised = SqsKeys.reader(cursor.key()).uint64();
            }
        }
        if (raised - floor >= stepMillis) {
            byte[] value = new byte[Long.BYTES];
            Bytes.writeLong(value, 0, raised);
            tx.put(SqsKeys.floor(queue.number()), value);
        }
    }
}

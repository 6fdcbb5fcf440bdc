package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Which deduplication ids a FIFO queue has accepted in the last five minutes.
///
/// The sequence number stands in an entry of its own, since an entry with a stamp cannot be read in
/// the transaction that writes it, and a batch may repeat an id. It carries the message id too: one
/// that names another message is older than the entry.
final class Deduplication {

    /// What was accepted.
    record Entry(long endMillis, int ordinal, String messageId) {

        byte[] encode() {
            byte[] id = messageId.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + id.length)
                    .putLong(endMillis)
                    .putInt(ordinal)
                    .put(id)
                    .array();
        }

        static Entry decode(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long end = in.getLong();
            int ordinal = in.getInt();
            return new Entry(end, ordinal, rest(in));
        }
    }

    private Deduplication() {}

    /// What was sent in this queue's window with that id, or null.
    static Enqueue.@Nullable Sent find(
            Snapshot tx, Queue queue, String group, String id, long nowMillis) {
        String scope = scope(queue, group);
        byte[] value = tx.get(SqsKeys.deduplication(queue.number(), scope, id));
        if (value == null) {
            return null;
        }
        Entry entry = Entry.decode(value);
        if (entry.endMillis() <= nowMillis) {
            return null;
        }
        byte[] sequence = tx.get(SqsKeys.deduplicationSequence(queue.number(), scope, id));
        String number = null;
        if (sequence != null) {
            ByteBuffer in = ByteBuffer.wrap(sequence);
            long stamp = in.getLong();
            if (rest(in).equals(entry.messageId())) {
                number = new Position(stamp, entry.ordinal()).sequenceNumber();
            }
        }
        return new Enqueue.Sent(entry.messageId(), entry.ordinal(), number);
    }

    static void remember(
            Transaction tx,
            Queue queue,
            String group,
            String id,
            String messageId,
            int ordinal,
            long nowMillis) {
        String scope = scope(queue, group);
        long number = queue.number();
        long end = nowMillis + SqsLimits.DEDUPLICATION.toMillis();
        tx.put(
                SqsKeys.deduplication(number, scope, id),
                new Entry(end, ordinal, messageId).encode());
        byte[] text = messageId.getBytes(StandardCharsets.UTF_8);
        byte[] sequence = new byte[Long.BYTES + text.length];
        System.arraycopy(text, 0, sequence, Long.BYTES, text.length);
        tx.putStamped(
                SqsKeys.deduplicationSequence(number, scope, id),
                Transaction.NO_STAMP,
                sequence,
                0);
        tx.put(SqsKeys.deduplicationEnd(number, end, scope, id), Bytes.EMPTY);
    }

    /// Removes at most `countMax` entries of which the window has ended.
    ///
    /// @return how many there were
    static int forget(Transaction tx, Queue queue, long nowMillis, int countMax) {
        long number = queue.number();
        int count = 0;
        try (Cursor cursor =
                tx.range(
                        SqsKeys.deduplicationEnds(number, 0),
                        SqsKeys.deduplicationEnds(number, nowMillis + 1),
                        Snapshot.Direction.FORWARD)) {
            while (count < countMax && cursor.next()) {
                count++;
                tx.delete(cursor.key());
                KeyReader key = SqsKeys.reader(cursor.key());
                long end = key.uint64();
                String scope = key.string();
                String id = key.string();
                byte[] name = SqsKeys.deduplication(number, scope, id);
                byte[] value = tx.get(name);
                if (value != null && Entry.decode(value).endMillis() == end) {
                    tx.delete(name);
                    tx.delete(SqsKeys.deduplicationSequence(number, scope, id));
                }
            }
        }
        return count;
    }

    /// When the first of the remaining windows ends; of those that are yet to begin none does
    /// earlier than in five minutes.
    static long firstEnd(Snapshot tx, Queue queue, long nowMillis) {
        byte[] from = SqsKeys.deduplicationEnds(queue.number(), nowMillis);
        byte[] to = SqsKeys.deduplicationEnds(queue.number(), Long.MAX_VALUE);
        try (Cursor cursor = tx.range(from, to, Snapshot.Direction.FORWARD)) {
            return cursor.next()
                    ? SqsKeys.reader(cursor.key()).uint64()
                    : nowMillis + SqsLimits.DEDUPLICATION.toMillis();
        }
    }

    private static String scope(Queue queue, String group) {
        return queue.deduplicatesByGroup() ? group : "";
    }

    private static String rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

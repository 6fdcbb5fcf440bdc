package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Receives of FIFO queues that can be repeated by their `ReceiveRequestAttemptId`, by a consumer
/// that does not know whether it was answered.
///
/// A repeated receive gets the same messages with the same handles, and their visibility timeout
/// begins anew. That goes on for five minutes from the first receive, and as long as none of the
/// messages is visible again; after that the id is free for another receive. In between, a message
/// that was deleted, or whose visibility was changed, makes the receive one that cannot be
/// repeated, which is refused. Source: the parameter's description in the [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html).
final class Attempts {

    /// A message as that receive handed it out.
    record Handed(Position position, int receiveCount) {
        static final int BYTES = Long.BYTES + 2 * Integer.BYTES;
    }

    /// What was received.
    ///
    /// @param dueMillis when all of it becomes visible again, unless somebody changes that
    /// @param endMillis five minutes after the first receive
    record Attempt(long endMillis, long dueMillis, List<Handed> messages) {

        byte[] encode() {
            ByteBuffer out =
                    ByteBuffer.allocate(2 * Long.BYTES + messages.size() * Handed.BYTES)
                            .putLong(endMillis)
                            .putLong(dueMillis);
            for (Handed message : messages) {
                out.putLong(message.position().stamp())
                        .putInt(message.position().ordinal())
                        .putInt(message.receiveCount());
            }
            return out.array();
        }

        static Attempt decode(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long end = in.getLong();
            long due = in.getLong();
            List<Handed> messages = new ArrayList<>();
            while (in.hasRemaining()) {
                messages.add(new Handed(new Position(in.getLong(), in.getInt()), in.getInt()));
            }
            return new Attempt(end, due, messages);
        }

        boolean isOver(long nowMillis) {
            return endMillis <= nowMillis || dueMillis <= nowMillis;
        }
    }

    private Attempts() {}

    /// What a receive with that id received, while it can be repeated or is refused; else null.
    static @Nullable Attempt find(Snapshot tx, Queue queue, String id, long nowMillis) {
        byte[] value = tx.get(SqsKeys.attempt(queue.number(), id));
        Attempt attempt = value == null ? null : Attempt.decode(value);
        return attempt == null || attempt.isOver(nowMillis) ? null : attempt;
    }

    /// Hands out again what the attempt received.
    ///
    /// @param dueMillis when the messages become visible now
    static List<Reception.Received> repeat(
            Transaction tx,
            Queue queue,
            String id,
            Attempt attempt,
            Ordinals ordinals,
            long dueMillis,
            long nowMillis) {
        long number = queue.number();
        List<Reception.Received> received = new ArrayList<>();
        Set<String> groups = new LinkedHashSet<>();
        for (Handed handed : attempt.messages()) {
            byte[] message = tx.get(SqsKeys.message(number, handed.position()));
            byte[] bytes = tx.get(SqsKeys.state(number, handed.position()));
            MessageState state = bytes == null ? null : MessageState.decode(bytes);
            if (message == null
                    || state == null
                    || state.dueMillis() != attempt.dueMillis()
                    || state.receiveCount() != handed.receiveCount()) {
                throw SqsErrors.attemptNotRepeatable(id);
            }
            MessageState renewed = state.renewed(nowMillis, dueMillis);
            tx.put(SqsKeys.state(number, handed.position()), renewed.encode());
            StoredMessage decoded = StoredMessage.decode(tx, handed.position(), message);
            groups.add(Enqueue.group(decoded));
            received.add(new Reception.Received(handed.position(), decoded, renewed));
        }
        for (String group : groups) {
            Groups.settle(tx, queue, group, ordinals.next(), nowMillis);
        }
        put(tx, queue, id, new Attempt(attempt.endMillis(), dueMillis, attempt.messages()));
        new Tally().write(tx, number);
        return received;
    }

    static void remember(
            Transaction tx,
            Queue queue,
            String id,
            List<Reception.Received> received,
            long nowMillis) {
        if (received.isEmpty()) {
            return;
        }
        long end = nowMillis + SqsLimits.RECEIVE_ATTEMPT.toMillis();
        List<Handed> messages =
                received.stream()
                        .map(one -> new Handed(one.position(), one.state().receiveCount()))
                        .toList();
        put(tx, queue, id, new Attempt(end, received.getFirst().state().dueMillis(), messages));
        tx.put(SqsKeys.attemptEnd(queue.number(), end, id), Bytes.EMPTY);
    }

    /// Removes at most `countMax` attempts of which the five minutes are over.
    ///
    /// @return how many there were
    static int forget(Transaction tx, Queue queue, long nowMillis, int countMax) {
        long number = queue.number();
        int count = 0;
        try (Cursor cursor =
                tx.range(
                        SqsKeys.attemptEnds(number, 0),
                        SqsKeys.attemptEnds(number, nowMillis + 1),
                        Snapshot.Direction.FORWARD)) {
            while (count < countMax && cursor.next()) {
                count++;
                tx.delete(cursor.key());
                KeyReader key = SqsKeys.reader(cursor.key());
                long end = key.uint64();
                byte[] name = SqsKeys.attempt(number, key.string());
                byte[] value = tx.get(name);
                if (value != null && Attempt.decode(value).endMillis() == end) {
                    tx.delete(name);
                }
            }
        }
        return count;
    }

    /// When the first of the remaining attempts ends; of those that are yet to begin none does
    /// earlier than in five minutes.
    static long firstEnd(Snapshot tx, Queue queue, long nowMillis) {
        byte[] from = SqsKeys.attemptEnds(queue.number(), nowMillis);
        byte[] to = SqsKeys.attemptEnds(queue.number(), Long.MAX_VALUE);
        try (Cursor cursor = tx.range(from, to, Snapshot.Direction.FORWARD)) {
            return cursor.next()
                    ? SqsKeys.reader(cursor.key()).uint64()
                    : nowMillis + SqsLimits.RECEIVE_ATTEMPT.toMillis();
        }
    }

    private static void put(Transaction tx, Queue queue, String id, Attempt attempt) {
        tx.put(SqsKeys.attempt(queue.number(), id), attempt.encode());
    }
}

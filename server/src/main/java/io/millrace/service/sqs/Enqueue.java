package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Puts a message into a queue: what every way of sending has in common. Thread-safe.
final class Enqueue {

    static final byte DELAYED = 0;
    static final byte IN_FLIGHT = 1;

    /// What was accepted, now or, when deduplication found it, before.
    ///
    /// @param earlierSequenceNumber of what an earlier transaction sent; else the position is this
    ///   transaction's commit sequence number and the ordinal
    record Sent(String messageId, int ordinal, @Nullable String earlierSequenceNumber) {

        String sequenceNumber(long commit) {
            return earlierSequenceNumber == null
                    ? new Position(commit, ordinal).sequenceNumber()
                    : earlierSequenceNumber;
        }
    }

    private final Ordinals ordinals;
    private final Waiters waiters;

    Enqueue(Ordinals ordinals, Waiters waiters) {
        this.ordinals = ordinals;
        this.waiters = waiters;
    }

    /// Adds a message, unless a FIFO queue has had its deduplication id.
    Sent send(
            Transaction tx, Queue queue, StoredMessage message, int delaySeconds, long nowMillis) {
        String deduplicationId = message.deduplicationId();
        if (!queue.fifo() || deduplicationId == null) {
            return handOverOrAdd(tx, queue, message, delaySeconds, nowMillis);
        }
        String group = group(message);
        Sent earlier = Deduplication.find(tx, queue, group, deduplicationId, nowMillis);
        if (earlier != null) {
            return earlier;
        }
        Sent sent = handOverOrAdd(tx, queue, message, delaySeconds, nowMillis);
        Deduplication.remember(
                tx, queue, group, deduplicationId, sent.messageId(), sent.ordinal(), nowMillis);
        return sent;
    }

    /// Adds a message that another queue gives up.
    void move(Transaction tx, Queue queue, StoredMessage message, long nowMillis) {
        Sent sent = add(tx, queue, message, 0, nowMillis, null);
        if (message.sentMillis() < nowMillis) {
            KeyWriter aged = SqsKeys.newAged(queue.number(), message.sentMillis(), sent.ordinal());
            put(tx, aged, Bytes.EMPTY);
        }
    }

    /// Adds a message that a dead-letter queue gives back: a new one, as its sender would send it,
    /// but whatever ids a FIFO queue has had.
    void redrive(Transaction tx, Queue queue, StoredMessage message, long nowMillis) {
        add(tx, queue, message, queue.delaySeconds(), nowMillis, null);
    }

    private Sent handOverOrAdd(
            Transaction tx, Queue queue, StoredMessage message, int delaySeconds, long nowMillis) {
        Waiters.HandOver handOver =
                delaySeconds > 0
                        ? null
                        : queue.fifo()
                                ? waiters.claim(tx, queue, group(message))
                                : waiters.claim(tx, queue);
        return add(tx, queue, message, delaySeconds, nowMillis, handOver);
    }

    /// @param handOver to the poll that gets it at once; null when it waits
    private Sent add(
            Transaction tx,
            Queue queue,
            StoredMessage message,
            int delaySeconds,
            long nowMillis,
            Waiters.@Nullable HandOver handOver) {
        long number = queue.number();
        int ordinal = ordinals.next();
        KeyWriter key = SqsKeys.newMessage(number, ordinal);
        put(tx, key, message.encode());
        if (message.body() instanceof StoredBody.Shared shared) {
            shared.payload().heldBy(key);
        }
        Tally tally = new Tally().total(1);
        if (handOver != null) {
            handOver(tx, queue, message, ordinal, nowMillis, handOver);
            tally.inFlight(1);
        } else if (queue.fifo()) {
            Groups.add(tx, queue, group(message), ordinal, message.sentMillis(), nowMillis);
        } else if (delaySeconds > 0) {
            long due = Floor.clamp(tx, number, nowMillis + delaySeconds * 1000L);
            put(tx, SqsKeys.newState(number, ordinal), MessageState.delayed(due).encode());
            put(tx, SqsKeys.newDue(number, due, ordinal), due(DELAYED, message.groupId()));
            tally.delayed(1);
        } else {
            list(tx, number, message.groupId(), ordinal);
        }
        tally.write(tx, number);
        return new Sent(message.messageId(), ordinal, null);
    }

    private static void handOver(
            Transaction tx,
            Queue queue,
            StoredMessage message,
            int ordinal,
            long nowMillis,
            Waiters.HandOver handOver) {
        long due = handOver.dueMillis(tx, queue, nowMillis);
        String group = queue.fifo() ? group(message) : message.groupId();
        MessageState state = MessageState.delayed(0).received(nowMillis, due, group);
        put(tx, SqsKeys.newState(queue.number(), ordinal), state.encode());
        if (queue.fifo()) {
            Groups.addHandedOver(tx, queue, group(message), ordinal, message.sentMillis(), due);
        } else {
            put(tx, SqsKeys.newDue(queue.number(), due, ordinal), due(IN_FLIGHT, group));
        }
        handOver.add(ordinal, message, state);
    }

    /// Lists a message of a standard queue as ready: in the lane of its group, if it has one.
    private static void list(Transaction tx, long queue, @Nullable String group, int ordinal) {
        if (group == null) {
            put(tx, SqsKeys.newReady(queue, ordinal), Bytes.EMPTY);
            return;
        }
        put(tx, SqsKeys.newGroupMessage(queue, group, ordinal), Bytes.EMPTY);
        byte[] lane = SqsKeys.group(queue, group);
        if (tx.get(lane) == null) {
            tx.put(lane, Bytes.EMPTY);
            put(tx, SqsKeys.newReady(queue, ordinal), group.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// What stands under a due key of a standard queue.
    static byte[] due(byte status, @Nullable String group) {
        byte[] name = group == null ? Bytes.EMPTY : group.getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[1 + name.length];
        value[0] = status;
        System.arraycopy(name, 0, value, 1, name.length);
        return value;
    }

    static void put(Transaction tx, KeyWriter key, byte[] value) {
        tx.putStamped(key.toBytes(), key.stampOffset(), value, Transaction.NO_STAMP);
    }

    /// A message that came to a FIFO queue has a group.
    static String group(StoredMessage message) {
        String group = message.groupId();
        return group == null ? "" : group;
    }
}

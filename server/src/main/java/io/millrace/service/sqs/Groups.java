package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// The message groups of FIFO queues: in which list a group stands, and when it may be received
/// from.
///
/// A receive takes the first messages of a group, up to one that is in flight, so that those in
/// flight are always among its first few. The first decides where the group stands: when it is
/// visible again the group can be received from, though others behind it may still be in flight.
final class Groups {

    /// What the first message of a group says.
    ///
    /// @param dueMillis when it becomes visible, if it was received, which may be past; else 0
    private record Front(@Nullable Position head, long sentMillis, long dueMillis) {}

    private Groups() {}

    /// Whether no message of the group is in the queue, nor comes into it by this transaction.
    static boolean isEmpty(Snapshot tx, Queue queue, String group) {
        return tx.get(SqsKeys.group(queue.number(), group)) == null;
    }

    /// Adds the message that this transaction puts at `ordinal`.
    static void add(
            Transaction tx, Queue queue, String group, int ordinal, long sentMillis, long now) {
        put(tx, queue, group, ordinal, sentMillis);
        if (isEmpty(tx, queue, group)) {
            beginUnreceived(tx, queue, group, ordinal, sentMillis, now);
        }
    }

    /// Adds the message that this transaction puts at `ordinal` and hands over. It is the first of
    /// its group, or all before it are handed over by this transaction with the same `dueMillis`.
    static void addHandedOver(
            Transaction tx,
            Queue queue,
            String group,
            int ordinal,
            long sentMillis,
            long dueMillis) {
        put(tx, queue, group, ordinal, sentMillis);
        if (isEmpty(tx, queue, group)) {
            begin(tx, queue, group, ordinal, dueMillis);
        }
    }

    private static void put(
            Transaction tx, Queue queue, String group, int ordinal, long sentMillis) {
        byte[] sent = new byte[Long.BYTES];
        Bytes.writeLong(sent, 0, sentMillis);
        Enqueue.put(tx, SqsKeys.newGroupMessage(queue.number(), group, ordinal), sent);
    }

    private static void beginUnreceived(
            Transaction tx, Queue queue, String group, int ordinal, long sentMillis, long now) {
        long due = visibleMillis(queue, sentMillis);
        begin(tx, queue, group, ordinal, due > now ? Floor.clamp(tx, queue.number(), due) : 0);
    }

    /// The head is what the transaction has seen, which is before all that it adds, and behind what
    /// the group had and lost before.
    private static void begin(Transaction tx, Queue queue, String group, int ordinal, long due) {
        GroupState state = new GroupState(due, new Position(tx.version(), 0));
        tx.put(SqsKeys.group(queue.number(), group), state.encode());
        list(tx, queue, group, ordinal, due);
    }

    /// When the delay of a FIFO queue, which is that of the whole queue, lets a message go.
    static long visibleMillis(Queue queue, long sentMillis) {
        return sentMillis + queue.delaySeconds() * 1000L;
    }

    /// Moves a group, if there is one, to where its first messages now say that it belongs.
    static void settle(Transaction tx, Queue queue, String group, int ordinal, long now) {
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(queue.number(), group)));
        if (state != null) {
            settle(tx, queue, group, state, state.dueMillis(), ordinal, now);
        }
    }

    /// Moves a group to where its first messages now say that it belongs.
    ///
    /// @param listedDueMillis where it is listed: due at that time; 0 ready; -1 nowhere any more
    static void settle(
            Transaction tx,
            Queue queue,
            String group,
            GroupState state,
            long listedDueMillis,
            int ordinal,
            long now) {
        long number = queue.number();
        Front front = front(tx, queue, group, state.head());
        Position head = front.head();
        if (head == null) {
            unlist(tx, queue, group, listedDueMillis);
            tx.delete(SqsKeys.group(number, group));
            beginWithAdded(tx, queue, group, ordinal, now);
            return;
        }
        long due = front.dueMillis();
        if (due == 0) {
            long visible = visibleMillis(queue, front.sentMillis());
            due = visible > now ? visible : 0;
        }
        if (due != 0) {
            due = Floor.clamp(tx, number, due);
        }
        if (due != listedDueMillis) {
            unlist(tx, queue, group, listedDueMillis);
            list(tx, queue, group, ordinal, due);
        }
        GroupState settled = new GroupState(due, head);
        if (!settled.equals(state)) {
            tx.put(SqsKeys.group(number, group), settled.encode());
        }
    }

    /// Begins a group anew that has lost what it had to a transaction which adds to it: what that
    /// adds has no keys yet, and so is not among the messages that the group can be seen to have.
    /// None of it is handed over, since the group was not empty then.
    private static void beginWithAdded(
            Transaction tx, Queue queue, String group, int ordinal, long now) {
        byte[] sent = tx.firstStamped(SqsKeys.groupMessages(queue.number(), group));
        if (sent != null) {
            beginUnreceived(tx, queue, group, ordinal, Bytes.readLong(sent, 0), now);
        }
    }

    private static Front front(Transaction tx, Queue queue, String group, Position from) {
        long number = queue.number();
        try (Cursor cursor = from(tx, number, group, from)) {
            if (!cursor.next()) {
                return new Front(null, 0, 0);
            }
            Position head = position(cursor.key());
            byte[] state = tx.get(SqsKeys.state(number, head));
            return new Front(
                    head,
                    Bytes.readLong(cursor.value(), 0),
                    state == null ? 0 : MessageState.decode(state).dueMillis());
        }
    }

    /// Until when messages before `position` keep it from being received; 0 when none does.
    static long blockedMillis(
            Snapshot tx, long queue, String group, Position position, long nowMillis) {
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(queue, group)));
        if (state == null || state.dueMillis() > nowMillis) {
            return state == null ? 0 : state.dueMillis();
        }
        int count = 0;
        try (Cursor cursor = from(tx, queue, group, state.head())) {
            while (count < SqsLimits.RECEIVE_MESSAGES_MAX && cursor.next()) {
                count++;
                Position each = position(cursor.key());
                byte[] bytes = tx.get(SqsKeys.state(queue, each));
                if (each.equals(position)) {
                    return 0;
                }
                if (bytes != null && MessageState.decode(bytes).dueMillis() > nowMillis) {
                    return MessageState.decode(bytes).dueMillis();
                }
            }
        }
        return 0;
    }

    /// The messages of a group in their order.
    static Cursor from(Snapshot tx, long queue, String group, Position from) {
        return tx.range(
                SqsKeys.groupMessage(queue, group, from),
                Bytes.prefixEnd(SqsKeys.groupMessages(queue, group)),
                Snapshot.Direction.FORWARD);
    }

    static Position position(byte[] groupMessageKey) {
        return new Position(
                Bytes.readLong(groupMessageKey, groupMessageKey.length - 12),
                (int) Bytes.readLong(groupMessageKey, groupMessageKey.length - 8));
    }

    private static void list(Transaction tx, Queue queue, String group, int ordinal, long due) {
        if (due == 0) {
            KeyWriter ready = SqsKeys.newReady(queue.number(), ordinal);
            Enqueue.put(tx, ready, group.getBytes(StandardCharsets.UTF_8));
        } else {
            tx.put(SqsKeys.groupDue(queue.number(), due, group), Bytes.EMPTY);
        }
    }

    /// A ready entry is left behind: whoever meets it sees that it is stale.
    private static void unlist(Transaction tx, Queue queue, String group, long dueMillis) {
        if (dueMillis > 0) {
            tx.delete(SqsKeys.groupDue(queue.number(), dueMillis, group));
        }
    }
}

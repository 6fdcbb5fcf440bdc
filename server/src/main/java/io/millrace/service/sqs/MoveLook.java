package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Messages of a dead-letter queue that a move task looks at next. They are read before the
/// transaction that moves some of them, which finds them by their positions: a message never
/// changes, and none comes to stand among those that were there when the task began.
///
/// @param from where it begins
/// @param next where the next look begins
/// @param last whether there is nothing behind
record MoveLook(Position from, List<Entry> entries, Position next, boolean last) {

    /// A message and its place.
    record Entry(Position position, StoredMessage message) {}

    /// @param lastStamp messages that were sent by later commits are left out
    static MoveLook read(Snapshot tx, long queue, Position from, long lastStamp, int countMax) {
        List<Entry> entries = new ArrayList<>();
        Position next = from;
        long bytes = 0;
        try (Cursor cursor =
                tx.range(
                        SqsKeys.message(queue, from),
                        Bytes.prefixEnd(SqsKeys.messages(queue)),
                        Snapshot.Direction.FORWARD)) {
            while (entries.size() < countMax && bytes < SqsLimits.MOVE_PAGE_BYTES) {
                if (!cursor.next()) {
                    return new MoveLook(from, entries, next, true);
                }
                Position position = SqsKeys.position(SqsKeys.reader(cursor.key()));
                if (position.stamp() > lastStamp) {
                    return new MoveLook(from, entries, next, true);
                }
                byte[] value = cursor.value();
                StoredMessage message = StoredMessage.decode(tx, position, value);
                bytes += value.length + message.body().sharedBytes();
                entries.add(new Entry(position, message));
                next = position.next();
            }
        }
        return new MoveLook(from, entries, next, false);
    }

    MoveLook filtered(Predicate<StoredMessage> wanted) {
        List<Entry> some = entries.stream().filter(entry -> wanted.test(entry.message())).toList();
        return new MoveLook(from, some, next, last);
    }

    /// Whether the message is there, and neither in flight, delayed, too old, nor behind one of its
    /// group that is in flight.
    static boolean isFree(Snapshot tx, Queue queue, Entry entry, long nowMillis) {
        long number = queue.number();
        StoredMessage message = entry.message();
        if (tx.get(SqsKeys.message(number, entry.position())) == null
                || message.sentMillis() + queue.retentionMillis() <= nowMillis) {
            return false;
        }
        byte[] state = tx.get(SqsKeys.state(number, entry.position()));
        if (state != null && MessageState.decode(state).dueMillis() > nowMillis) {
            return false;
        }
        if (!queue.fifo()) {
            return true;
        }
        String group = Enqueue.group(message);
        return Groups.visibleMillis(queue, message.sentMillis()) <= nowMillis
                && Groups.blockedMillis(tx, number, group, entry.position(), nowMillis) == 0;
    }
}

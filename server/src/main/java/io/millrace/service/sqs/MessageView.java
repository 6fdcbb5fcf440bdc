package io.millrace.service.sqs;

import io.millrace.engine.Snapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A message as an onlooker sees it, who changes nothing.
///
/// @param state null before its first receive, where it was not delayed on its own
/// @param untilMillis when it becomes visible; 0 when it is
record MessageView(
        Position position,
        StoredMessage message,
        @Nullable MessageState state,
        Status status,
        long untilMillis) {

    /// Where a message is.
    enum Status {
        VISIBLE,
        DELAYED,
        IN_FLIGHT,
        /// Behind a message of its group that is in flight, or delayed.
        BLOCKED
    }

    /// A part of a queue.
    ///
    /// @param next where the next part begins; null at the end
    record Part(List<MessageView> messages, @Nullable Position next) {}

    /// Looks at no more than `countMax` messages, in the order in which they came. What is too old
    /// is not shown.
    static Part read(Snapshot tx, Queue queue, Position from, int countMax, long nowMillis) {
        MoveLook look = MoveLook.read(tx, queue.number(), from, Long.MAX_VALUE, countMax);
        List<MessageView> messages = new ArrayList<>();
        for (MoveLook.Entry entry : look.entries()) {
            if (entry.message().sentMillis() + queue.retentionMillis() > nowMillis) {
                messages.add(of(tx, queue, entry, nowMillis));
            }
        }
        return new Part(messages, look.last() ? null : look.next());
    }

    private static MessageView of(Snapshot tx, Queue queue, MoveLook.Entry entry, long nowMillis) {
        StoredMessage message = entry.message();
        byte[] bytes = tx.get(SqsKeys.state(queue.number(), entry.position()));
        MessageState state = bytes == null ? null : MessageState.decode(bytes);
        Status status = Status.VISIBLE;
        long until = 0;
        if (state != null && state.dueMillis() > nowMillis) {
            status = state.receiveCount() == 0 ? Status.DELAYED : Status.IN_FLIGHT;
            until = state.dueMillis();
        } else if (queue.fifo()) {
            long visible = Groups.visibleMillis(queue, message.sentMillis());
            long blocked =
                    Groups.blockedMillis(
                            tx,
                            queue.number(),
                            Enqueue.group(message),
                            entry.position(),
                            nowMillis);
            if (state == null && visible > nowMillis) {
                status = Status.DELAYED;
                until = visible;
            } else if (blocked > nowMillis) {
                status = Status.BLOCKED;
                until = blocked;
            }
        }
        return new MessageView(entry.position(), message, state, status, until);
    }

    /// As a receive would hand it out, without being one.
    Reception.Received received() {
        MessageState seen = state == null ? MessageState.delayed(0) : state;
        return new Reception.Received(position, message, seen);
    }
}

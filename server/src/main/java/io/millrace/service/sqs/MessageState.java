package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Where a message is that has left the ready list: delayed, or received and not deleted. A message
/// of which `dueMillis` has passed is visible.
///
/// @param dueMillis when it becomes visible, which is also part of its key in the due list
/// @param receiveCount 0 while delayed
/// @param firstReceivedMillis 0 while delayed
/// @param receivedMillis the last time
/// @param group of the message; in a standard queue null when it has none, or while delayed
record MessageState(
        long dueMillis,
        int receiveCount,
        long firstReceivedMillis,
        long receivedMillis,
        @Nullable String group) {

    private static final int FIXED_BYTES = 3 * Long.BYTES + Integer.BYTES;

    static MessageState delayed(long dueMillis) {
        return new MessageState(dueMillis, 0, 0, 0, null);
    }

    static MessageState decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long due = in.getLong();
        int count = in.getInt();
        long first = in.getLong();
        long last = in.getLong();
        String group =
                bytes.length == FIXED_BYTES
                        ? null
                        : new String(
                                bytes,
                                FIXED_BYTES,
                                bytes.length - FIXED_BYTES,
                                StandardCharsets.UTF_8);
        return new MessageState(due, count, first, last, group);
    }

    byte[] encode() {
        byte[] tail = group == null ? new byte[0] : group.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED_BYTES + tail.length)
                .putLong(dueMillis)
                .putInt(receiveCount)
                .putLong(firstReceivedMillis)
                .putLong(receivedMillis)
                .put(tail)
                .array();
    }

    MessageState received(long nowMillis, long newDueMillis, @Nullable String newGroup) {
        return new MessageState(
                newDueMillis,
                receiveCount + 1,
                receiveCount == 0 ? nowMillis : firstReceivedMillis,
                nowMillis,
                newGroup);
    }

    /// The same receipt, from now on.
    MessageState renewed(long nowMillis, long newDueMillis) {
        return new MessageState(newDueMillis, receiveCount, firstReceivedMillis, nowMillis, group);
    }

    MessageState withDue(long newDueMillis) {
        return new MessageState(
                newDueMillis, receiveCount, firstReceivedMillis, receivedMillis, group);
    }
}

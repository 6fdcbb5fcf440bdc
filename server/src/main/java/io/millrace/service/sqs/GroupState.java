package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// In which list a message group of a FIFO queue is, and where its messages begin.
///
/// @param dueMillis its place in the due list; 0: it is in the ready list
/// @param head no message of the group stands before this position
record GroupState(long dueMillis, Position head) {

    static @Nullable GroupState decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new GroupState(in.getLong(), new Position(in.getLong(), in.getInt()));
    }

    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(dueMillis)
                .putLong(head.stamp())
                .putInt(head.ordinal())
                .array();
    }
}

package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

/// An entry of one of a queue's lists that a receive may find still there.
///
/// @param dueMillis 0 for an entry that is not due at a time: of the ready list or of a lane
/// @param lane of an entry of a lane; also of the ready entry that opened the lane, which stands
///   for its end: whoever takes that closes the lane, if it is empty
record Candidate(byte[] key, byte[] value, long dueMillis, Lanes.@Nullable Lane lane) {

    Candidate(byte[] key, byte[] value, long dueMillis) {
        this(key, value, dueMillis, null);
    }

    /// Whether it stands for the end of a lane instead of a message.
    boolean isEnd() {
        return lane != null && value.length > 0;
    }
}

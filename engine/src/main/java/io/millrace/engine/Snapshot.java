package io.millrace.engine;

import org.jspecify.annotations.Nullable;

/// One consistent view of the store. Valid only inside the body it was given to, and only on that
/// body's thread.
public interface Snapshot {

    /// Which way a range is read.
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /// The value at `key`, or null when there is none. The array is the caller's.
    byte @Nullable [] get(byte[] key);

    /// The entries with `from <= key < to`, in key order or in reverse. The cursor must be closed.
    /// In a transaction, only the part that was really read counts for conflicts.
    Cursor range(byte[] from, byte[] to, Direction direction);

    /// The forward range of all keys that begin with `prefix`.
    default Cursor prefix(byte[] prefix) {
        return range(prefix, Bytes.prefixEnd(prefix), Direction.FORWARD);
    }

    /// The commit sequence number of the newest commit that is visible here.
    long version();
}

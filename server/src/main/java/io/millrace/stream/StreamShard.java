package io.millrace.stream;

import org.jspecify.annotations.Nullable;

/// A shard of a table's stream: the records of the items whose partition keys' hashes are in its
/// range, for a period. It is closed when its children are opened, in one transaction, so every
/// record of a child is later than every record of its parent.
///
/// @param shard its number in the stream, from 0, in the order of opening
/// @param parent the shard that it followed, which may be gone, or null
/// @param fromHash where its range of hashes begins
/// @param toHash where its range ends, which does not count itself
/// @param closedMillis when it was closed, or null
public record StreamShard(
        int shard,
        @Nullable Parent parent,
        int fromHash,
        int toHash,
        long openedMillis,
        @Nullable Long closedMillis) {

    /// As much of a parent as its id needs.
    public record Parent(int shard, long openedMillis) {}

    /// Hashes are below this.
    public static final int HASHES = 1 << 16;

    /// The only shard of a stream that begins.
    static StreamShard first(long openedMillis) {
        return new StreamShard(0, null, 0, HASHES, openedMillis, null);
    }

    public boolean open() {
        return closedMillis == null;
    }

    /// Whether it was closed so long ago that it counts as gone.
    boolean isGone(long oldestMillis) {
        return closedMillis != null && closedMillis < oldestMillis;
    }

    StreamShard closed(long atMillis) {
        return new StreamShard(shard, parent, fromHash, toHash, openedMillis, atMillis);
    }
}

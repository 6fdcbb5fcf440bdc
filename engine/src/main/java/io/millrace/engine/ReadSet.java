package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a transaction has read so far: keys, and the parts of ranges that its cursors really
/// passed.
final class ReadSet {

    /// The part of a range that one cursor has passed; grows with the cursor.
    static final class Range {
        private final byte[] from;
        private final byte[] to;
        private final Snapshot.Direction direction;
        private byte @Nullable [] position;
        private boolean whole;

        private Range(byte[] from, byte[] to, Snapshot.Direction direction) {
            this.from = from;
            this.to = to;
            this.direction = direction;
        }

        void passed(byte[] key) {
            position = key;
        }

        void passedAll() {
            whole = true;
        }

        boolean isEmpty() {
            return !whole && position == null;
        }

        /// The first key that may be inside.
        byte[] start() {
            byte[] last = position;
            boolean passedFromBehind = !whole && direction == Snapshot.Direction.BACKWARD;
            return (passedFromBehind && last != null) ? last : from;
        }

        boolean isBeforeEnd(byte[] key) {
            byte[] last = position;
            boolean passedFromFront = !whole && direction == Snapshot.Direction.FORWARD;
            return (passedFromFront && last != null)
                    ? Arrays.compareUnsigned(key, last) <= 0
                    : Arrays.compareUnsigned(key, to) < 0;
        }
    }

    private static final int OVERHEAD_BYTES = 16;

    final List<byte[]> points = new ArrayList<>(4);
    final List<Range> ranges = new ArrayList<>(0);
    private long mask;
    private long bytes;

    void point(byte[] key) {
        bytes += key.length + OVERHEAD_BYTES;
        StoreLimits.checkTransaction(bytes);
        points.add(key);
        mask |= bit(key);
    }

    Range range(byte[] from, byte[] to, Snapshot.Direction direction) {
        bytes += from.length + to.length + OVERHEAD_BYTES;
        StoreLimits.checkTransaction(bytes);
        Range range = new Range(from, to, direction);
        ranges.add(range);
        return range;
    }

    boolean isEmpty() {
        return points.isEmpty() && ranges.isEmpty();
    }

    /// One bit per key, together: sets without a common bit have no common key.
    long mask() {
        return mask;
    }

    static long bit(byte[] key) {
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        return 1L << (hash >>> 26);
    }
}

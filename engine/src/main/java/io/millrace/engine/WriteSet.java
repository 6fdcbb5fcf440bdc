package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a transaction has written so far.
///
/// `points` holds the last word on each key that is known. `sequence` holds, in the order they were
/// made, deleted ranges and entries whose key is known only at commit. A deleted range takes the
/// points inside it away, so at commit the sequence is applied first and the points after it.
@SuppressWarnings("ArrayRecordComponent") // carriers of bytes, compared by nobody
final class WriteSet {

    sealed interface Write {
        record Put(byte[] value) implements Write {}

        /// The value of a counter, which was deleted in the same transaction.
        record Count(long value) implements Write {}

        record Delete() implements Write {}

        record Add(long delta) implements Write {}

        /// A value that will contain the stamp, at a key that does not.
        record StampedValue(byte[] value, int stampOffset) implements Write {}
    }

    sealed interface Step {
        record DeletedRange(byte[] from, byte[] to) implements Step {
            boolean contains(byte[] key) {
                return Arrays.compareUnsigned(from, key) <= 0
                        && Arrays.compareUnsigned(key, to) < 0;
            }
        }

        record StampedKey(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset)
                implements Step {}
    }

    private static final int OVERHEAD_BYTES = 16;
    private static final Write DELETE = new Write.Delete();

    final TreeMap<byte[], Write> points = new TreeMap<>(Arrays::compareUnsigned);
    final List<Step> sequence = new ArrayList<>(0);
    private long bytes;

    boolean isEmpty() {
        return points.isEmpty() && sequence.isEmpty();
    }

    void put(byte[] key, byte[] value) {
        account(key, value);
        points.put(key, new Write.Put(value));
    }

    void delete(byte[] key) {
        account(key, Bytes.EMPTY);
        points.put(key, DELETE);
    }

    void deleteRange(byte[] from, byte[] to) {
        account(from, Bytes.EMPTY);
        account(to, Bytes.EMPTY);
        if (Arrays.compareUnsigned(from, to) < 0) {
            points.subMap(from, to).clear();
            sequence.add(new Step.DeletedRange(from, to));
        }
    }

    void add(byte[] key, long delta) {
        account(key, Bytes.EMPTY);
        Write earlier = points.get(key);
        Write write =
                switch (earlier) {
                    case null -> new Write.Add(delta);
                    case Write.Add(long sum) -> new Write.Add(sum + delta);
                    case Write.Delete() -> new Write.Count(delta);
                    case Write.Count(long value) -> new Write.Count(value + delta);
                    case Write.Put(byte[] value) -> new Write.Count(Bytes.counter(value) + delta);
                    case Write.StampedValue _ ->
                            throw new IllegalArgumentException("add to a stamped value");
                };
        points.put(key, write);
    }

    void putStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset) {
        if (keyStampOffset == Transaction.NO_STAMP && valueStampOffset == Transaction.NO_STAMP) {
            throw new IllegalArgumentException("neither key nor value has a stamp");
        }
        checkStamp(key, keyStampOffset);
        checkStamp(value, valueStampOffset);
        account(key, value);
        if (keyStampOffset == Transaction.NO_STAMP) {
            points.put(key, new Write.StampedValue(value, valueStampOffset));
        } else {
            sequence.add(new Step.StampedKey(key, keyStampOffset, value, valueStampOffset));
        }
    }

    byte @Nullable [] firstStamped(byte[] prefix) {
        for (Step step : sequence) {
            if (step instanceof Step.StampedKey stamped
                    && Bytes.startsWith(stamped.key(), prefix)) {
                return stamped.value();
            }
        }
        return null;
    }

    boolean rangeDeleted(byte[] key) {
        for (Step step : sequence) {
            if (step instanceof Step.DeletedRange range && range.contains(key)) {
                return true;
            }
        }
        return false;
    }

    /// The first write in `from <= key < to` behind `position`, or from the start when that is
    /// null.
    Map.@Nullable Entry<byte[], Write> next(
            byte[] from, byte[] to, byte @Nullable [] position, Snapshot.Direction direction) {
        if (points.isEmpty()) {
            return null;
        }
        return switch (direction) {
            case FORWARD -> {
                Map.Entry<byte[], Write> entry =
                        position == null ? points.ceilingEntry(from) : points.higherEntry(position);
                yield (entry != null && Arrays.compareUnsigned(entry.getKey(), to) < 0)
                        ? entry
                        : null;
            }
            case BACKWARD -> {
                Map.Entry<byte[], Write> entry =
                        points.lowerEntry(position == null ? to : position);
                yield (entry != null && Arrays.compareUnsigned(entry.getKey(), from) >= 0)
                        ? entry
                        : null;
            }
        };
    }

    private void account(byte[] key, byte[] value) {
        StoreLimits.checkKey(key);
        StoreLimits.checkValue(value);
        bytes += key.length + value.length + OVERHEAD_BYTES;
        StoreLimits.checkTransaction(bytes);
    }

    private static void checkStamp(byte[] bytes, int offset) {
        if (offset != Transaction.NO_STAMP && (offset < 0 || offset > bytes.length - Long.BYTES)) {
            throw new IllegalArgumentException(
                    "no room for a stamp at " + offset + " of " + bytes.length + " bytes");
        }
    }
}

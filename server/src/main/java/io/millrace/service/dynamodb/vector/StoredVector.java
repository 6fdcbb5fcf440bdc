package io.millrace.service.dynamodb.vector;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemCodec;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// An entry of a vector index as bytes: what a search looks at comes first, and is read without
/// decoding the rest.
///
/// Layout: a version byte; the entry's size as the API counts it, four bytes; where the vector
/// begins, four bytes; the vector's product with itself, eight bytes; for each inline filter the
/// length of its value, four bytes, and the value as a key part (a length of -1 when the item lacks
/// it); the vector, four bytes a number, little endian; the other projected attributes as an item.
public final class StoredVector {
    private static final byte VERSION = 1;
    private static final int SIZE_OFFSET = 1;
    private static final int VECTOR_OFFSET = SIZE_OFFSET + Integer.BYTES;
    private static final int SQUARED_OFFSET = VECTOR_OFFSET + Integer.BYTES;
    private static final int FILTERS_OFFSET = SQUARED_OFFSET + Double.BYTES;
    private static final int MISSING = -1;

    private StoredVector() {}

    /// The entry.
    ///
    /// @param filters the values of the inline filters as key parts, in the order of the index;
    ///   null for what the item lacks
    /// @param attributes the projected attributes but for the vector
    public static byte[] encode(
            int sizeBytes,
            List<byte @Nullable []> filters,
            float[] vector,
            Map<String, AttributeValue> attributes) {
        byte[] item = ItemCodec.encode(attributes);
        int vectorOffset = FILTERS_OFFSET;
        for (byte[] filter : filters) {
            vectorOffset += Integer.BYTES + (filter == null ? 0 : filter.length);
        }
        ByteBuffer entry =
                ByteBuffer.allocate(vectorOffset + vector.length * Float.BYTES + item.length);
        entry.put(VERSION)
                .putInt(sizeBytes)
                .putInt(vectorOffset)
                .putDouble(DistanceFunction.dot(vector, vector));
        for (byte[] filter : filters) {
            if (filter == null) {
                entry.putInt(MISSING);
            } else {
                entry.putInt(filter.length).put(filter);
            }
        }
        entry.order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            entry.putFloat(number);
        }
        return entry.put(item).array();
    }

    public static int sizeBytes(byte[] entry) {
        return buffer(entry).getInt(SIZE_OFFSET);
    }

    /// The product of the vector with itself.
    static double squared(byte[] entry) {
        return buffer(entry).getDouble(SQUARED_OFFSET);
    }

    /// Whether the entry's inline filters have those values.
    ///
    /// @param wanted in the order of the index; null for what may have any value, or none
    public static boolean matches(byte[] entry, List<byte @Nullable []> wanted) {
        ByteBuffer buffer = buffer(entry);
        int offset = FILTERS_OFFSET;
        for (byte[] value : wanted) {
            int length = buffer.getInt(offset);
            offset += Integer.BYTES;
            int end = offset + Math.max(0, length);
            if (value != null
                    && (length != value.length
                            || !Arrays.equals(entry, offset, end, value, 0, length))) {
                return false;
            }
            offset = end;
        }
        return true;
    }

    /// Reads the vector into an array of its length.
    public static void vector(byte[] entry, float[] into) {
        ByteBuffer buffer = buffer(entry);
        int offset = buffer.getInt(VECTOR_OFFSET);
        buffer.order(ByteOrder.LITTLE_ENDIAN).position(offset).asFloatBuffer().get(into);
    }

    /// The projected attributes but for the vector, in a map that the caller may change.
    public static Map<String, AttributeValue> attributes(byte[] entry, int dimensions) {
        int offset = buffer(entry).getInt(VECTOR_OFFSET) + dimensions * Float.BYTES;
        return ItemCodec.decode(Arrays.copyOfRange(entry, offset, entry.length));
    }

    private static ByteBuffer buffer(byte[] entry) {
        if (entry[0] != VERSION) {
            throw new IllegalStateException("a vector entry of version " + entry[0]);
        }
        return ByteBuffer.wrap(entry);
    }
}

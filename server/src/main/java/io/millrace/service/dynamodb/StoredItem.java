package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemCodec;
import io.millrace.service.dynamodb.item.ItemSize;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/// An item as it stands in the store and in stream images: its size as the API counts it, four
/// bytes, then its attributes. Decoded when asked, once. Not thread-safe.
final class StoredItem {
    private static final int HEADER_BYTES = Integer.BYTES;

    private final byte[] value;
    private @Nullable Map<String, AttributeValue> attributes;

    private StoredItem(byte[] value, @Nullable Map<String, AttributeValue> attributes) {
        this.value = value;
        this.attributes = attributes;
    }

    static StoredItem of(Map<String, AttributeValue> attributes) {
        return of(attributes, ItemSize.bytes(attributes));
    }

    static StoredItem of(Map<String, AttributeValue> attributes, int sizeBytes) {
        byte[] encoded = ItemCodec.encode(attributes);
        ByteBuffer value = ByteBuffer.allocate(HEADER_BYTES + encoded.length);
        return new StoredItem(value.putInt(sizeBytes).put(encoded).array(), attributes);
    }

    static StoredItem read(byte[] value) {
        return new StoredItem(value, null);
    }

    static @Nullable StoredItem readOrNull(byte @Nullable [] value) {
        return value == null ? null : read(value);
    }

    byte[] value() {
        return value;
    }

    int sizeBytes() {
        return ByteBuffer.wrap(value).getInt();
    }

    /// Not to be changed.
    Map<String, AttributeValue> attributes() {
        Map<String, AttributeValue> decoded = attributes;
        if (decoded == null) {
            decoded = ItemCodec.decode(Arrays.copyOfRange(value, HEADER_BYTES, value.length));
            attributes = decoded;
        }
        return decoded;
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonBytes;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemCodec;
import io.millrace.service.dynamodb.item.ItemJson;
import io.millrace.service.dynamodb.item.ItemSize;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
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
        byte[] value = ItemCodec.encode(attributes, HEADER_BYTES, expectedBytes(sizeBytes));
        ByteBuffer.wrap(value).putInt(sizeBytes);
        return new StoredItem(value, attributes);
    }

    /// Lengths and tags take less than an eighth of most items.
    private static int expectedBytes(int sizeBytes) {
        return sizeBytes + sizeBytes / 8 + 32;
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

    /// The attributes for an answer, which is written straight from the bytes.
    Map<String, AttributeValue> answer() {
        return new StoredAttributes(this);
    }

    /// Writes the attributes as JSON.
    void write(JsonBytes out) {
        ItemJson.write(value, HEADER_BYTES, out);
    }

    /// Not to be changed.
    Map<String, AttributeValue> attributes() {
        Map<String, AttributeValue> decoded = attributes;
        if (decoded == null) {
            decoded = ItemCodec.decode(value, HEADER_BYTES);
            attributes = decoded;
        }
        return decoded;
    }
}

package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// An item as bytes for the store. Attributes keep their order; numbers keep their value.
///
/// Layout: a version byte, the count of attributes, and for each its name and its value. A value is
/// a tag byte and its content; maps and lists tell their length in bytes, so that they can be
/// skipped. Counts and lengths are varints (lengths of documents four bytes). Decoding trusts
/// nothing: bytes that no encoder wrote end in an `IllegalStateException`, not in a huge
/// allocation.
public final class ItemCodec {

    static final int VERSION = 1;

    private static final int BYTES_EXPECTED = 256;

    private ItemCodec() {}

    /// The item as bytes.
    ///
    /// @param item in normal form, as [ItemRules] returns it
    public static byte[] encode(Map<String, AttributeValue> item) {
        return encode(item, 0, BYTES_EXPECTED);
    }

    /// The item as bytes, behind room for a header.
    ///
    /// @param bytesExpected about how long the item will be
    public static byte[] encode(
            Map<String, AttributeValue> item, int headerBytes, int bytesExpected) {
        ItemWriter writer = new ItemWriter(headerBytes, bytesExpected);
        writer.uint8(VERSION);
        writer.map(item);
        return writer.toBytes();
    }

    /// The item in a map of its own, which the caller may change.
    public static Map<String, AttributeValue> decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    /// As above, from bytes that have a header.
    public static Map<String, AttributeValue> decode(byte[] bytes, int headerBytes) {
        ItemReader reader = reader(bytes, headerBytes);
        Map<String, AttributeValue> item = reader.map(0);
        reader.requireEnd();
        return item;
    }

    /// Reads one attribute and skips the others.
    public static @Nullable AttributeValue decode(byte[] bytes, String name) {
        ItemReader reader = reader(bytes, 0);
        int count = reader.count();
        for (int i = 0; i < count; i++) {
            if (reader.string().equals(name)) {
                return reader.value(1);
            }
            reader.skipValue();
        }
        return null;
    }

    static ItemReader reader(byte[] bytes, int headerBytes) {
        ItemReader reader = new ItemReader(bytes, headerBytes);
        int version = reader.uint8();
        if (version != VERSION) {
            throw new IllegalStateException("an item of version " + version);
        }
        return reader;
    }
}

package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the [ItemCodec]'s layout, never beyond its end and never deeper than values may be.
final class ItemReader {

    private static final int DOCUMENT_LENGTH_BYTES = 4;

    private final byte[] bytes;
    private int next;

    ItemReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.next = from;
    }

    int uint8() {
        require(1);
        return bytes[next++] & 0xff;
    }

    Map<String, AttributeValue> map(int depth) {
        int count = count();
        Map<String, AttributeValue> map = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            String name = string();
            map.put(name, value(depth + 1));
        }
        return map;
    }

    AttributeValue value(int depth) {
        if (depth > ItemRules.DEPTH_MAX) {
            throw corrupt();
        }
        int tag = uint8();
        return switch (tag) {
            case ItemTags.STRING -> new AttributeValue.S(string());
            case ItemTags.INTEGER -> new AttributeValue.N(Long.toString(integer()));
            case ItemTags.DECIMAL -> new AttributeValue.N(string());
            case ItemTags.BINARY -> new AttributeValue.B(binary());
            case ItemTags.STRING_SET -> new AttributeValue.SS(strings());
            case ItemTags.NUMBER_SET -> new AttributeValue.NS(strings());
            case ItemTags.BINARY_SET -> new AttributeValue.BS(binaries());
            case ItemTags.MAP -> {
                documentLength();
                yield new AttributeValue.M(map(depth));
            }
            case ItemTags.LIST -> {
                documentLength();
                yield new AttributeValue.L(list(depth));
            }
            case ItemTags.NULL -> new AttributeValue.Null(true);
            case ItemTags.TRUE -> new AttributeValue.Bool(true);
            case ItemTags.FALSE -> new AttributeValue.Bool(false);
            default -> throw corrupt();
        };
    }

    void skipValue() {
        switch (uint8()) {
            case ItemTags.STRING, ItemTags.DECIMAL, ItemTags.BINARY -> skip(count());
            case ItemTags.INTEGER -> varint();
            case ItemTags.STRING_SET, ItemTags.NUMBER_SET, ItemTags.BINARY_SET -> {
                int count = count();
                for (int i = 0; i < count; i++) {
                    skip(count());
                }
            }
            case ItemTags.MAP, ItemTags.LIST -> skip(documentLength());
            case ItemTags.NULL, ItemTags.TRUE, ItemTags.FALSE -> {}
            default -> throw corrupt();
        }
    }

    String string() {
        int length = count();
        require(length);
        String text = new String(bytes, next, length, StandardCharsets.UTF_8);
        next += length;
        return text;
    }

    /// A count or a length; each thing counted takes a byte at least, so what is left is its limit.
    int count() {
        long count = varint();
        if (count < 0 || count > bytes.length - next) {
            throw corrupt();
        }
        return (int) count;
    }

    void requireEnd() {
        if (next != bytes.length) {
            throw corrupt();
        }
    }

    private List<AttributeValue> list(int depth) {
        int count = count();
        List<AttributeValue> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private List<String> strings() {
        int count = count();
        List<String> strings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            strings.add(string());
        }
        return strings;
    }

    private List<byte[]> binaries() {
        int count = count();
        List<byte[]> binaries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            binaries.add(binary());
        }
        return binaries;
    }

    private byte[] binary() {
        int length = count();
        require(length);
        byte[] binary = Arrays.copyOfRange(bytes, next, next + length);
        next += length;
        return binary;
    }

    long integer() {
        long zigzag = varint();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = uint8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw corrupt();
    }

    int documentLength() {
        int length = 0;
        for (int i = 0; i < DOCUMENT_LENGTH_BYTES; i++) {
            length = (length << 8) | uint8();
        }
        require(length);
        return length;
    }

    /// Passes over bytes, and tells where they begin.
    int skip(int length) {
        require(length);
        int begin = next;
        next += length;
        return begin;
    }

    private void require(int length) {
        if (length < 0 || length > bytes.length - next) {
            throw corrupt();
        }
    }

    static IllegalStateException corrupt() {
        return new IllegalStateException("not the bytes of an item");
    }
}

package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes the [ItemCodec]'s layout.
final class ItemWriter {

    private static final int LONG_DIGITS = 18;
    private static final int DOCUMENT_LENGTH_BYTES = 4;

    private byte[] bytes;
    private int size;

    /// @param bytesExpected behind the header; more may come
    ItemWriter(int headerBytes, int bytesExpected) {
        bytes = new byte[headerBytes + bytesExpected];
        size = headerBytes;
    }

    void uint8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    void map(Map<String, AttributeValue> map) {
        varint(map.size());
        for (Map.Entry<String, AttributeValue> entry : map.entrySet()) {
            string(entry.getKey());
            value(entry.getValue());
        }
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void value(AttributeValue value) {
        switch (value) {
            case AttributeValue.S(String text) -> {
                uint8(ItemTags.STRING);
                string(text);
            }
            case AttributeValue.N(String text) -> number(text);
            case AttributeValue.B(byte[] binary) -> {
                uint8(ItemTags.BINARY);
                binary(binary);
            }
            case AttributeValue.SS(var texts) -> strings(ItemTags.STRING_SET, texts);
            case AttributeValue.NS(var texts) -> strings(ItemTags.NUMBER_SET, texts);
            case AttributeValue.BS(var binaries) -> {
                uint8(ItemTags.BINARY_SET);
                varint(binaries.size());
                binaries.forEach(this::binary);
            }
            case AttributeValue.M(var map) -> {
                int begin = beginDocument(ItemTags.MAP);
                map(map);
                endDocument(begin);
            }
            case AttributeValue.L(var list) -> {
                int begin = beginDocument(ItemTags.LIST);
                varint(list.size());
                list.forEach(this::value);
                endDocument(begin);
            }
            case AttributeValue.Null _ -> uint8(ItemTags.NULL);
            case AttributeValue.Bool(boolean isTrue) ->
                    uint8(isTrue ? ItemTags.TRUE : ItemTags.FALSE);
        }
    }

    private void number(String text) {
        if (isLong(text)) {
            long value = Long.parseLong(text);
            uint8(ItemTags.INTEGER);
            varint((value << 1) ^ (value >> 63));
        } else {
            uint8(ItemTags.DECIMAL);
            string(text);
        }
    }

    /// Whether the text is what `Long.toString` would make of it, so that it reads back the same.
    private static boolean isLong(String text) {
        int begin = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - begin;
        if (digits < 1 || digits > LONG_DIGITS) {
            return false;
        }
        for (int i = begin; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.charAt(begin) != '0' || text.equals("0");
    }

    private void strings(int tag, List<String> texts) {
        uint8(tag);
        varint(texts.size());
        texts.forEach(this::string);
    }

    private void string(String text) {
        binary(text.getBytes(StandardCharsets.UTF_8));
    }

    private void binary(byte[] binary) {
        varint(binary.length);
        ensure(binary.length);
        System.arraycopy(binary, 0, bytes, size, binary.length);
        size += binary.length;
    }

    private void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) { // ends: each turn takes seven bits
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private int beginDocument(int tag) {
        uint8(tag);
        ensure(DOCUMENT_LENGTH_BYTES);
        size += DOCUMENT_LENGTH_BYTES;
        return size;
    }

    private void endDocument(int begin) {
        int length = size - begin;
        for (int i = 1; i <= DOCUMENT_LENGTH_BYTES; i++) {
            bytes[begin - i] = (byte) length;
            length >>>= 8;
        }
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}

package io.millrace.api.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing buffer of JSON in UTF-8. It knows by the last byte whether a comma is due: one is,
/// unless an object, an array or a name has just begun.
final class JsonBytes {
    private static final int BYTES_INITIAL = 512;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[BYTES_INITIAL];
    private int length;

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void open(char bracket) {
        raw(bracket);
    }

    void close(char bracket) {
        raw(bracket);
    }

    /// Begins a member or, with an empty prefix, an element.
    void name(byte[] prefix) {
        comma();
        raw(prefix);
    }

    /// Begins an entry of a map.
    void key(String key) {
        comma();
        string(key);
        raw(':');
    }

    private void comma() {
        byte last = length == 0 ? (byte) '{' : bytes[length - 1];
        if (last != '{' && last != '[' && last != ':') {
            raw(',');
        }
    }

    void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    @SuppressWarnings("deprecation") // exactly what it is for: the low bytes of ASCII
    void ascii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    void string(String text) {
        int chars = text.length();
        reserve(Math.addExact(Math.multiplyExact(chars, 3), 2)); // without escapes
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        int i = 0;
        for (; i < chars; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                break;
            }
            to[at++] = (byte) c;
        }
        length = at;
        if (i < chars) {
            rest(text, i);
        }
        raw('"');
    }

    private void rest(String text, int from) {
        int chars = text.length();
        for (int i = from; i < chars; i++) {
            reserve(6 + (chars - i) * 3 + 1);
            char c = text.charAt(i);
            if (c < 0x80) {
                one(c);
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xc0 | (c >> 6));
                continuation(c);
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xe0 | (c >> 12));
                continuation(c >> 6);
                continuation(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < chars
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                bytes[length++] = (byte) (0xf0 | (point >> 18));
                continuation(point >> 12);
                continuation(point >> 6);
                continuation(point);
            } else {
                escape(c); // half a pair has no UTF-8
            }
        }
    }

    private void continuation(int lowBits) {
        bytes[length++] = (byte) (0x80 | (lowBits & 0x3f));
    }

    private void one(char c) {
        switch (c) {
            case '"', '\\' -> pair(c);
            case '\n' -> pair('n');
            case '\r' -> pair('r');
            case '\t' -> pair('t');
            case '\b' -> pair('b');
            case '\f' -> pair('f');
            default -> {
                if (c < ' ' || c == 0x7f) {
                    escape(c);
                } else {
                    bytes[length++] = (byte) c;
                }
            }
        }
    }

    private void pair(char c) {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
    }

    private void escape(char c) {
        pair('u');
        bytes[length++] = HEX[c >> 12];
        bytes[length++] = HEX[(c >> 8) & 0xf];
        bytes[length++] = HEX[(c >> 4) & 0xf];
        bytes[length++] = HEX[c & 0xf];
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
        }
    }
}

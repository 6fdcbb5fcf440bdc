package io.millrace.api.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing buffer of JSON in UTF-8. It knows by the last byte whether a comma is due: one is,
/// unless an object, an array or a name has just begun.
public final class JsonBytes {
    private static final int BYTES_INITIAL = 512;
    private static final int LONG_CHARS = 64; // shorter, one by one is as fast
    private static final int BYTES_EXPECTED_MAX = 64 * 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[BYTES_INITIAL];
    private int length;

    /// What has been written.
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    int length() {
        return length;
    }

    /// Makes room at once for about so many bytes more: to grow step by step is to copy again and
    /// again.
    void expect(long more) {
        reserve((int) Math.min(more, BYTES_EXPECTED_MAX));
    }

    /// Begins an object or an array.
    public void open(char bracket) {
        raw(bracket);
    }

    /// Ends it.
    public void close(char bracket) {
        raw(bracket);
    }

    /// Begins a member or, with an empty prefix, an element.
    void name(byte[] prefix) {
        comma();
        raw(prefix);
    }

    /// Begins an element of an array.
    public void element() {
        comma();
    }

    /// Begins an entry of a map, whose name is in UTF-8.
    public void key(byte[] utf8, int from, int length) {
        comma();
        string(utf8, from, length);
        raw(':');
    }

    /// A string that is in UTF-8.
    public void string(byte[] utf8, int from, int length) {
        reserve(length + 2);
        raw('"');
        int begin = from;
        int end = from + length;
        int i = from;
        while (i < end) {
            if (i + Long.BYTES <= end && isPlain((long) EIGHT.get(utf8, i))) {
                i += Long.BYTES;
                continue;
            }
            byte b = utf8[i++];
            if ((b >= 0 && b < ' ') || b == '"' || b == '\\' || b == 0x7f) {
                part(utf8, begin, i - 1);
                reserve(6);
                one((char) b);
                begin = i;
            }
        }
        part(utf8, begin, end);
        raw('"');
    }

    /// Whether none of eight bytes is escaped: all at once, a byte's highest bit in `found` for
    /// each that is. What is outside of ASCII has that bit itself, and is not escaped. A byte
    /// beside one that is found may be found with it.
    private static boolean isPlain(long eight) {
        long controlOrQuote = (eight ^ 2 * ONES) - 0x21 * ONES; // a quote ^ 2 is a space
        long backslash = (eight ^ '\\' * ONES) - ONES;
        long delete = eight + ONES;
        return ((controlOrQuote | backslash | delete) & ~eight & HIGHEST) == 0;
    }

    private void part(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
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

    /// One character of ASCII, as it is.
    public void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    /// Bytes as they are.
    public void raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    /// A text of ASCII, as it is.
    @SuppressWarnings("deprecation") // exactly what it is for: the low bytes of ASCII
    public void ascii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    void string(String text) {
        int chars = text.length();
        if (chars >= LONG_CHARS) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (!asks(utf8)) {
                string(utf8, 0, utf8.length);
                return;
            }
        }
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

    /// Whether there is a question mark, which UTF-8 has for half a pair, too.
    private static boolean asks(byte[] utf8) {
        int i = 0;
        for (; i + Long.BYTES <= utf8.length; i += Long.BYTES) {
            long marks = (long) EIGHT.get(utf8, i) ^ '?' * ONES; // zero where one is
            if (((marks - ONES) & ~marks & HIGHEST) != 0) {
                return true;
            }
        }
        for (; i < utf8.length; i++) {
            if (utf8[i] == '?') {
                return true;
            }
        }
        return false;
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
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
    }
}

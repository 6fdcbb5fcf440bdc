package io.millrace.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the parts of a key that [KeyWriter] built, in the same order.
public final class KeyReader {
    private final byte[] key;
    private int offset;

    /// Begins behind the one-byte prefix number.
    public KeyReader(byte[] key) {
        this.key = key;
        this.offset = 1;
    }

    public int uint8() {
        return key[offset++] & 0xff;
    }

    public int uint16() {
        return uint8() << 8 | uint8();
    }

    public int uint32() {
        return uint16() << 16 | uint16();
    }

    public long uint64() {
        long value = Bytes.readLong(key, offset);
        offset += Long.BYTES;
        return value;
    }

    public String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) { // ends at the terminator, which every written string has
            byte b = key[offset++];
            if (b != 0) {
                out.write(b);
            } else if (key[offset++] == (byte) 0xff) {
                out.write(0);
            } else {
                return out.toByteArray();
            }
        }
    }

    /// What is left of the key.
    public byte[] rest() {
        return Arrays.copyOfRange(key, offset, key.length);
    }
}

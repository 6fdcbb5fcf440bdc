package io.millrace.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds keys whose byte order is the order of their parts, part by part.
///
/// Strings and byte strings are escaped (`00` becomes `00 ff`) and ended by `00 01`, so that no
/// part runs into the next and a shorter string sorts before its extensions. Read back by
/// [KeyReader].
public final class KeyWriter {
    private byte[] bytes = new byte[48];
    private int size;
    private int stampOffset = Transaction.NO_STAMP;

    /// Begins a key with its one-byte prefix number, as the service's key page lists it.
    public KeyWriter(int prefix) {
        uint8(prefix);
    }

    public KeyWriter uint8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public KeyWriter uint32(int value) {
        return uint16(value >>> 16).uint16(value);
    }

    public KeyWriter uint16(int value) {
        return uint8(value >>> 8).uint8(value);
    }

    /// Eight bytes, big-endian: in order for numbers that are not negative.
    public KeyWriter uint64(long value) {
        ensure(Long.BYTES);
        Bytes.writeLong(bytes, size, value);
        size += Long.BYTES;
        return this;
    }

    /// Eight bytes that the commit sequence number will take; at most one per key.
    public KeyWriter stamp() {
        stampOffset = size;
        return uint64(0);
    }

    public KeyWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public KeyWriter bytes(byte[] value) {
        int zeroes = 0;
        for (byte b : value) {
            zeroes += b == 0 ? 1 : 0;
        }
        if (zeroes == 0) {
            return raw(value).uint16(1);
        }
        ensure(value.length + zeroes);
        for (byte b : value) {
            bytes[size++] = b;
            if (b == 0) {
                bytes[size++] = (byte) 0xff;
            }
        }
        return uint16(1);
    }

    /// Appends bytes as they are, for the last part of a key or one of fixed length.
    public KeyWriter raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// Where [#stamp] stands, or [Transaction#NO_STAMP].
    public int stampOffset() {
        return stampOffset;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}

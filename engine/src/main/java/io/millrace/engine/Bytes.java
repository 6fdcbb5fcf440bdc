package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Small functions on byte strings that are keys or values of a [Store].
public final class Bytes {

    /// The empty byte string: the smallest key.
    public static final byte[] EMPTY = new byte[0];

    private static final VarHandle LITTLE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    /// The smallest key that is greater than every key that begins with `prefix`.
    public static byte[] prefixEnd(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return end;
            }
        }
        throw new IllegalArgumentException("a prefix of 0xff bytes only has no end");
    }

    /// The smallest key that is greater than `key`.
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /// The number in a counter's value, as [Transaction#add] keeps it; 0 when there is none.
    public static long counter(byte @Nullable [] value) {
        return value == null ? 0 : (long) LITTLE.get(value, 0);
    }

    static byte[] counter(long value) {
        byte[] bytes = new byte[Long.BYTES];
        LITTLE.set(bytes, 0, value);
        return bytes;
    }

    /// Reads eight bytes, big-endian: a stamp, for example.
    public static long readLong(byte[] bytes, int offset) {
        return (long) BIG.get(bytes, offset);
    }

    /// Writes eight bytes, big-endian.
    public static void writeLong(byte[] bytes, int offset, long value) {
        BIG.set(bytes, offset, value);
    }
}

package io.millrace.engine;

/// The bounds of every [Store]. What exceeds one is refused with an [IllegalArgumentException].
public final class StoreLimits {

    public static final int KEY_BYTES_MAX = 16 * 1024;

    public static final int VALUE_BYTES_MAX = 16 * 1024 * 1024;

    /// Keys and values written, and keys read, by one transaction.
    public static final int TRANSACTION_BYTES_MAX = 64 * 1024 * 1024;

    private StoreLimits() {}

    static void checkKey(byte[] key) {
        if (key.length > KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a key of " + key.length + " bytes exceeds " + KEY_BYTES_MAX);
        }
    }

    static void checkValue(byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a value of " + value.length + " bytes exceeds " + VALUE_BYTES_MAX);
        }
    }

    static void checkTransaction(long bytes) {
        if (bytes > TRANSACTION_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a transaction's keys and values exceed " + TRANSACTION_BYTES_MAX + " bytes");
        }
    }
}

package io.millrace.storage;

import io.millrace.engine.KeyWriter;

import java.util.Arrays;

/// All durable keys of the server itself.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `07` never | | | never written: for whoever waits for time alone |
/// | `5c` set aside | key of an entry of work | its checksum, and why | until the next start |
final class StorageKeys {
    private static final int NEVER = 0x07;
    private static final int SET_ASIDE = 0x5c;

    private StorageKeys() {}

    static byte[] never() {
        return new KeyWriter(NEVER).toBytes();
    }

    static byte[] setAside() {
        return new KeyWriter(SET_ASIDE).toBytes();
    }

    static byte[] setAside(byte[] key) {
        byte[] mark = new byte[1 + key.length];
        mark[0] = SET_ASIDE;
        System.arraycopy(key, 0, mark, 1, key.length);
        return mark;
    }

    static byte[] readSetAside(byte[] mark) {
        return Arrays.copyOfRange(mark, 1, mark.length);
    }
}

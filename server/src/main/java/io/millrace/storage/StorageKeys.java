package io.millrace.storage;

import io.millrace.engine.KeyWriter;

/// All durable keys of the server itself.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `07` never | | | never written: for whoever waits for time alone |
final class StorageKeys {
    private static final int NEVER = 0x07;

    private StorageKeys() {}

    static byte[] never() {
        return new KeyWriter(NEVER).toBytes();
    }
}

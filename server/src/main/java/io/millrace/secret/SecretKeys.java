package io.millrace.secret;

import io.millrace.engine.KeyWriter;

/// All durable keys of this package.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `5d` data key | number | the data key, sealed with the master key | for ever |
final class SecretKeys {
    private static final int DATA_KEY = 0x5d;

    private SecretKeys() {}

    static byte[] dataKey(int number) {
        return new KeyWriter(DATA_KEY).uint32(number).toBytes();
    }
}

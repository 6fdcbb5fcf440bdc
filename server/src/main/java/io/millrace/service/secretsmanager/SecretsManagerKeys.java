package io.millrace.service.secretsmanager;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of Secrets Manager; its timers are those of `io.millrace.timer`.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `b0` secret | account, region, name | [StoredSecret] as JSON | till deletion |
/// | `b1` version | id of the secret, version | [StoredVersion] as JSON | till pruned or deletion |
/// | `b2` value | id of the secret, version | the value, sealed: [SecretValues] | as its `b1` |
/// | `b3` created | account, region, created milliseconds, name | nothing | as its `b0` |
///
/// A replica has a `b0` in its region, and its primary's versions and values.
final class SecretsManagerKeys {
    private static final int SECRET = 0xb0;
    private static final int VERSION = 0xb1;
    private static final int VALUE = 0xb2;
    private static final int CREATED = 0xb3;

    static final byte[] NOTHING = {};

    private SecretsManagerKeys() {}

    static byte[] secrets(String accountId, String region) {
        return new KeyWriter(SECRET).string(accountId).string(region).toBytes();
    }

    static byte[] secret(SecretName name) {
        return new KeyWriter(SECRET)
                .string(name.accountId())
                .string(name.region())
                .string(name.name())
                .toBytes();
    }

    static byte[] versions(long id) {
        return new KeyWriter(VERSION).uint64(id).toBytes();
    }

    static byte[] version(long id, String versionId) {
        return new KeyWriter(VERSION).uint64(id).string(versionId).toBytes();
    }

    static String readVersion(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return reader.string();
    }

    static byte[] values(long id) {
        return new KeyWriter(VALUE).uint64(id).toBytes();
    }

    static byte[] value(long id, String versionId) {
        return new KeyWriter(VALUE).uint64(id).string(versionId).toBytes();
    }

    /// All of them, in the order of their creation.
    static byte[] created(String accountId, String region) {
        return new KeyWriter(CREATED).string(accountId).string(region).toBytes();
    }

    static byte[] created(SecretName name, long createdMillis) {
        return new KeyWriter(CREATED)
                .string(name.accountId())
                .string(name.region())
                .uint64(createdMillis)
                .string(name.name())
                .toBytes();
    }

    static SecretName readCreated(byte[] key) {
        KeyReader reader = new KeyReader(key);
        String accountId = reader.string();
        String region = reader.string();
        reader.uint64();
        return new SecretName(accountId, region, reader.string());
    }

    static SecretName readSecret(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new SecretName(reader.string(), reader.string(), reader.string());
    }
}

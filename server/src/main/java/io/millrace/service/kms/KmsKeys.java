package io.millrace.service.kms;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of KMS; the deadlines of its keys are timers of `io.millrace.timer`.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `a8` key | account, region, key id | [StoredKey] as JSON | till its deletion is due |
/// | `a9` material | account, region, key id, material id | the material, sealed | as its key |
/// | `aa` alias | account, region, alias name | [StoredAlias] as JSON | till deletion |
/// | `ab` alias of a key | account, region, key id, alias name | nothing | as its alias |
/// | `ac` grant | account, region, key id, grant id | [StoredGrant] as JSON | till it ends |
/// | `ad` retirable | region, principal, account, key id, grant id | nothing | as its grant |
/// | `ae` granted | account, region, key id, principal, grant id | nothing | as its grant |
/// | `af` grant count | account, region, key id | counter | as its key |
///
/// A replica's material is a copy of its primary's.
final class KmsKeys {
    private static final int KEY = 0xa8;
    private static final int MATERIAL = 0xa9;
    private static final int ALIAS = 0xaa;
    private static final int ALIAS_OF_KEY = 0xab;
    private static final int GRANT = 0xac;
    private static final int RETIRABLE = 0xad;
    private static final int GRANTED = 0xae;
    private static final int GRANT_COUNT = 0xaf;

    private KmsKeys() {}

    static byte[] keys(String accountId, String region) {
        return key(KEY, accountId, region).toBytes();
    }

    static byte[] key(KeyName name) {
        return key(KEY, name).toBytes();
    }

    static byte[] materials(KeyName name) {
        return key(MATERIAL, name).toBytes();
    }

    static byte[] material(KeyName name, String materialId) {
        return key(MATERIAL, name).string(materialId).toBytes();
    }

    static byte[] aliases(String accountId, String region) {
        return key(ALIAS, accountId, region).toBytes();
    }

    static byte[] alias(String accountId, String region, String name) {
        return key(ALIAS, accountId, region).string(name).toBytes();
    }

    static byte[] aliasesOf(KeyName name) {
        return key(ALIAS_OF_KEY, name).toBytes();
    }

    static byte[] aliasOf(KeyName name, String alias) {
        return key(ALIAS_OF_KEY, name).string(alias).toBytes();
    }

    /// The alias's name in a key of prefix `ab`.
    static String readAliasOf(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.string();
        reader.string();
        reader.string();
        return reader.string();
    }

    static byte[] grants(KeyName name) {
        return key(GRANT, name).toBytes();
    }

    static byte[] grant(KeyName name, String grantId) {
        return key(GRANT, name).string(grantId).toBytes();
    }

    static byte[] grantCount(KeyName name) {
        return key(GRANT_COUNT, name).toBytes();
    }

    static byte[] granted(KeyName name, String principal) {
        return key(GRANTED, name).string(principal).toBytes();
    }

    static byte[] granted(KeyName name, String principal, String grantId) {
        return key(GRANTED, name).string(principal).string(grantId).toBytes();
    }

    /// The grant's id in a key of prefix `ae`.
    static String readGranted(byte[] key) {
        KeyReader reader = new KeyReader(key);
        for (int i = 0; i < 4; i++) {
            reader.string();
        }
        return reader.string();
    }

    static byte[] retirables(String region, String principal) {
        return new KeyWriter(RETIRABLE).string(region).string(principal).toBytes();
    }

    static byte[] retirable(String principal, KeyName name, String grantId) {
        return new KeyWriter(RETIRABLE)
                .string(name.region())
                .string(principal)
                .string(name.accountId())
                .string(name.id())
                .string(grantId)
                .toBytes();
    }

    /// The key of the grant that a key of prefix `ad` is about.
    static byte[] readRetirable(byte[] key) {
        KeyReader reader = new KeyReader(key);
        String region = reader.string();
        reader.string();
        KeyName name = new KeyName(reader.string(), region, reader.string());
        return grant(name, reader.string());
    }

    private static KeyWriter key(int prefix, KeyName name) {
        return key(prefix, name.accountId(), name.region()).string(name.id());
    }

    private static KeyWriter key(int prefix, String accountId, String region) {
        return new KeyWriter(prefix).string(accountId).string(region);
    }
}

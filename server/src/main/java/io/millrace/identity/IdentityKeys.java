package io.millrace.identity;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.util.Locale;

/// All durable keys of identities. What has a name is a [StoredPrincipal], a [ManagedPolicy] or an
/// [InstanceProfile].
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `a0` account | account | [StoredAccount] as JSON | for ever |
/// | `a0` account | the empty string | that requests must be signed | for ever |
/// | `a0` account | account, "credential-report" | [CredentialReport] as JSON | till the next |
/// | `a0` account | account, "mfa", name in lower case | [MfaDevice] as JSON | till deletion |
/// | `a0` account | account, "oidc", provider | [OidcProvider] as JSON | till deletion |
/// | `a1` named | account, kind, name in lower case | its record as JSON | till deletion |
/// | `a2` alias | account alias | the account's number | till deletion |
/// | `a3` access key | access key id | [StoredAccessKey] as JSON | till deletion |
/// | `a4` session | access key id | [StoredSession] as JSON | till a day after it expired |
/// | `a5` link | account, link, from, kind, name in lower case | nothing | as long as the link |
/// | `a6` count | account, what | counter | for ever |
/// | `a7` last use | access key id, or role's unique id | [LastUse] as JSON | as what it is of |
final class IdentityKeys {
    private static final int ACCOUNT = 0xa0;
    private static final int NAMED = 0xa1;
    private static final int ALIAS = 0xa2;
    private static final int ACCESS_KEY = 0xa3;
    private static final int SESSION = 0xa4;
    private static final int LINK = 0xa5;
    private static final int COUNT = 0xa6;
    private static final int LAST_USE = 0xa7;

    private IdentityKeys() {}

    static byte[] account(String accountId) {
        return new KeyWriter(ACCOUNT).string(accountId).toBytes();
    }

    static byte[] credentialReport(String accountId) {
        return new KeyWriter(ACCOUNT).string(accountId).string("credential-report").toBytes();
    }

    static byte[] mfaDevices(String accountId) {
        return new KeyWriter(ACCOUNT).string(accountId).string("mfa").toBytes();
    }

    static byte[] mfaDevice(String accountId, String name) {
        return new KeyWriter(ACCOUNT).string(accountId).string("mfa").string(lower(name)).toBytes();
    }

    static byte[] oidcProviders(String accountId) {
        return new KeyWriter(ACCOUNT).string(accountId).string("oidc").toBytes();
    }

    static byte[] oidcProvider(String accountId, String name) {
        return new KeyWriter(ACCOUNT).string(accountId).string("oidc").string(name).toBytes();
    }

    static byte[] secured() {
        return account("");
    }

    static byte[] named(String accountId, Kind kind) {
        return new KeyWriter(NAMED).string(accountId).uint8(kind.number()).toBytes();
    }

    static byte[] named(String accountId, Kind kind, String name) {
        return new KeyWriter(NAMED)
                .string(accountId)
                .uint8(kind.number())
                .string(lower(name))
                .toBytes();
    }

    static byte[] alias(String alias) {
        return new KeyWriter(ALIAS).string(alias).toBytes();
    }

    static byte[] accessKeys() {
        return new KeyWriter(ACCESS_KEY).toBytes();
    }

    static byte[] accessKey(String id) {
        return new KeyWriter(ACCESS_KEY).string(id).toBytes();
    }

    static byte[] sessions() {
        return new KeyWriter(SESSION).toBytes();
    }

    static byte[] session(String accessKeyId) {
        return new KeyWriter(SESSION).string(accessKeyId).toBytes();
    }

    /// All that is linked from `from`.
    static byte[] links(String accountId, Link link, String from) {
        return links(accountId, link).string(from).toBytes();
    }

    static byte[] links(String accountId, Link link, String from, Kind kind) {
        return links(accountId, link).string(from).uint8(kind.number()).toBytes();
    }

    static byte[] link(String accountId, Link link, String from, Kind kind, String name) {
        return links(accountId, link)
                .string(from)
                .uint8(kind.number())
                .string(lower(name))
                .toBytes();
    }

    /// The name at the end of a link's key, in lower case.
    static String linkedName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.string();
        reader.uint8();
        reader.string();
        reader.uint8();
        return reader.string();
    }

    static byte[] count(String accountId, String what) {
        return new KeyWriter(COUNT).string(accountId).string(what).toBytes();
    }

    static byte[] lastUse(String id) {
        return new KeyWriter(LAST_USE).string(id).toBytes();
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static KeyWriter links(String accountId, Link link) {
        return new KeyWriter(LINK).string(accountId).uint8(link.number());
    }
}

package io.millrace.service.kms;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The stored keys and aliases, and how requests name them. Thread-safe.
final class Keys {
    private static final Pattern KEY_ID =
            Pattern.compile(
                    "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}");

    private final Store store;
    private final KeyPermission permission;
    private final KeyClock clock;
    private final ManagedKeys managedKeys;
    private final ResourceCodec<StoredKey> codec = new ResourceCodec<>(StoredKey.class);
    private final ResourceCodec<StoredAlias> aliases = new ResourceCodec<>(StoredAlias.class);

    Keys(Store store, KeyPermission permission, KeyClock clock, ManagedKeys managedKeys) {
        this.store = store;
        this.permission = permission;
        this.clock = clock;
        this.managedKeys = managedKeys;
    }

    KeyPermission permission() {
        return permission;
    }

    StoredKey decode(byte[] value) {
        return codec.decode(value);
    }

    StoredAlias decodeAlias(byte[] value) {
        return aliases.decode(value);
    }

    Optional<StoredKey> find(Snapshot snapshot, KeyName name) {
        return Optional.ofNullable(codec.decodeOrNull(snapshot.get(KmsKeys.key(name))));
    }

    StoredKey require(Snapshot snapshot, KeyName name) {
        return find(snapshot, name).orElseThrow(() -> KmsErrors.keyNotFound(name));
    }

    Optional<StoredAlias> findAlias(
            Snapshot snapshot, String accountId, String region, String name) {
        byte[] key = KmsKeys.alias(accountId, region, name);
        return Optional.ofNullable(aliases.decodeOrNull(snapshot.get(key)));
    }

    /// Also sets the key's next deadline.
    void put(Transaction tx, StoredKey key) {
        tx.put(KmsKeys.key(key.name()), codec.encode(key));
        clock.set(tx, key);
    }

    void putAlias(Transaction tx, StoredAlias alias) {
        tx.put(
                KmsKeys.alias(alias.accountId(), alias.region(), alias.name()),
                aliases.encode(alias));
        tx.put(KmsKeys.aliasOf(alias.key(), alias.name()), new byte[0]);
    }

    void deleteAlias(Transaction tx, StoredAlias alias) {
        tx.delete(KmsKeys.alias(alias.accountId(), alias.region(), alias.name()));
        tx.delete(KmsKeys.aliasOf(alias.key(), alias.name()));
    }

    /// Reads something of the key that a request names, also by an alias and in another account, if
    /// the caller may.
    <T> T read(
            Caller caller,
            String keyId,
            KeyAction action,
            BiFunction<Snapshot, StoredKey, T> body) {
        BiFunction<Snapshot, StoredKey, T> checked =
                (snapshot, key) -> {
                    KeyAction asked =
                            keyId.contains(StoredAlias.PREFIX)
                                    ? action.with("kms:requestalias", aliasName(keyId))
                                    : action;
                    permission.check(snapshot, caller, key, asked);
                    return body.apply(snapshot, key);
                };
        Optional<T> found = tryRead(caller, keyId, checked);
        if (found.isPresent()) {
            return found.get();
        }
        String name = aliasName(keyId);
        managedKeys.make(this, caller, name);
        return tryRead(caller, keyId, checked)
                .orElseThrow(() ->
                        KmsErrors.aliasNotFound(
                                StoredAlias.arn(caller.accountId(), caller.region(), name)));
    }

    /// Empty when the name is a service's alias that is not there yet.
    private <T> Optional<T> tryRead(
            Caller caller, String keyId, BiFunction<Snapshot, StoredKey, T> body) {
        return store.read(snapshot -> {
            KeyName name = resolve(snapshot, caller.accountId(), caller.region(), keyId, true);
            return name == null
                    ? Optional.empty()
                    : Optional.of(body.apply(snapshot, require(snapshot, name)));
        });
    }

    /// Changes the key that a request names by its id or ARN, if the caller may and it is its own.
    <T> T change(
            Caller caller,
            String keyId,
            KeyAction action,
            BiFunction<Transaction, StoredKey, T> body) {
        return store.write(tx -> body.apply(tx, requireOwn(tx, caller, keyId, action)));
    }

    /// The caller's own key, by its id or ARN.
    StoredKey requireOwn(Snapshot snapshot, Caller caller, String keyId, KeyAction action) {
        KeyName name = name(snapshot, caller, keyId);
        if (!name.accountId().equals(caller.accountId())) {
            throw KmsErrors.deniedAcrossAccounts(caller, "kms:" + action.name(), name.arn());
        }
        StoredKey key = require(snapshot, name);
        permission.check(snapshot, caller, key, action);
        return key;
    }

    /// As [#requireOwn], in another account too.
    StoredKey requireAny(Snapshot snapshot, Caller caller, String keyId, KeyAction action) {
        return requireAny(snapshot, caller, keyId, action, _ -> true);
    }

    /// As [#requireAny].
    ///
    /// @param also what a grant must be, beyond allowing it
    StoredKey requireAny(
            Snapshot snapshot,
            Caller caller,
            String keyId,
            KeyAction action,
            Predicate<StoredGrant> also) {
        StoredKey key = require(snapshot, name(snapshot, caller, keyId));
        permission.check(snapshot, caller, key, action, also);
        return key;
    }

    /// What a request calls a key, by its id, its ARN, or an alias; empty for the alias of a
    /// service whose key is not there yet.
    Optional<KeyName> named(Snapshot snapshot, String accountId, String region, String keyId) {
        return Optional.ofNullable(resolve(snapshot, accountId, region, keyId, true));
    }

    private KeyName name(Snapshot snapshot, Caller caller, String keyId) {
        KeyName name = resolve(snapshot, caller.accountId(), caller.region(), keyId, false);
        if (name == null) {
            throw KmsErrors.invalidKeyId(keyId);
        }
        return name;
    }

    private @Nullable KeyName resolve(
            Snapshot snapshot,
            String ownAccountId,
            String region,
            String keyId,
            boolean aliasesToo) {
        String accountId = ownAccountId;
        String id = keyId;
        if (keyId.startsWith("arn:")) {
            Arn arn = Arn.parse(keyId).orElseThrow(() -> KmsErrors.invalidArn(keyId));
            if (!arn.service().equals(KeyName.SERVICE)) {
                throw KmsErrors.invalidArn("Invalid arn " + keyId);
            }
            if (!arn.region().equals(region)) {
                throw KmsErrors.notFound("Invalid arn " + arn.region());
            }
            accountId = arn.accountId();
            id = arn.resource();
            if (id.startsWith(KeyName.PREFIX)) {
                id = id.substring(KeyName.PREFIX.length());
            }
        }
        if (id.startsWith(StoredAlias.PREFIX)) {
            boolean own = accountId.equals(ownAccountId);
            return aliasesToo ? resolveAlias(snapshot, own, accountId, region, id) : null;
        }
        if (!KEY_ID.matcher(id).matches()) {
            throw KmsErrors.invalidKeyId(id);
        }
        return new KeyName(accountId, region, id);
    }

    private @Nullable KeyName resolveAlias(
            Snapshot snapshot, boolean own, String accountId, String region, String name) {
        Optional<StoredAlias> alias = findAlias(snapshot, accountId, region, name);
        if (alias.isPresent()) {
            return alias.get().key();
        }
        if (own && ManagedKeys.isManaged(name)) {
            return null;
        }
        throw KmsErrors.aliasNotFound(StoredAlias.arn(accountId, region, name));
    }

    private static String aliasName(String keyId) {
        return keyId.substring(keyId.indexOf(StoredAlias.PREFIX));
    }
}

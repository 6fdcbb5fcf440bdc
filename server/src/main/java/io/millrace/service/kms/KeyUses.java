package io.millrace.service.kms;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// Lets callers use keys: finds the key, asks whether the caller may, whether the key is enabled
/// and meant for that, and opens its material. Reads, and writes nothing. Thread-safe.
///
/// Errors, in this order: `NotFoundException`, `AccessDeniedException`, `DisabledException` or
/// `KMSInvalidStateException`, `InvalidKeyUsageException`.
final class KeyUses {
    private record Found(StoredKey key, String materialId, Materials.Found material) {}

    private final Store store;
    private final Keys keys;
    private final Materials materials;

    KeyUses(Store store, Keys keys, Materials materials) {
        this.store = store;
        this.keys = keys;
        this.materials = materials;
    }

    Materials materials() {
        return materials;
    }

    /// @param usage what the key must be meant for; null for anything
    /// @param operation as the caller calls it: `Sign`
    Usable use(
            Caller caller,
            String keyId,
            KeyAction action,
            @Nullable KeyUsage usage,
            String operation) {
        return open(
                keys.read(
                        caller,
                        keyId,
                        action,
                        (snapshot, key) -> {
                            StoredKey usable = require(key, usage, operation);
                            String material = usable.current().orElseThrow().id();
                            return found(snapshot, usable, material);
                        }));
    }

    /// The key that made the ciphertext, with the material of then.
    ///
    /// @param keyId what the request says it is; null when it does not say
    Usable useOf(
            Caller caller,
            @Nullable String keyId,
            Ciphertext ciphertext,
            KeyAction action,
            String operation) {
        if (keyId != null) {
            return open(
                    keys.read(
                            caller,
                            keyId,
                            action,
                            (snapshot, key) -> of(snapshot, key, ciphertext, operation)));
        }
        return open(
                store.read(snapshot -> {
                    KeyName name = ciphertext.key(caller.region());
                    StoredKey key =
                            keys.find(snapshot, name).orElseThrow(KmsErrors::unknownCiphertextKey);
                    keys.permission().check(snapshot, caller, key, action);
                    return of(snapshot, key, ciphertext, operation);
                }));
    }

    private Found of(Snapshot snapshot, StoredKey key, Ciphertext ciphertext, String operation) {
        if (!key.name().equals(ciphertext.key(key.region()))) {
            throw KmsErrors.incorrectKey();
        }
        StoredKey usable = require(key, KeyUsage.ENCRYPT_DECRYPT, operation);
        if (usable.material(ciphertext.materialId()).isEmpty()) {
            throw KmsErrors.invalidCiphertext();
        }
        return found(snapshot, usable, ciphertext.materialId());
    }

    private static StoredKey require(StoredKey key, @Nullable KeyUsage usage, String operation) {
        StoredKey usable = key.requireEnabled();
        if (usage != null && usable.usage() != usage) {
            throw KmsErrors.usage(key, operation);
        }
        return usable;
    }

    private Found found(Snapshot snapshot, StoredKey key, String materialId) {
        return new Found(key, materialId, materials.find(snapshot, key.name(), materialId));
    }

    private Usable open(Found found) {
        return new Usable(
                found.key(),
                found.materialId(),
                materials.open(found.key().spec(), found.material()));
    }
}

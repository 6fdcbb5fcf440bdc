package io.millrace.service.secretsmanager;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import java.util.Map;
import java.util.Optional;

/// The stored secrets. Thread-safe.
final class SecretRecords {
    private final ResourceCodec<StoredSecret> codec = new ResourceCodec<>(StoredSecret.class);

    Optional<Secret> find(Snapshot snapshot, SecretName name) {
        StoredSecret own = codec.decodeOrNull(snapshot.get(SecretsManagerKeys.secret(name)));
        return own == null ? Optional.empty() : Optional.of(whole(snapshot, name, own));
    }

    /// A secret whose record was read.
    Secret whole(Snapshot snapshot, SecretName name, StoredSecret own) {
        String primaryRegion = own.primaryRegion();
        if (primaryRegion == null || primaryRegion.equals(name.region())) {
            return new Secret(name, own, null);
        }
        byte[] primary = snapshot.get(SecretsManagerKeys.secret(name.in(primaryRegion)));
        if (primary == null) { // a primary goes after its replicas
            throw new IllegalStateException("a replica without its primary");
        }
        return new Secret(name, own, codec.decode(primary));
    }

    StoredSecret decode(byte[] value) {
        return codec.decode(value);
    }

    /// By an ARN, the whole one is tried first.
    Optional<Secret> find(Snapshot snapshot, SecretId id) {
        SecretName cut = id.cut();
        if (cut != null) {
            Optional<Secret> found =
                    find(snapshot, cut).filter(secret -> secret.own().suffix().equals(id.suffix()));
            if (found.isPresent()) {
                return found;
            }
        }
        return find(snapshot, id.whole());
    }

    /// The secret that a request names, when the caller may do to it what it asks for.
    ///
    /// @throws io.millrace.wire.ServiceException `ResourceNotFoundException`,
    ///   `AccessDeniedException`
    Secret require(Snapshot snapshot, Caller caller, SecretId id) {
        return require(snapshot, caller, id, Map.of());
    }

    /// @param context condition keys of this request, in lower case
    Secret require(Snapshot snapshot, Caller caller, SecretId id, Map<String, String> context) {
        Optional<Secret> found = find(snapshot, id);
        if (found.isEmpty()) {
            Permission.checkMissing(caller, id);
            throw SecretsManagerErrors.notFound();
        }
        Permission.check(caller, found.get(), context);
        return found.get();
    }

    /// As [#require], and it is not going to be deleted.
    Secret requireLive(Snapshot snapshot, Caller caller, SecretId id) {
        Secret secret = require(snapshot, caller, id);
        if (secret.isDeleted()) {
            throw SecretsManagerErrors.markedForDeletion();
        }
        return secret;
    }

    /// As [#requireLive], and it is no replica.
    Secret requireChangeable(Snapshot snapshot, Caller caller, SecretId id) {
        Secret secret = requireLive(snapshot, caller, id);
        if (secret.isReplica()) {
            throw SecretsManagerErrors.onReplica();
        }
        return secret;
    }

    void put(Transaction tx, SecretName name, StoredSecret secret) {
        tx.put(SecretsManagerKeys.secret(name), codec.encode(secret));
        tx.put(
                SecretsManagerKeys.created(name, secret.createdMillis()),
                SecretsManagerKeys.NOTHING);
    }

    /// Removes a secret; its versions stay.
    void remove(Transaction tx, SecretName name, StoredSecret secret) {
        tx.delete(SecretsManagerKeys.secret(name));
        tx.delete(SecretsManagerKeys.created(name, secret.createdMillis()));
    }

    /// Removes the versions of a secret.
    void removeVersions(Transaction tx, long id) {
        byte[] versions = SecretsManagerKeys.versions(id);
        byte[] values = SecretsManagerKeys.values(id);
        tx.deleteRange(versions, Bytes.prefixEnd(versions));
        tx.deleteRange(values, Bytes.prefixEnd(values));
    }
}

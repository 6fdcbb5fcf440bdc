package io.millrace.service.secretsmanager;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The versions of secrets, with their sealed values. Thread-safe.
final class Versions {
    private final InstantSource clock;
    private final SecretRecords records;
    private final ResourceCodec<StoredVersion> codec = new ResourceCodec<>(StoredVersion.class);

    /// A version, with its id.
    record Version(String id, StoredVersion stored) {}

    Versions(InstantSource clock, SecretRecords records) {
        this.clock = clock;
        this.records = records;
    }

    Optional<StoredVersion> find(Snapshot snapshot, long secretId, String versionId) {
        byte[] key = SecretsManagerKeys.version(secretId, versionId);
        return Optional.ofNullable(codec.decodeOrNull(snapshot.get(key)));
    }

    /// All of a secret, the oldest first.
    List<Version> all(Snapshot snapshot, long secretId) {
        List<Version> all = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(SecretsManagerKeys.versions(secretId))) {
            while (cursor.next()) { // at most as many as a secret may have
                String id = SecretsManagerKeys.readVersion(cursor.key());
                all.add(new Version(id, codec.decode(cursor.value())));
            }
        }
        all.sort(
                Comparator.comparingLong((Version version) -> version.stored().createdMillis())
                        .thenComparing(Version::id));
        return all;
    }

    /// Adds a version with its value and labels, and removes the oldest without labels when there
    /// are many.
    ///
    /// @throws io.millrace.wire.ServiceException `LimitExceededException`
    Secret add(
            Transaction tx,
            Secret secret,
            String versionId,
            byte[] sealed,
            Collection<String> labels) {
        List<Version> before = all(tx, secret.own().id());
        Set<String> attached = new HashSet<>(labels);
        if (before.stream().allMatch(version -> version.id().equals(versionId))) {
            attached.add(Labels.CURRENT); // the first one always has it
        }
        Secret labelled = label(secret, versionId, attached);
        tx.put(SecretsManagerKeys.value(secret.own().id(), versionId), sealed);
        put(tx, secret.own().id(), versionId, labelled.own().kmsKeyId(), false);
        prune(tx, labelled, before);
        records.put(tx, secret.name(), labelled.own());
        return labelled;
    }

    /// Adds a version that waits for its value.
    Secret addEmpty(Transaction tx, Secret secret, String versionId, String label) {
        List<Version> before = all(tx, secret.own().id());
        Secret labelled = label(secret, versionId, Set.of(label));
        put(tx, secret.own().id(), versionId, labelled.own().kmsKeyId(), true);
        prune(tx, labelled, before);
        return labelled;
    }

    /// The secret with labels on a version; nothing is written.
    Secret label(Secret secret, String versionId, Collection<String> labels) {
        Map<String, String> versions = Labels.attach(secret.own().versions(), labels, versionId);
        if (Labels.of(versions, versionId).size() > SecretsManagerLimits.LABELS_PER_VERSION_MAX) {
            throw SecretsManagerErrors.limitExceeded(
                    "staging labels on a version", SecretsManagerLimits.LABELS_PER_VERSION_MAX);
        }
        StoredSecret.Changes changes =
                secret.own().change().versions(versions).changedAt(clock.millis());
        StoredRotation rotation = secret.own().rotation();
        boolean rotated =
                versionId.equals(versions.get(Labels.CURRENT))
                        && versionId.equals(secret.own().versions().get(Labels.PENDING));
        if (rotation != null && rotated) {
            changes.rotation(rotation.rotatedAt(clock.millis()));
        }
        return secret.with(changes.done());
    }

    private void put(
            Transaction tx,
            long secretId,
            String versionId,
            @Nullable String kmsKeyId,
            boolean empty) {
        StoredVersion version = new StoredVersion(clock.millis(), kmsKeyId, null, empty);
        tx.put(SecretsManagerKeys.version(secretId, versionId), codec.encode(version));
    }

    /// Notes that a version was read on a day.
    void accessed(Transaction tx, long secretId, String versionId, long day) {
        find(tx, secretId, versionId)
                .ifPresent(version ->
                        tx.put(
                                SecretsManagerKeys.version(secretId, versionId),
                                codec.encode(version.accessed(day))));
    }

    /// @param before the versions that there were before the new one
    private void prune(Transaction tx, Secret secret, List<Version> before) {
        int count = before.size() + 1;
        long oldMillis = clock.millis() - SecretsManagerLimits.VERSION_AGE.toMillis();
        for (Version version : before) {
            if (count > SecretsManagerLimits.VERSIONS_KEPT
                    && version.stored().createdMillis() <= oldMillis
                    && !secret.own().versions().containsValue(version.id())) {
                remove(tx, secret.own().id(), version.id());
                count--;
            }
        }
        if (count > SecretsManagerLimits.VERSIONS_MAX) {
            throw SecretsManagerErrors.limitExceeded(
                    "versions of a secret", SecretsManagerLimits.VERSIONS_MAX);
        }
    }

    private static void remove(Transaction tx, long secretId, String versionId) {
        tx.delete(SecretsManagerKeys.version(secretId, versionId));
        tx.delete(SecretsManagerKeys.value(secretId, versionId));
    }

    byte[] encode(StoredVersion version) {
        return codec.encode(version);
    }
}

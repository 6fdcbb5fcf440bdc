package io.millrace.service.secretsmanager;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Reads values, and notes on which day each was last read. Thread-safe.
final class ValueReader {
    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;
    private final SecretValues values;
    private final Versions versions;

    /// What was asked for.
    record Read(Secret secret, String versionId, StoredVersion version, SecretValue value) {}

    private record Found(Secret secret, String versionId, StoredVersion version, byte[] sealed) {}

    ValueReader(
            Store store,
            InstantSource clock,
            SecretRecords records,
            SecretValues values,
            Versions versions) {
        this.store = store;
        this.clock = clock;
        this.records = records;
        this.values = values;
        this.versions = versions;
    }

    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`,
    ///   `InvalidRequestException`, `ResourceNotFoundException`
    Read read(Caller caller, SecretId id, @Nullable String versionId, @Nullable String label) {
        Found found = store.read(snapshot -> find(snapshot, caller, id, versionId, label));
        note(found);
        String arn = found.secret.primaryArn().toString();
        SecretValue value = values.open(arn, found.versionId, found.sealed);
        return new Read(found.secret, found.versionId, found.version, value);
    }

    private Found find(
            Snapshot snapshot,
            Caller caller,
            SecretId id,
            @Nullable String versionId,
            @Nullable String label) {
        Secret secret = records.require(snapshot, caller, id, context(versionId, label));
        if (secret.isDeleted()) {
            throw SecretsManagerErrors.markedForDeletion();
        }
        String wanted = versionId;
        if (wanted == null) {
            String of = label == null ? Labels.CURRENT : label;
            wanted = secret.versions().get(of);
            if (wanted == null) {
                throw SecretsManagerErrors.labelNotFound(of);
            }
        }
        String found = wanted;
        StoredVersion version =
                versions.find(snapshot, secret.own().id(), found)
                        .orElseThrow(() -> SecretsManagerErrors.versionNotFound(found));
        if (label != null && !found.equals(secret.versions().get(label))) {
            throw SecretsManagerErrors.otherVersion();
        }
        byte[] sealed = snapshot.get(SecretsManagerKeys.value(secret.own().id(), found));
        if (sealed == null) { // a rotation has not made it yet
            throw versionId == null
                    ? SecretsManagerErrors.labelNotFound(label == null ? Labels.CURRENT : label)
                    : SecretsManagerErrors.versionNotFound(found);
        }
        return new Found(secret, found, version, sealed);
    }

    private static Map<String, String> context(@Nullable String versionId, @Nullable String label) {
        Map<String, String> context = new HashMap<>();
        if (versionId != null) {
            context.put("secretsmanager:versionid", versionId);
        }
        if (label != null || versionId == null) {
            context.put("secretsmanager:versionstage", label == null ? Labels.CURRENT : label);
        }
        return context;
    }

    /// At most one write a day of a secret and each of its versions.
    private void note(Found found) {
        long day = Duration.ofMillis(clock.millis()).toDays();
        boolean known =
                Objects.equals(found.secret.own().accessedDay(), day)
                        && Objects.equals(found.version.accessedDay(), day);
        if (known) {
            return;
        }
        store.write(tx -> {
            records.find(tx, found.secret.name())
                    .filter(now -> now.own().id() == found.secret.own().id())
                    .ifPresent(now -> {
                        StoredSecret noted = now.own().change().accessedDay(day).done();
                        records.put(tx, now.name(), noted);
                        versions.accessed(tx, noted.id(), found.versionId, day);
                    });
            return day;
        });
    }
}

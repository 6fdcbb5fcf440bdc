package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.UpdateSecretVersionStageRequest;
import io.millrace.api.secretsmanager.UpdateSecretVersionStageResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `UpdateSecretVersionStage`: moves a staging label, attaches it or takes it away. Errors:
/// `InvalidParameterException`, `LimitExceededException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html).
final class UpdateSecretVersionStage
        implements Operation<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse> {
    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;
    private final Versions versions;

    UpdateSecretVersionStage(
            Store store, InstantSource clock, SecretRecords records, Versions versions) {
        this.store = store;
        this.clock = clock;
        this.records = records;
        this.versions = versions;
    }

    @Override
    public UpdateSecretVersionStageResponse handle(
            Caller caller, UpdateSecretVersionStageRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            Secret changed = changed(tx, secret, request);
            records.put(tx, changed.name(), changed.own());
            return new UpdateSecretVersionStageResponse(
                    changed.arn().toString(), changed.own().name());
        });
    }

    private Secret changed(Transaction tx, Secret secret, UpdateSecretVersionStageRequest request) {
        String label = request.versionStage();
        String from = request.removeFromVersionId();
        String to = request.moveToVersionId();
        String holder = secret.versions().get(label);
        checkVersion(tx, secret, from);
        checkVersion(tx, secret, to);
        if (from != null && !from.equals(holder)) {
            throw SecretsManagerErrors.invalidParameter(
                    "The staging label " + label + " is not attached to version " + from + ".");
        }
        if (to == null) {
            return removed(secret, label, from);
        }
        if (from == null && holder != null && !holder.equals(to)) {
            throw SecretsManagerErrors.invalidParameter(
                    "The parameter RemoveFromVersionId can't be empty. Staging label "
                            + label
                            + " is currently attached to version "
                            + holder
                            + ", so you must explicitly reference that version in"
                            + " RemoveFromVersionId.");
        }
        return versions.label(secret, to, List.of(label));
    }

    private Secret removed(Secret secret, String label, @Nullable String from) {
        if (from == null) {
            throw SecretsManagerErrors.invalidParameter(
                    "You must specify MoveToVersionId, RemoveFromVersionId, or both.");
        }
        if (label.equals(Labels.CURRENT)) {
            throw SecretsManagerErrors.invalidParameter(
                    "You can only move staging label AWSCURRENT to a different secret version. It"
                            + " can’t be completely removed.");
        }
        Map<String, String> labels = new TreeMap<>(secret.versions());
        labels.remove(label);
        return secret.with(secret.own().change().versions(labels).changedAt(clock.millis()).done());
    }

    private void checkVersion(Transaction tx, Secret secret, @Nullable String versionId) {
        if (versionId != null && versions.find(tx, secret.own().id(), versionId).isEmpty()) {
            throw SecretsManagerErrors.versionNotFound(versionId);
        }
    }
}

package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.UpdateSecretRequest;
import io.millrace.api.secretsmanager.UpdateSecretResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;

/// `UpdateSecret`: what is told of a secret, and a new version when a value is given. Of a replica,
/// the key alone. Errors: as [PutSecretValue]. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html).
final class UpdateSecret implements Operation<UpdateSecretRequest, UpdateSecretResponse> {
    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;
    private final ValueWriter writer;
    private final Versions versions;

    UpdateSecret(
            Store store,
            InstantSource clock,
            SecretRecords records,
            ValueWriter writer,
            Versions versions) {
        this.store = store;
        this.clock = clock;
        this.records = records;
        this.writer = writer;
        this.versions = versions;
    }

    @Override
    public UpdateSecretResponse handle(Caller caller, UpdateSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        SecretValue value = SecretValue.of(request.secretString(), request.secretBinary());
        String token = request.clientRequestToken();
        if (token == null) {
            throw SecretsManagerErrors.noToken();
        }
        if (value == null) {
            return store.write(tx -> {
                Secret secret = records.requireLive(tx, caller, id);
                boolean keyAlone = request.description() == null && request.type() == null;
                if (secret.isReplica() && !keyAlone) {
                    throw SecretsManagerErrors.onReplica();
                }
                Secret changed = changed(secret, request);
                records.put(tx, changed.name(), changed.own());
                return response(changed, null);
            });
        }
        return writer.write(
                caller,
                id,
                token,
                value,
                (tx, secret, sealed, there) ->
                        switch (there) {
                            case OTHER -> throw SecretsManagerErrors.versionExists();
                            case SAME -> response(secret, token);
                            case NOTHING -> update(tx, changed(secret, request), token, sealed);
                        });
    }

    private UpdateSecretResponse update(
            Transaction tx, Secret secret, String token, byte[] sealed) {
        return response(versions.add(tx, secret, token, sealed, List.of(Labels.CURRENT)), token);
    }

    private Secret changed(Secret secret, UpdateSecretRequest request) {
        StoredSecret.Changes changes = secret.own().change().changedAt(clock.millis());
        if (request.description() != null) {
            changes.description(request.description());
        }
        if (request.kmsKeyId() != null) {
            changes.kmsKeyId(request.kmsKeyId());
        }
        if (request.type() != null) {
            changes.type(request.type());
        }
        return secret.with(changes.done());
    }

    private static UpdateSecretResponse response(Secret secret, @Nullable String versionId) {
        return UpdateSecretResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .versionId(versionId)
                .build();
    }
}

package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.RestoreSecretRequest;
import io.millrace.api.secretsmanager.RestoreSecretResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `RestoreSecret`: a secret that is going to be deleted stays, and is rotated again if it was.
/// Errors: `InvalidRequestException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html).
final class RestoreSecret implements Operation<RestoreSecretRequest, RestoreSecretResponse> {
    private final Store store;
    private final SecretRecords records;
    private final SecretTimers timers;

    RestoreSecret(Store store, SecretRecords records, SecretTimers timers) {
        this.store = store;
        this.records = records;
        this.timers = timers;
    }

    @Override
    public RestoreSecretResponse handle(Caller caller, RestoreSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.require(tx, caller, id);
            if (secret.isReplica()) {
                throw SecretsManagerErrors.onReplica();
            }
            if (secret.isDeleted()) {
                StoredSecret restored = secret.own().change().deletionMillis(null).done();
                records.put(tx, secret.name(), restored);
                timers.cancel(tx, SecretTimers.Purpose.DELETION, secret);
                StoredRotation rotation = restored.rotation();
                if (rotation != null && rotation.nextMillis() != null) {
                    timers.set(tx, SecretTimers.Purpose.ROTATION, secret, rotation.nextMillis());
                }
            }
            return new RestoreSecretResponse(secret.arn().toString(), secret.own().name());
        });
    }
}

package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.CancelRotateSecretRequest;
import io.millrace.api.secretsmanager.CancelRotateSecretResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `CancelRotateSecret`: a secret is no longer rotated by itself; the labels stay as they are.
/// Errors: `InvalidRequestException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html).
final class CancelRotateSecret
        implements Operation<CancelRotateSecretRequest, CancelRotateSecretResponse> {
    private final Store store;
    private final SecretRecords records;
    private final SecretTimers timers;

    CancelRotateSecret(Store store, SecretRecords records, SecretTimers timers) {
        this.store = store;
        this.records = records;
        this.timers = timers;
    }

    @Override
    public CancelRotateSecretResponse handle(Caller caller, CancelRotateSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            StoredRotation rotation = secret.own().rotation();
            if (rotation == null) {
                throw SecretsManagerErrors.invalidRequest(
                        "You tried to enable rotation on a secret that doesn't already have a"
                                + " Lambda function ARN configured and you didn't include such an"
                                + " ARN as a parameter in this call.");
            }
            StoredSecret cancelled = secret.own().change().rotation(rotation.disabled()).done();
            records.put(tx, secret.name(), cancelled);
            timers.cancel(tx, SecretTimers.Purpose.ROTATION, secret);
            return CancelRotateSecretResponse.builder()
                    .arn(secret.arn().toString())
                    .name(secret.own().name())
                    .versionId(secret.versions().get(Labels.PENDING))
                    .build();
        });
    }
}

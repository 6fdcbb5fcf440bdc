package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.RotateSecretRequest;
import io.millrace.api.secretsmanager.RotateSecretResponse;
import io.millrace.api.secretsmanager.RotationRulesType;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `RotateSecret`: sets how a secret is rotated, and begins a rotation. A function cannot be
/// invoked, which is refused as AWS refuses it; a queue can be told: see [Rotations]. Errors:
/// `AccessDeniedException`, `InvalidParameterException`, `InvalidRequestException`,
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html).
final class RotateSecret implements Operation<RotateSecretRequest, RotateSecretResponse> {
    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;
    private final Rotations rotations;

    RotateSecret(Store store, InstantSource clock, SecretRecords records, Rotations rotations) {
        this.store = store;
        this.clock = clock;
        this.records = records;
        this.rotations = rotations;
    }

    @Override
    public RotateSecretResponse handle(Caller caller, RotateSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        String token = request.clientRequestToken();
        if (token == null) {
            throw SecretsManagerErrors.noTokenForRotation();
        }
        if (request.externalSecretRotationMetadata() != null
                || request.externalSecretRotationRoleArn() != null) {
            throw SecretsManagerErrors.invalidParameter(
                    "Secrets of other vendors are not rotated here.");
        }
        if (request.rotationRules() != null) {
            RotationRules.check(request.rotationRules());
        }
        return store.write(tx -> rotate(tx, caller, id, token, request));
    }

    private RotateSecretResponse rotate(
            Transaction tx, Caller caller, SecretId id, String token, RotateSecretRequest request) {
        Secret secret = records.requireChangeable(tx, caller, id);
        boolean repeated = token.equals(secret.versions().get(Labels.PENDING));
        if (repeated) {
            return response(secret, token);
        }
        StoredRotation rotation = rotation(secret.own().rotation(), request);
        if (!Rotations.isQueue(rotation.target())) {
            throw SecretsManagerErrors.cannotInvoke();
        }
        boolean now = !Boolean.FALSE.equals(request.rotateImmediately());
        if (now && Rotations.isUnderWay(secret)) {
            throw SecretsManagerErrors.invalidRequest(
                    "A previous rotation isn't complete. That rotation will be reattempted.");
        }
        Secret begun = now ? rotations.begin(tx, secret, rotation, token) : secret;
        Secret scheduled = rotations.schedule(tx, begun, rotation, clock.instant());
        records.put(tx, scheduled.name(), scheduled.own());
        return response(scheduled, now ? token : null);
    }

    /// What the request tells; the rest is as it was.
    private static StoredRotation rotation(
            @Nullable StoredRotation before, RotateSecretRequest request) {
        String target = request.rotationLambdaARN();
        if (target == null || target.isEmpty()) {
            target = before == null ? null : before.target();
        }
        if (target == null) {
            throw SecretsManagerErrors.invalidRequest(
                    "No Lambda rotation function ARN is associated with this secret.");
        }
        RotationRulesType rules = request.rotationRules();
        if (rules == null && before != null) {
            rules = RotationRules.shape(before);
        }
        return new StoredRotation(
                true,
                target,
                rules == null ? null : rules.automaticallyAfterDays(),
                rules == null ? null : rules.scheduleExpression(),
                rules == null ? null : rules.duration(),
                null,
                before == null ? null : before.rotatedMillis());
    }

    private static RotateSecretResponse response(Secret secret, @Nullable String versionId) {
        return RotateSecretResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .versionId(versionId)
                .build();
    }
}

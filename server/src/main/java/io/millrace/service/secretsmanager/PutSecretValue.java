package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.PutSecretValueRequest;
import io.millrace.api.secretsmanager.PutSecretValueResponse;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `PutSecretValue`: a new version of a secret, durable when it returns. Errors:
/// `InvalidParameterException`, `InvalidRequestException`, `LimitExceededException`,
/// `ResourceExistsException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html).
final class PutSecretValue implements Operation<PutSecretValueRequest, PutSecretValueResponse> {
    private final ValueWriter writer;
    private final Versions versions;

    PutSecretValue(ValueWriter writer, Versions versions) {
        this.writer = writer;
        this.versions = versions;
    }

    @Override
    public PutSecretValueResponse handle(Caller caller, PutSecretValueRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        SecretValue value = SecretValue.of(request.secretString(), request.secretBinary());
        String token = request.clientRequestToken();
        if (token == null) {
            throw SecretsManagerErrors.noToken();
        }
        if (value == null) {
            throw SecretsManagerErrors.noValue();
        }
        List<String> asked = request.versionStages();
        List<String> labels = asked == null ? List.of(Labels.CURRENT) : asked;
        return writer.write(
                caller,
                id,
                token,
                value,
                (tx, secret, sealed, there) ->
                        switch (there) {
                            case OTHER -> throw SecretsManagerErrors.versionExists();
                            case SAME -> response(secret, token);
                            case NOTHING -> put(tx, secret, token, sealed, labels);
                        });
    }

    private PutSecretValueResponse put(
            Transaction tx, Secret secret, String token, byte[] sealed, List<String> labels) {
        return response(versions.add(tx, secret, token, sealed, labels), token);
    }

    private static PutSecretValueResponse response(Secret secret, String versionId) {
        List<String> labels = secret.labels(versionId);
        return PutSecretValueResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .versionId(versionId)
                .versionStages(labels.isEmpty() ? null : labels)
                .build();
    }
}

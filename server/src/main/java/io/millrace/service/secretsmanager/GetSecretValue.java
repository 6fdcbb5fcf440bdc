package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.GetSecretValueRequest;
import io.millrace.api.secretsmanager.GetSecretValueResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `GetSecretValue`: a version's value, by the version or a staging label. Errors:
/// `InvalidRequestException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
final class GetSecretValue implements Operation<GetSecretValueRequest, GetSecretValueResponse> {
    private final ValueReader reader;

    GetSecretValue(ValueReader reader) {
        this.reader = reader;
    }

    @Override
    public GetSecretValueResponse handle(Caller caller, GetSecretValueRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        ValueReader.Read read =
                reader.read(caller, id, request.versionId(), request.versionStage());
        List<String> labels = read.secret().labels(read.versionId());
        return GetSecretValueResponse.builder()
                .arn(read.secret().arn().toString())
                .name(read.secret().own().name())
                .versionId(read.versionId())
                .secretString(read.value().text())
                .secretBinary(read.value().binary())
                .versionStages(labels.isEmpty() ? null : labels)
                .createdDate(Secret.instant(read.version().createdMillis()))
                .build();
    }
}

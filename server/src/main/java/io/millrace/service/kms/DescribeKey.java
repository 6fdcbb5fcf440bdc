package io.millrace.service.kms;

import io.millrace.api.kms.DescribeKeyRequest;
import io.millrace.api.kms.DescribeKeyResponse;
import io.millrace.api.kms.KeyMetadata;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeKey`: by id, ARN or alias; the key of a service is made when its alias is first asked
/// for. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html).
final class DescribeKey implements Operation<DescribeKeyRequest, DescribeKeyResponse> {
    private final Keys keys;

    DescribeKey(Keys keys) {
        this.keys = keys;
    }

    @Override
    public DescribeKeyResponse handle(Caller caller, DescribeKeyRequest request) {
        KeyMetadata metadata =
                keys.read(
                        caller,
                        request.keyId(),
                        KeyAction.of("DescribeKey", request.grantTokens()),
                        (_, key) -> KeyShapes.metadata(key));
        return DescribeKeyResponse.builder().keyMetadata(metadata).build();
    }
}

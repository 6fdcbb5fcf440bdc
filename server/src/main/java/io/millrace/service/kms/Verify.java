package io.millrace.service.kms;

import io.millrace.api.kms.VerifyRequest;
import io.millrace.api.kms.VerifyResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `Verify`: whether a signature is the key's. Errors: see [KeyUses] and [Signing], and
/// `KMSInvalidSignatureException` when it is not. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html).
final class Verify implements Operation<VerifyRequest, VerifyResponse> {
    private final KeyUses uses;

    Verify(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public VerifyResponse handle(Caller caller, VerifyRequest request) {
        KeyAction action =
                KeyAction.of("Verify", request.grantTokens())
                        .with("kms:signingalgorithm", request.signingAlgorithm())
                        .with("kms:messagetype", request.messageType());
        Usable usable = uses.use(caller, request.keyId(), action, KeyUsage.SIGN_VERIFY, "Verify");
        Signing signing = new Signing(usable, request.signingAlgorithm(), request.messageType());
        boolean valid = signing.verify(request.message(), request.signature());
        DryRun.end(request.dryRun());
        if (!valid) {
            throw KmsErrors.invalidSignature();
        }
        return VerifyResponse.builder()
                .keyId(usable.key().arn())
                .signatureValid(true)
                .signingAlgorithm(request.signingAlgorithm())
                .build();
    }
}

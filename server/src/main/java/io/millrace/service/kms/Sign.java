package io.millrace.service.kms;

import io.millrace.api.kms.SignRequest;
import io.millrace.api.kms.SignResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `Sign`: a message of up to 4 KiB, or its digest. ECDSA's signatures are DER, as at AWS. Errors:
/// see [KeyUses] and [Signing]. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html).
final class Sign implements Operation<SignRequest, SignResponse> {
    private final KeyUses uses;

    Sign(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public SignResponse handle(Caller caller, SignRequest request) {
        KeyAction action =
                KeyAction.of("Sign", request.grantTokens())
                        .with("kms:signingalgorithm", request.signingAlgorithm())
                        .with("kms:messagetype", request.messageType());
        Usable usable = uses.use(caller, request.keyId(), action, KeyUsage.SIGN_VERIFY, "Sign");
        Signing signing = new Signing(usable, request.signingAlgorithm(), request.messageType());
        DryRun.end(request.dryRun());
        return SignResponse.builder()
                .keyId(usable.key().arn())
                .signature(signing.sign(request.message(), uses.materials()))
                .signingAlgorithm(request.signingAlgorithm())
                .build();
    }
}

package io.millrace.service.kms;

import io.millrace.api.kms.DeriveSharedSecretRequest;
import io.millrace.api.kms.DeriveSharedSecretResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;

import javax.crypto.KeyAgreement;

/// `DeriveSharedSecret`: ECDH with another's public key on the same curve. Errors: see [KeyUses],
/// and `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html).
final class DeriveSharedSecret
        implements Operation<DeriveSharedSecretRequest, DeriveSharedSecretResponse> {
    private final KeyUses uses;

    DeriveSharedSecret(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public DeriveSharedSecretResponse handle(Caller caller, DeriveSharedSecretRequest request) {
        if (request.recipient() != null) {
            throw KmsErrors.notImplemented("recipients in Nitro enclaves");
        }
        String algorithm = request.keyAgreementAlgorithm();
        KeyAction action =
                KeyAction.of("DeriveSharedSecret", request.grantTokens())
                        .with("kms:keyagreementalgorithm", algorithm);
        Usable usable =
                uses.use(
                        caller,
                        request.keyId(),
                        action,
                        KeyUsage.KEY_AGREEMENT,
                        "DeriveSharedSecret");
        byte[] secret = agree(usable, request.publicKey());
        DryRun.end(request.dryRun());
        return DeriveSharedSecretResponse.builder()
                .keyId(usable.key().arn())
                .sharedSecret(secret)
                .keyAgreementAlgorithm(algorithm)
                .keyOrigin(usable.key().origin())
                .build();
    }

    private static byte[] agree(Usable usable, byte[] encoded) {
        try {
            PublicKey other =
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(usable.pair().privateKey());
            agreement.doPhase(other, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException _) { // no point on this curve
            throw KmsErrors.validation(
                    "The public key is not a valid one for the key spec "
                            + usable.key().spec()
                            + ".");
        }
    }
}

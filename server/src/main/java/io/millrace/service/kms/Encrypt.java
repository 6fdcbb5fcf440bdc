package io.millrace.service.kms;

import io.millrace.api.kms.EncryptRequest;
import io.millrace.api.kms.EncryptResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `Encrypt`: up to 4 KiB, with a key's current material. Errors: see [KeyUses], and
/// `ValidationException` for what RSA cannot take. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html).
final class Encrypt implements Operation<EncryptRequest, EncryptResponse> {
    private final KeyUses uses;

    Encrypt(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public EncryptResponse handle(Caller caller, EncryptRequest request) {
        String algorithm =
                request.encryptionAlgorithm() == null
                        ? Encryption.SYMMETRIC
                        : request.encryptionAlgorithm();
        KeyAction action =
                KeyAction.of("Encrypt", request.encryptionContext(), request.grantTokens())
                        .with("kms:encryptionalgorithm", algorithm);
        Usable usable =
                uses.use(caller, request.keyId(), action, KeyUsage.ENCRYPT_DECRYPT, "Encrypt");
        byte[] ciphertext =
                Encryption.encrypt(
                        usable,
                        uses.materials(),
                        algorithm,
                        action.encryptionContext(),
                        request.plaintext());
        DryRun.end(request.dryRun());
        return EncryptResponse.builder()
                .ciphertextBlob(ciphertext)
                .keyId(usable.key().arn())
                .encryptionAlgorithm(algorithm)
                .build();
    }
}

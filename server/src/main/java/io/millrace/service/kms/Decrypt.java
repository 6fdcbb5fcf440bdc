package io.millrace.service.kms;

import io.millrace.api.kms.DecryptRequest;
import io.millrace.api.kms.DecryptResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `Decrypt`: with the material that a ciphertext was made with, however often the key has rotated
/// since. Errors: see [KeyUses], and `InvalidCiphertextException`, `IncorrectKeyException`. Source:
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
final class Decrypt implements Operation<DecryptRequest, DecryptResponse> {
    private final KeyUses uses;

    Decrypt(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public DecryptResponse handle(Caller caller, DecryptRequest request) {
        if (request.recipient() != null) {
            throw KmsErrors.notImplemented("recipients in Nitro enclaves");
        }
        String algorithm =
                request.encryptionAlgorithm() == null
                        ? Encryption.SYMMETRIC
                        : request.encryptionAlgorithm();
        KeyAction action =
                KeyAction.of("Decrypt", request.encryptionContext(), request.grantTokens())
                        .with("kms:encryptionalgorithm", algorithm);
        Decryption.Opened opened =
                new Decryption(
                                request.ciphertextBlob(),
                                request.keyId(),
                                algorithm,
                                action,
                                request.dryRun(),
                                request.dryRunModifiers())
                        .open(caller, uses, "Decrypt");
        DryRun.end(request.dryRun());
        return DecryptResponse.builder()
                .keyId(opened.usable().key().arn())
                .plaintext(opened.plain())
                .encryptionAlgorithm(algorithm)
                .keyMaterialId(MaterialIds.shown(opened.usable()))
                .build();
    }
}

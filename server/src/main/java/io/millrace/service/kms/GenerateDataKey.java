package io.millrace.service.kms;

import io.millrace.api.kms.GenerateDataKeyRequest;
import io.millrace.api.kms.GenerateDataKeyResponse;
import io.millrace.api.kms.GenerateDataKeyWithoutPlaintextRequest;
import io.millrace.api.kms.GenerateDataKeyWithoutPlaintextResponse;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// `GenerateDataKey` and `GenerateDataKeyWithoutPlaintext`: random bytes for the caller to encrypt
/// with, and the same sealed by a symmetric key. Errors: see [KeyUses]. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html).
final class GenerateDataKey {
    private final KeyUses uses;

    GenerateDataKey(KeyUses uses) {
        this.uses = uses;
    }

    GenerateDataKeyResponse withPlaintext(Caller caller, GenerateDataKeyRequest request) {
        if (request.recipient() != null) {
            throw KmsErrors.notImplemented("recipients in Nitro enclaves");
        }
        int count = count(request.numberOfBytes(), request.keySpec());
        KeyAction action =
                KeyAction.of("GenerateDataKey", request.encryptionContext(), request.grantTokens());
        Usable usable = use(caller, request.keyId(), action);
        DryRun.end(request.dryRun());
        byte[] plain = uses.materials().randomBytes(count);
        return GenerateDataKeyResponse.builder()
                .ciphertextBlob(seal(usable, action, plain))
                .plaintext(plain)
                .keyId(usable.key().arn())
                .keyMaterialId(usable.materialId())
                .build();
    }

    GenerateDataKeyWithoutPlaintextResponse withoutPlaintext(
            Caller caller, GenerateDataKeyWithoutPlaintextRequest request) {
        int count = count(request.numberOfBytes(), request.keySpec());
        KeyAction action =
                KeyAction.of(
                        "GenerateDataKeyWithoutPlaintext",
                        request.encryptionContext(),
                        request.grantTokens());
        Usable usable = use(caller, request.keyId(), action);
        DryRun.end(request.dryRun());
        return GenerateDataKeyWithoutPlaintextResponse.builder()
                .ciphertextBlob(seal(usable, action, uses.materials().randomBytes(count)))
                .keyId(usable.key().arn())
                .keyMaterialId(usable.materialId())
                .build();
    }

    private Usable use(Caller caller, String keyId, KeyAction action) {
        KeyAction asked = action.with("kms:encryptionalgorithm", Encryption.SYMMETRIC);
        Usable usable = uses.use(caller, keyId, asked, KeyUsage.ENCRYPT_DECRYPT, action.name());
        if (usable.key().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.algorithm(Encryption.SYMMETRIC, usable.key().spec());
        }
        return usable;
    }

    private byte[] seal(Usable usable, KeyAction action, byte[] plain) {
        return Ciphertext.seal(usable, uses.materials(), action.encryptionContext(), plain).bytes();
    }

    private static int count(@Nullable Integer numberOfBytes, @Nullable String keySpec) {
        if ((numberOfBytes == null) == (keySpec == null)) {
            throw KmsErrors.validation("Please specify either number of bytes or key spec.");
        }
        return numberOfBytes != null ? numberOfBytes : "AES_128".equals(keySpec) ? 16 : 32;
    }
}

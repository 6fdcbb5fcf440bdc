package io.millrace.service.kms;

import io.millrace.api.kms.GenerateDataKeyPairRequest;
import io.millrace.api.kms.GenerateDataKeyPairResponse;
import io.millrace.api.kms.GenerateDataKeyPairWithoutPlaintextRequest;
import io.millrace.api.kms.GenerateDataKeyPairWithoutPlaintextResponse;
import io.millrace.wire.Caller;

import java.security.KeyPair;

/// `GenerateDataKeyPair` and `GenerateDataKeyPairWithoutPlaintext`: a key pair for the caller,
/// whose private key, in PKCS 8, comes sealed by a symmetric key too. Errors: see [KeyUses].
/// Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html).
final class GenerateDataKeyPair {
    private final KeyUses uses;

    GenerateDataKeyPair(KeyUses uses) {
        this.uses = uses;
    }

    GenerateDataKeyPairResponse withPlaintext(Caller caller, GenerateDataKeyPairRequest request) {
        if (request.recipient() != null) {
            throw KmsErrors.notImplemented("recipients in Nitro enclaves");
        }
        KeySpec spec = KeySpec.of(request.keyPairSpec());
        KeyAction action =
                KeyAction.of(
                                "GenerateDataKeyPair",
                                request.encryptionContext(),
                                request.grantTokens())
                        .with("kms:datakeypairspec", spec);
        Usable usable = use(caller, request.keyId(), action);
        DryRun.end(request.dryRun());
        KeyPair pair = uses.materials().pair(spec);
        return GenerateDataKeyPairResponse.builder()
                .privateKeyCiphertextBlob(seal(usable, action, pair))
                .privateKeyPlaintext(pair.getPrivate().getEncoded())
                .publicKey(pair.getPublic().getEncoded())
                .keyId(usable.key().arn())
                .keyPairSpec(spec.name())
                .keyMaterialId(usable.materialId())
                .build();
    }

    GenerateDataKeyPairWithoutPlaintextResponse withoutPlaintext(
            Caller caller, GenerateDataKeyPairWithoutPlaintextRequest request) {
        KeySpec spec = KeySpec.of(request.keyPairSpec());
        KeyAction action =
                KeyAction.of(
                                "GenerateDataKeyPairWithoutPlaintext",
                                request.encryptionContext(),
                                request.grantTokens())
                        .with("kms:datakeypairspec", spec);
        Usable usable = use(caller, request.keyId(), action);
        DryRun.end(request.dryRun());
        KeyPair pair = uses.materials().pair(spec);
        return GenerateDataKeyPairWithoutPlaintextResponse.builder()
                .privateKeyCiphertextBlob(seal(usable, action, pair))
                .publicKey(pair.getPublic().getEncoded())
                .keyId(usable.key().arn())
                .keyPairSpec(spec.name())
                .keyMaterialId(usable.materialId())
                .build();
    }

    private Usable use(Caller caller, String keyId, KeyAction action) {
        Usable usable = uses.use(caller, keyId, action, KeyUsage.ENCRYPT_DECRYPT, action.name());
        if (usable.key().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.algorithm(Encryption.SYMMETRIC, usable.key().spec());
        }
        return usable;
    }

    private byte[] seal(Usable usable, KeyAction action, KeyPair pair) {
        byte[] plain = pair.getPrivate().getEncoded();
        return Ciphertext.seal(usable, uses.materials(), action.encryptionContext(), plain).bytes();
    }
}

package io.millrace.service.kms;

import io.millrace.api.kms.GetPublicKeyRequest;
import io.millrace.api.kms.GetPublicKeyResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `GetPublicKey`: in X.509's `SubjectPublicKeyInfo`, DER. Errors: see [KeyUses], and
/// `UnsupportedOperationException` for a key that has none. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html).
final class GetPublicKey implements Operation<GetPublicKeyRequest, GetPublicKeyResponse> {
    private final KeyUses uses;

    GetPublicKey(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public GetPublicKeyResponse handle(Caller caller, GetPublicKeyRequest request) {
        KeyAction action = KeyAction.of("GetPublicKey", request.grantTokens());
        Usable usable = uses.use(caller, request.keyId(), action, null, "GetPublicKey");
        StoredKey key = usable.key();
        if (!(usable.material() instanceof Material.Pair pair)) {
            throw KmsErrors.spec(key);
        }
        return GetPublicKeyResponse.builder()
                .keyId(key.arn())
                .publicKey(pair.publicKey().getEncoded())
                .customerMasterKeySpec(KeyShapes.oldSpec(key.spec()))
                .keySpec(key.spec().name())
                .keyUsage(key.usage().name())
                .encryptionAlgorithms(KeyShapes.encryption(key))
                .signingAlgorithms(KeyShapes.signing(key))
                .keyAgreementAlgorithms(KeyShapes.agreement(key))
                .build();
    }
}

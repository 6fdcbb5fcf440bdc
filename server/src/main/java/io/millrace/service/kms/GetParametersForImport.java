package io.millrace.service.kms;

import io.millrace.api.kms.GetParametersForImportRequest;
import io.millrace.api.kms.GetParametersForImportResponse;
import io.millrace.engine.Store;
import io.millrace.secret.Secrets;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;

/// `GetParametersForImport`: a public key to wrap material with, and a token that opens it within
/// 24 hours. Errors: `NotFoundException`, `KMSInvalidStateException`,
/// `UnsupportedOperationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html).
final class GetParametersForImport
        implements Operation<GetParametersForImportRequest, GetParametersForImportResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Keys keys;
    private final Materials materials;
    private final Secrets secrets;

    GetParametersForImport(
            Store store, InstantSource clock, Keys keys, Materials materials, Secrets secrets) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.materials = materials;
        this.secrets = secrets;
    }

    @Override
    public GetParametersForImportResponse handle(
            Caller caller, GetParametersForImportRequest request) {
        String algorithm = request.wrappingAlgorithm();
        KeyAction action =
                KeyAction.of("GetParametersForImport")
                        .with("kms:wrappingalgorithm", algorithm)
                        .with("kms:wrappingkeyspec", request.wrappingKeySpec());
        StoredKey key =
                store.read(snapshot -> keys.requireOwn(snapshot, caller, request.keyId(), action));
        ImportKeyMaterial.requireExternal(key.requireAlive());
        KeySpec wrapping = KeySpec.of(request.wrappingKeySpec());
        if (algorithm.equals("RSAES_PKCS1_V1_5") || algorithm.equals("SM2PKE")) {
            throw KmsErrors.unsupported(
                    "The wrapping algorithm " + algorithm + " is not supported.");
        }
        if (!key.spec().isSymmetric() && !algorithm.startsWith("RSA_AES")) {
            throw KmsErrors.unsupported(
                    "The wrapping algorithm "
                            + algorithm
                            + " does not take key material of the key spec "
                            + key.spec()
                            + ".");
        }
        KeyPair pair = materials.pair(wrapping);
        Instant end = clock.instant().plus(KmsLimits.IMPORT_TOKEN_AGE);
        byte[] token =
                new ImportToken(end.toEpochMilli(), algorithm, pair.getPrivate().getEncoded())
                        .seal(secrets, key.name());
        return GetParametersForImportResponse.builder()
                .keyId(key.arn())
                .importToken(token)
                .publicKey(pair.getPublic().getEncoded())
                .parametersValidTo(end)
                .build();
    }
}

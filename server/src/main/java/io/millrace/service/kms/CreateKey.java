package io.millrace.service.kms;

import io.millrace.api.kms.CreateKeyRequest;
import io.millrace.api.kms.CreateKeyResponse;
import io.millrace.engine.Store;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `CreateKey`: a key, with its material unless that is to be imported. Durable when it returns.
/// Errors: `MalformedPolicyDocumentException`, `TagException`, `UnsupportedOperationException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html).
final class CreateKey implements Operation<CreateKeyRequest, CreateKeyResponse> {
    private static final String MULTI_REGION_PREFIX = "mrk-";
    private static final int MULTI_REGION_DIGITS = 32;

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Keys keys;
    private final Materials materials;

    CreateKey(Store store, InstantSource clock, Ids ids, Keys keys, Materials materials) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
        this.materials = materials;
    }

    @Override
    public CreateKeyResponse handle(Caller caller, CreateKeyRequest request) {
        StoredKey wanted = check(caller, request);
        if (wanted.external()) {
            return put(wanted, null);
        }
        Materials.Made made = materials.make(wanted.name(), wanted.spec());
        StoredMaterial first = StoredMaterial.made(made.id(), wanted.createdMillis(), null);
        return put(wanted.change().materials(List.of(first)).build(), made);
    }

    private CreateKeyResponse put(StoredKey key, Materials.@Nullable Made made) {
        store.write(tx -> {
            keys.put(tx, key);
            if (made != null) {
                Materials.put(tx, key.name(), made);
            }
            return key;
        });
        return CreateKeyResponse.builder().keyMetadata(KeyShapes.metadata(key)).build();
    }

    private StoredKey check(Caller caller, CreateKeyRequest request) {
        if (request.customKeyStoreId() != null || request.xksKeyId() != null) {
            throw KmsErrors.notImplemented("custom key stores");
        }
        String origin = request.origin() == null ? StoredKey.AWS : request.origin();
        if (!origin.equals(StoredKey.AWS) && !origin.equals(StoredKey.EXTERNAL)) {
            throw KmsErrors.notImplemented("keys with the origin " + origin);
        }
        KeySpec spec = spec(request);
        boolean multiRegion = Boolean.TRUE.equals(request.multiRegion());
        String id = multiRegion ? MULTI_REGION_PREFIX + ids.hex(MULTI_REGION_DIGITS) : ids.uuid();
        String given = request.policy();
        StoredKey key =
                new StoredKey(
                        caller.accountId(),
                        caller.region(),
                        id,
                        clock.millis(),
                        spec,
                        usage(request, spec),
                        origin,
                        false,
                        request.description() == null ? "" : request.description(),
                        true,
                        given == null ? KeyPermission.defaultPolicy(caller.accountId()) : given,
                        Tags.with(Map.of(), request.tags()),
                        List.of(),
                        null,
                        null,
                        multiRegion ? new StoredKey.Replicas(caller.region(), List.of()) : null);
        if (given != null) {
            Policy policy = KeyPermission.parse(given);
            if (!Boolean.TRUE.equals(request.bypassPolicyLockoutSafetyCheck())) {
                KeyPermission.checkLockout(caller, key, policy);
            }
        }
        return key;
    }

    private static KeySpec spec(CreateKeyRequest request) {
        if (request.keySpec() != null && request.customerMasterKeySpec() != null) {
            throw KmsErrors.validation(
                    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
                            + " CustomerMasterKeySpec is deprecated.");
        }
        if (request.keySpec() != null) {
            return KeySpec.of(request.keySpec());
        }
        return request.customerMasterKeySpec() == null
                ? KeySpec.SYMMETRIC_DEFAULT
                : KeySpec.of(request.customerMasterKeySpec());
    }

    private static KeyUsage usage(CreateKeyRequest request, KeySpec spec) {
        if (request.keyUsage() == null) {
            if (spec != KeySpec.SYMMETRIC_DEFAULT) {
                throw KmsErrors.validation(
                        "You must specify a KeyUsage value for all KMS keys except for symmetric"
                                + " encryption keys.");
            }
            return KeyUsage.ENCRYPT_DECRYPT;
        }
        KeyUsage usage = KeyUsage.valueOf(request.keyUsage());
        if (!spec.usages().contains(usage)) {
            throw KmsErrors.validation(
                    "KeyUsage " + usage + " is not compatible with KeySpec " + spec + ".");
        }
        return usage;
    }
}

package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.GetKeyPolicyRequest;
import io.millrace.api.kms.GetKeyPolicyResponse;
import io.millrace.api.kms.ListKeyPoliciesRequest;
import io.millrace.api.kms.ListKeyPoliciesResponse;
import io.millrace.api.kms.PutKeyPolicyRequest;
import io.millrace.engine.Store;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `GetKeyPolicy`, `PutKeyPolicy` and `ListKeyPolicies`. A key has one policy, `default`, which
/// [KeyPermission] evaluates. Errors: `NotFoundException`, `MalformedPolicyDocumentException`,
/// `KMSInvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html).
final class KeyPolicies {
    private static final String NAME = "default";

    private final Store store;
    private final Keys keys;

    KeyPolicies(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    GetKeyPolicyResponse get(Caller caller, GetKeyPolicyRequest request) {
        checkName(request.policyName());
        StoredKey key = require(caller, request.keyId(), "GetKeyPolicy");
        return GetKeyPolicyResponse.builder().policy(key.policy()).policyName(NAME).build();
    }

    Unit put(Caller caller, PutKeyPolicyRequest request) {
        checkName(request.policyName());
        Policy policy = KeyPermission.parse(request.policy());
        boolean bypass = Boolean.TRUE.equals(request.bypassPolicyLockoutSafetyCheck());
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("PutKeyPolicy").with("kms:bypasspolicylockoutsafetycheck", bypass),
                (tx, key) -> {
                    if (!bypass) {
                        KeyPermission.checkLockout(caller, key, policy);
                    }
                    keys.put(tx, key.requireAlive().change().policy(request.policy()).build());
                    return Unit.UNIT;
                });
    }

    ListKeyPoliciesResponse list(Caller caller, ListKeyPoliciesRequest request) {
        require(caller, request.keyId(), "ListKeyPolicies");
        return ListKeyPoliciesResponse.builder()
                .policyNames(List.of(NAME))
                .truncated(false)
                .build();
    }

    private StoredKey require(Caller caller, String keyId, String action) {
        return store.read(
                snapshot -> keys.requireOwn(snapshot, caller, keyId, KeyAction.of(action)));
    }

    private static void checkName(@Nullable String name) {
        if (name != null && !name.equals(NAME)) {
            throw KmsErrors.notFound("No such policy exists");
        }
    }
}

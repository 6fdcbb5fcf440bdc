package io.millrace.service.schemas;

import io.millrace.api.Unit;
import io.millrace.api.schemas.DeleteResourcePolicyRequest;
import io.millrace.api.schemas.GetResourcePolicyRequest;
import io.millrace.api.schemas.GetResourcePolicyResponse;
import io.millrace.api.schemas.PutResourcePolicyRequest;
import io.millrace.api.schemas.PutResourcePolicyResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// `PutResourcePolicy`, `GetResourcePolicy` and `DeleteResourcePolicy`, of registries. A policy is
/// kept and shown. Errors: `NotFoundException`; `PreconditionFailedException` when the revision has
/// changed. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-policy.html).
final class RegistryPolicy {
    private final Store store;
    private final Ids ids;
    private final Registries registries;

    RegistryPolicy(Store store, Ids ids, Registries registries) {
        this.store = store;
        this.ids = ids;
        this.registries = registries;
    }

    PutResourcePolicyResponse put(Caller caller, PutResourcePolicyRequest request) {
        String name = name(request.registryName());
        String policy = check(request.policy());
        StoredRegistry registry =
                store.write(tx -> put(tx, Place.of(caller), name, policy, request));
        return PutResourcePolicyResponse.builder()
                .policy(registry.policy())
                .revisionId(registry.policyRevisionId())
                .build();
    }

    private StoredRegistry put(
            Transaction tx,
            Place place,
            String name,
            String policy,
            PutResourcePolicyRequest request) {
        StoredRegistry before = registries.requireChangeable(tx, place, name);
        String expected = request.revisionId();
        if (expected != null
                && !expected.isEmpty()
                && !Objects.equals(expected, before.policyRevisionId())) {
            throw SchemasErrors.revisionMismatch();
        }
        StoredRegistry registry = before.withPolicy(policy, ids.uuid());
        registries.put(tx, place, registry);
        return registry;
    }

    GetResourcePolicyResponse get(Caller caller, GetResourcePolicyRequest request) {
        String name = name(request.registryName());
        StoredRegistry registry =
                store.read(snapshot -> registries.require(snapshot, Place.of(caller), name));
        if (registry.policy() == null) {
            throw SchemasErrors.policyNotFound(name);
        }
        return GetResourcePolicyResponse.builder()
                .policy(registry.policy())
                .revisionId(registry.policyRevisionId())
                .build();
    }

    Unit delete(Caller caller, DeleteResourcePolicyRequest request) {
        String name = name(request.registryName());
        Place place = Place.of(caller);
        store.write(tx -> {
            StoredRegistry before = registries.requireChangeable(tx, place, name);
            if (before.policy() == null) {
                throw SchemasErrors.policyNotFound(name);
            }
            registries.put(tx, place, before.withPolicy(null, null));
            return true;
        });
        return Unit.UNIT;
    }

    private static String name(@Nullable String registryName) {
        if (registryName == null || registryName.isEmpty()) {
            throw SchemasErrors.badRequest("RegistryName is required.");
        }
        return registryName;
    }

    /// The policy in its normal form, as AWS answers it.
    private static String check(String policy) {
        if (policy.getBytes(StandardCharsets.UTF_8).length > SchemasLimits.POLICY_BYTES_MAX) {
            throw SchemasErrors.badRequest(
                    "The policy must not have more than "
                            + SchemasLimits.POLICY_BYTES_MAX
                            + " bytes.");
        }
        try {
            return Policy.parse(policy).text();
        } catch (PolicyException e) {
            throw SchemasErrors.badRequest(e.message());
        }
    }
}

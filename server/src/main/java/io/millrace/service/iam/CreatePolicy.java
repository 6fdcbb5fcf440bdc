package io.millrace.service.iam;

import io.millrace.api.iam.CreatePolicyRequest;
import io.millrace.api.iam.CreatePolicyResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.ManagedPolicy;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `CreatePolicy`: a managed policy with its version 1. Errors: `EntityAlreadyExists`,
/// `InvalidInput`, `LimitExceeded`, `MalformedPolicyDocument`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html).
final class CreatePolicy implements Operation<CreatePolicyRequest, CreatePolicyResponse> {
    private final Entities entities;
    private final InstantSource clock;

    CreatePolicy(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public CreatePolicyResponse handle(Caller caller, CreatePolicyRequest request) {
        PolicyVersions.checkDocument(request.policyDocument());
        ManagedPolicy policy =
                ManagedPolicy.of(
                                request.policyName(),
                                Entities.path(request.path()),
                                entities.identities().newId(Kind.POLICY),
                                request.description(),
                                request.policyDocument(),
                                clock.millis())
                        .withTags(Tags.with(Map.of(), request.tags(), "TagsPerPolicy"));
        entities.identities().write(tx -> create(tx, caller, policy));
        String arn = policy.arn(caller.accountId());
        return new CreatePolicyResponse(
                Views.listedPolicy(arn, policy, 0, 0).toBuilder()
                        .tags(Tags.listOrNull(policy.tags()))
                        .build());
    }

    private ManagedPolicy create(Transaction tx, Caller caller, ManagedPolicy policy) {
        IdentityStore identities = entities.identities();
        if (identities.policy(tx, caller.accountId(), policy.name()).isPresent()) {
            throw IamErrors.exists(Kind.POLICY, policy.name());
        }
        if (identities.count(tx, caller.accountId(), Kind.POLICY) >= IamLimits.POLICIES_MAX) {
            throw IamErrors.quota("PoliciesPerAccount", IamLimits.POLICIES_MAX);
        }
        identities.put(tx, caller.accountId(), null, policy);
        return policy;
    }
}

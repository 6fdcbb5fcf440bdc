package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeletePolicyRequest;
import io.millrace.api.iam.GetPolicyRequest;
import io.millrace.api.iam.GetPolicyResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Link;
import io.millrace.identity.ManagedPolicy;
import io.millrace.wire.Caller;

/// `GetPolicy` and `DeletePolicy`. Errors: `DeleteConflict`, `InvalidInput`, `NoSuchEntity`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html).
final class ManagedPolicies {
    private final Entities entities;

    ManagedPolicies(Entities entities) {
        this.entities = entities;
    }

    GetPolicyResponse get(Caller caller, GetPolicyRequest request) {
        return entities.identities().read(snapshot -> get(snapshot, caller, request.policyArn()));
    }

    private GetPolicyResponse get(Snapshot snapshot, Caller caller, String arn) {
        IdentityStore identities = entities.identities();
        ManagedPolicy policy = entities.requirePolicy(snapshot, caller, arn);
        String account = caller.accountId();
        return new GetPolicyResponse(
                Views.listedPolicy(
                                arn,
                                policy,
                                identities.count(snapshot, account, Link.ATTACHED, arn),
                                identities.count(snapshot, account, Link.BOUNDARY, arn))
                        .toBuilder()
                        .description(policy.description())
                        .tags(Tags.list(policy.tags()))
                        .build());
    }

    Unit delete(Caller caller, DeletePolicyRequest request) {
        return entities.identities().write(tx -> delete(tx, caller, request.policyArn()));
    }

    private Unit delete(Transaction tx, Caller caller, String arn) {
        IdentityStore identities = entities.identities();
        String account = caller.accountId();
        ManagedPolicy policy = entities.requireOwnPolicy(tx, caller, arn);
        if (identities.count(tx, account, Link.ATTACHED, arn) > 0
                || identities.count(tx, account, Link.BOUNDARY, arn) > 0) {
            throw IamErrors.deleteConflict("Cannot delete a policy attached to entities.");
        }
        if (policy.versions().size() > 1) {
            throw IamErrors.deleteConflict(
                    "This policy has more than one version. Before you delete a policy, you must"
                            + " delete the policy's versions. The default version is deleted with"
                            + " the policy.");
        }
        identities.put(tx, account, policy, null);
        return Unit.UNIT;
    }
}

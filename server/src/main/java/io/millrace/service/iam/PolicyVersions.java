package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.CreatePolicyVersionRequest;
import io.millrace.api.iam.CreatePolicyVersionResponse;
import io.millrace.api.iam.DeletePolicyVersionRequest;
import io.millrace.api.iam.GetPolicyVersionRequest;
import io.millrace.api.iam.GetPolicyVersionResponse;
import io.millrace.api.iam.ListPolicyVersionsRequest;
import io.millrace.api.iam.ListPolicyVersionsResponse;
import io.millrace.api.iam.PolicyVersion;
import io.millrace.api.iam.SetDefaultPolicyVersionRequest;
import io.millrace.engine.Transaction;
import io.millrace.identity.ManagedPolicy;
import io.millrace.wire.Caller;

import java.time.InstantSource;
import java.util.List;

/// Versions of managed policies: `CreatePolicyVersion`, `GetPolicyVersion`, `ListPolicyVersions`,
/// `SetDefaultPolicyVersion` and `DeletePolicyVersion`. Errors: `DeleteConflict`, `LimitExceeded`,
/// `MalformedPolicyDocument`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html).
final class PolicyVersions {
    private final Entities entities;
    private final InstantSource clock;

    PolicyVersions(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    static void checkDocument(String document) {
        PolicyDocument.checkGrants(document);
        if (PolicyDocument.size(document) > IamLimits.MANAGED_POLICY_CHARACTERS_MAX) {
            throw IamErrors.quota("PolicySize", IamLimits.MANAGED_POLICY_CHARACTERS_MAX);
        }
    }

    CreatePolicyVersionResponse create(Caller caller, CreatePolicyVersionRequest request) {
        checkDocument(request.policyDocument());
        ManagedPolicy policy = entities.identities().write(tx -> create(tx, caller, request));
        return new CreatePolicyVersionResponse(
                Views.listedVersion(policy, policy.versions().getLast()));
    }

    private ManagedPolicy create(
            Transaction tx, Caller caller, CreatePolicyVersionRequest request) {
        ManagedPolicy before = entities.requireOwnPolicy(tx, caller, request.policyArn());
        if (before.versions().size() >= IamLimits.VERSIONS_PER_POLICY_MAX) {
            throw IamErrors.limit(
                    "A managed policy can have up to "
                            + IamLimits.VERSIONS_PER_POLICY_MAX
                            + " versions. Before you create a new version, you must delete an"
                            + " existing version.");
        }
        long now = clock.millis();
        ManagedPolicy after = before.withVersion(request.policyDocument(), now);
        if (Boolean.TRUE.equals(request.setAsDefault())) {
            after = after.withDefault(after.lastVersion(), now);
        }
        entities.identities().put(tx, caller.accountId(), before, after);
        return after;
    }

    GetPolicyVersionResponse get(Caller caller, GetPolicyVersionRequest request) {
        ManagedPolicy policy =
                entities.identities()
                        .read(snapshot ->
                                entities.requirePolicy(snapshot, caller, request.policyArn()));
        ManagedPolicy.Version version = require(policy, request.policyArn(), request.versionId());
        return new GetPolicyVersionResponse(Views.version(policy, version));
    }

    /// The newest first.
    ListPolicyVersionsResponse list(Caller caller, ListPolicyVersionsRequest request) {
        ManagedPolicy policy =
                entities.identities()
                        .read(snapshot ->
                                entities.requirePolicy(snapshot, caller, request.policyArn()));
        List<ManagedPolicy.Version> newestFirst = policy.versions().reversed();
        ListPage<ManagedPolicy.Version> page =
                ListPage.of(
                        newestFirst,
                        version -> String.valueOf(Integer.MAX_VALUE - version.number()),
                        request.marker(),
                        request.maxItems());
        List<PolicyVersion> versions =
                page.items().stream().map(version -> Views.listedVersion(policy, version)).toList();
        return new ListPolicyVersionsResponse(versions, page.isTruncated(), page.marker());
    }

    Unit setDefault(Caller caller, SetDefaultPolicyVersionRequest request) {
        return entities.identities()
                .write(tx -> {
                    ManagedPolicy before =
                            entities.requireOwnPolicy(tx, caller, request.policyArn());
                    ManagedPolicy.Version version =
                            require(before, request.policyArn(), request.versionId());
                    ManagedPolicy after = before.withDefault(version.number(), clock.millis());
                    entities.identities().put(tx, caller.accountId(), before, after);
                    return Unit.UNIT;
                });
    }

    Unit delete(Caller caller, DeletePolicyVersionRequest request) {
        return entities.identities()
                .write(tx -> {
                    ManagedPolicy before =
                            entities.requireOwnPolicy(tx, caller, request.policyArn());
                    ManagedPolicy.Version version =
                            require(before, request.policyArn(), request.versionId());
                    if (version.number() == before.defaultVersion()) {
                        throw IamErrors.deleteConflict(
                                "Cannot delete the default version of a policy.");
                    }
                    ManagedPolicy after = before.withoutVersion(version, clock.millis());
                    entities.identities().put(tx, caller.accountId(), before, after);
                    return Unit.UNIT;
                });
    }

    private static ManagedPolicy.Version require(
            ManagedPolicy policy, String arn, String versionId) {
        return policy.version(versionId)
                .orElseThrow(() -> IamErrors.versionNotFound(arn, versionId));
    }
}

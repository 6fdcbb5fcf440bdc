package io.millrace.service.sts;

import io.millrace.identity.StoredPrincipal;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Layer;
import io.millrace.policy.Ownership;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyKind;
import io.millrace.policy.PolicySet;
import io.millrace.policy.SourcedPolicy;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a role may be assumed: its trust policy must let the caller in, and the caller's own
/// policies too, unless the trust policy names the caller itself in the role's account. Immutable.
final class Trust {
    private static final String NAME = "trust policy";

    /// What the caller asks for.
    ///
    /// @param passed the tags that the request passes
    /// @param inherits whether tags come from the caller's own session
    /// @param sourceIdentity as the request says it, or the caller's session
    /// @param mfa whether a code of a device came with the request
    record Wish(
            String sessionName,
            @Nullable String externalId,
            Map<String, String> passed,
            boolean inherits,
            List<String> transitiveKeys,
            @Nullable String sourceIdentity,
            boolean mfa) {

        Map<String, List<String>> conditions() {
            Map<String, List<String>> conditions = SessionTags.conditions(passed);
            conditions.put("sts:rolesessionname", List.of(sessionName));
            if (externalId != null) {
                conditions.put("sts:externalid", List.of(externalId));
            }
            if (sourceIdentity != null) {
                conditions.put("sts:sourceidentity", List.of(sourceIdentity));
            }
            if (!transitiveKeys.isEmpty()) {
                conditions.put("sts:transitivetagkeys", transitiveKeys);
            }
            if (mfa) {
                conditions.put("aws:multifactorauthpresent", List.of("true"));
                conditions.put("aws:multifactorauthage", List.of("0"));
            }
            return new HashMap<>(conditions);
        }

        List<String> actions() {
            List<String> actions = new ArrayList<>();
            actions.add("sts:AssumeRole");
            if (!passed.isEmpty() || inherits) {
                actions.add("sts:TagSession");
            }
            if (sourceIdentity != null) {
                actions.add("sts:SetSourceIdentity");
            }
            return actions;
        }
    }

    private final boolean enforced;

    /// @param enforced false in development mode, where everyone may do everything
    Trust(boolean enforced) {
        this.enforced = enforced;
    }

    void check(Caller caller, Arn roleArn, StoredPrincipal role, Wish wish) {
        Identity identity = caller.identity();
        if (!enforced || identity == null) {
            return;
        }
        if (identity.type() == PrincipalType.ACCOUNT) {
            throw StsErrors.accessDenied("Roles may not be assumed by root accounts.");
        }
        PolicySet own = PolicySet.of(identity.permissions());
        PolicySet all =
                new PolicySet(
                        own.everything(),
                        own.identity(),
                        own.boundary(),
                        own.session(),
                        List.of(policy(role)));
        Ownership ownership =
                roleArn.accountId().equals(caller.accountId())
                        ? Ownership.OWN_BY_RESOURCE_POLICY
                        : Ownership.OTHER;
        Map<String, List<String>> conditions = wish.conditions();
        for (String action : wish.actions()) {
            Access access = Access.of(caller, action, roleArn).with(conditions);
            if (!Evaluator.decide(all, access, ownership).allows()) {
                throw StsErrors.notAuthorized(caller, action, roleArn.toString());
            }
        }
    }

    private static SourcedPolicy policy(StoredPrincipal role) {
        return new SourcedPolicy(
                Layer.RESOURCE, NAME, Policy.kept(role.traits().trustPolicy(), PolicyKind.TRUST));
    }

    /// Whether the role may be assumed by whom a provider vouches for; its trust policy alone says.
    void check(
            Caller caller, Arn roleArn, StoredPrincipal role, WebIdentity identity, String name) {
        if (!enforced) {
            return;
        }
        PolicySet policies = new PolicySet(false, List.of(), null, null, List.of(policy(role)));
        Map<String, List<String>> conditions = SessionTags.conditions(identity.tags());
        conditions.putAll(identity.conditions());
        conditions.put("sts:rolesessionname", List.of(name));
        List<String> actions = new ArrayList<>(List.of(AssumeRoleWithWebIdentity.ACTION));
        if (!identity.tags().isEmpty()) {
            actions.add("sts:TagSession");
        }
        if (!identity.transitiveTags().isEmpty()) {
            conditions.put("sts:transitivetagkeys", identity.transitiveTags());
        }
        if (identity.sourceIdentity() != null) {
            actions.add("sts:SetSourceIdentity");
            conditions.put("sts:sourceidentity", List.of(identity.sourceIdentity()));
        }
        for (String action : actions) {
            Access access =
                    Access.ofFederated(caller, identity.providerArn(), action, roleArn)
                            .with(conditions);
            if (!Evaluator.decide(policies, access, Ownership.OWN_BY_RESOURCE_POLICY).allows()) {
                throw StsErrors.webIdentityNotAuthorized();
            }
        }
    }
}

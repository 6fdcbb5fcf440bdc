package io.millrace.service.sts;

import io.millrace.api.sts.PolicyDescriptorType;
import io.millrace.engine.Snapshot;
import io.millrace.identity.Grants;
import io.millrace.identity.ManagedPolicy;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.policy.PolicyKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a session is restricted to by the request that begins it.
///
/// @param arns of managed policies
record Restriction(@Nullable String policy, List<String> arns) {

    static Restriction of(@Nullable String policy, @Nullable List<PolicyDescriptorType> listed) {
        List<String> arns = new ArrayList<>();
        for (PolicyDescriptorType each :
                listed == null ? List.<PolicyDescriptorType>of() : listed) {
            arns.add(String.valueOf(each.arn()));
        }
        if (arns.size() > StsLimits.POLICY_ARNS_MAX) {
            throw StsErrors.validation(
                    "A maximum of "
                            + StsLimits.POLICY_ARNS_MAX
                            + " managed session policies can be passed.");
        }
        if (policy != null) {
            check(policy);
        }
        return new Restriction(policy, arns);
    }

    private static void check(String policy) {
        if (policy.length() > StsLimits.POLICY_CHARACTERS_MAX) {
            throw StsErrors.validation(
                    "1 validation error detected: Value at 'policy' failed to satisfy constraint:"
                            + " Member must have length less than or equal to "
                            + StsLimits.POLICY_CHARACTERS_MAX);
        }
        try {
            Policy.parse(policy, PolicyKind.IDENTITY);
        } catch (PolicyException e) {
            throw StsErrors.malformedPolicy(e.message());
        }
    }

    boolean isNone() {
        return policy == null && arns.isEmpty();
    }

    /// The documents, or null for no restriction.
    @Nullable List<String> documentsOrNull(Snapshot snapshot, String accountId, Grants grants) {
        return isNone() ? null : documents(snapshot, accountId, grants);
    }

    /// The documents; the managed ones as they are now, as AWS packs them.
    List<String> documents(Snapshot snapshot, String accountId, Grants grants) {
        List<String> documents = new ArrayList<>();
        if (policy != null) {
            documents.add(policy);
        }
        for (String arn : arns) {
            ManagedPolicy managed =
                    grants.managed(snapshot, accountId, arn)
                            .orElseThrow(() ->
                                    StsErrors.malformedPolicy(
                                            "The policy with ARN " + arn + " was not found."));
            documents.add(managed.document());
        }
        return documents;
    }

    /// How much of what AWS has room for is used; null when nothing was passed.
    @Nullable Integer packedPercent(Map<String, String> tags) {
        if (isNone() && tags.isEmpty()) {
            return null;
        }
        int size = policy == null ? 0 : policy.length();
        for (String arn : arns) {
            size += arn.length();
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            size += tag.getKey().length() + tag.getValue().length();
        }
        int percent = Math.max(1, size * 100 / (2 * StsLimits.POLICY_CHARACTERS_MAX));
        if (percent > 100) {
            throw StsErrors.packedPolicyTooLarge(percent);
        }
        return percent;
    }
}

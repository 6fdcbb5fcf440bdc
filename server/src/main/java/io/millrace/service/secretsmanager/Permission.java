package io.millrace.service.secretsmanager;

import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Ownership;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicySet;
import io.millrace.policy.Verdict;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Who may do what to a secret. In a secret's own account everything is allowed that its policy
/// does not deny; to other accounts nothing is that it does not allow. Source: [resource-based
/// policies](https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html).
final class Permission {
    private static final String PREFIX = "secretsmanager:";
    private static final String TAG = "resourcetag/";

    /// The condition keys that are told beside those of every request.
    static final Set<String> CONDITION_KEYS =
            Set.of(
                    PREFIX + "secretid",
                    PREFIX + "versionid",
                    PREFIX + "versionstage",
                    PREFIX + "secretprimaryregion");

    /// What the root of a secret's account keeps whatever the policy says, so that it can undo a
    /// policy that locks everyone out.
    private static final Set<String> ROOTS =
            Set.of("PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy");

    private Permission() {}

    /// @param context condition keys of this request, in lower case
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    static void check(Caller caller, Secret secret, Map<String, String> context) {
        boolean own = caller.accountId().equals(secret.name().accountId());
        String policy = secret.shared().policy();
        if (own && policy == null) {
            return;
        }
        boolean root = own && caller.principalArn().endsWith(":root");
        if (root && ROOTS.contains(caller.operation())) {
            return;
        }
        Decision decision =
                policy == null
                        ? Decision.IMPLICIT_DENY
                        : Policy.kept(policy).evaluate(access(caller, secret, context));
        if (decision == Decision.EXPLICIT_DENY) {
            throw denied(
                    caller,
                    secret.arn().toString(),
                    "with an explicit deny in a resource-based policy");
        }
        if (!own && decision != Decision.ALLOW) {
            throw denied(caller, secret.arn().toString(), notAllowed(caller));
        }
    }

    /// Checks what whoever called may do by the own policies, for each secret of a batch, which was
    /// not asked before as `GetSecretValue`; the secret's policy is asked as for every caller.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    static void checkIdentity(Caller caller, Secret secret) {
        Identity identity = caller.identity();
        if (identity == null || identity.permissions().unlimited()) {
            return;
        }
        String policy = secret.shared().policy();
        PolicySet policies =
                PolicySet.of(identity.permissions())
                        .withResource(policy == null ? List.of() : List.of(policy));
        decide(caller, policies, access(caller, secret, Map.of()), secret.arn());
    }

    /// As [#checkIdentity(Caller, Secret)], for a secret that is not there.
    static void checkIdentity(Caller caller, SecretId id) {
        Identity identity = caller.identity();
        if (identity != null && !identity.permissions().unlimited()) {
            Arn arn = missing(id);
            Access access = Access.of(caller, PREFIX + caller.operation(), arn);
            decide(caller, PolicySet.of(identity.permissions()), access, arn);
        }
    }

    private static void decide(Caller caller, PolicySet policies, Access access, Arn arn) {
        boolean own = arn.accountId().equals(caller.accountId());
        Verdict verdict = Evaluator.decide(policies, access, own ? Ownership.OWN : Ownership.OTHER);
        if (!verdict.allows()) {
            throw denied(caller, arn.toString(), verdict.denial(access.action()).strip());
        }
    }

    /// What another account does not have is not told to be missing.
    static void checkMissing(Caller caller, SecretId id) {
        if (!caller.accountId().equals(id.whole().accountId())) {
            throw denied(caller, missing(id).toString(), notAllowed(caller));
        }
    }

    private static Arn missing(SecretId id) {
        SecretName name = id.whole();
        return Arn.of(
                SecretName.SERVICE,
                name.region(),
                name.accountId(),
                SecretName.RESOURCE + name.name());
    }

    private static String notAllowed(Caller caller) {
        return "because no resource-based policy allows the "
                + PREFIX
                + caller.operation()
                + " action";
    }

    private static RuntimeException denied(Caller caller, String arn, String why) {
        return SecretsManagerErrors.accessDenied(
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + PREFIX
                        + caller.operation()
                        + " on resource: "
                        + arn
                        + " "
                        + why);
    }

    private static Access access(Caller caller, Secret secret, Map<String, String> context) {
        Access access = Access.of(caller, PREFIX + caller.operation(), secret.arn());
        access = access.with(PREFIX + "secretid", secret.arn().toString());
        access = access.with(PREFIX + "secretprimaryregion", secret.primaryArn().region());
        Map<String, String> tags = secret.shared().tags();
        if (tags != null) {
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                String key = TAG + tag.getKey().toLowerCase(Locale.ROOT);
                access = access.with("aws:" + key, tag.getValue());
                access = access.with(PREFIX + key, tag.getValue());
            }
        }
        for (Map.Entry<String, String> entry : context.entrySet()) {
            access = access.with(entry.getKey(), entry.getValue());
        }
        return access;
    }

    /// Whether a condition can be evaluated.
    static boolean knows(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return Access.knows(lower)
                || CONDITION_KEYS.contains(lower)
                || lower.startsWith("aws:" + TAG)
                || lower.startsWith(PREFIX + TAG);
    }
}

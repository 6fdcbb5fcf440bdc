package io.millrace.service.kms;

import io.millrace.engine.Snapshot;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.Caller;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// Who may do what with a key: what its own policy allows, to whom it trusts an account included,
/// and what a grant allows. Nothing else opens a key, not even to its account's root. Source: [key
/// access](https://docs.aws.amazon.com/kms/latest/developerguide/control-access-overview.html).
final class KeyPermission {
    static final String LOCKOUT =
            "The new key policy will not allow you to update the key policy in the future.";

    private static final String ACTIONS = "kms:";

    /// What is known of calls to KMS, beside [Access#knows].
    private static final List<String> KNOWN =
            List.of(
                    "kms:bypasspolicylockoutsafetycheck",
                    "kms:calleraccount",
                    "kms:customermasterkeyspec",
                    "kms:customermasterkeyusage",
                    "kms:datakeypairspec",
                    "kms:encryptionalgorithm",
                    "kms:encryptioncontextkeys",
                    "kms:expirationmodel",
                    "kms:grantconstrainttype",
                    "kms:granteeprincipal",
                    "kms:grantisforawsresource",
                    "kms:grantoperations",
                    "kms:keyagreementalgorithm",
                    "kms:keyorigin",
                    "kms:keyspec",
                    "kms:keyusage",
                    "kms:macalgorithm",
                    "kms:messagetype",
                    "kms:multiregion",
                    "kms:multiregionkeytype",
                    "kms:primaryregion",
                    "kms:reencryptonsamekey",
                    "kms:replicaregion",
                    "kms:requestalias",
                    "kms:retiringprincipal",
                    "kms:rotationperiodindays",
                    "kms:schedulekeydeletionpendingwindowindays",
                    "kms:signingalgorithm",
                    "kms:validto",
                    "kms:viaservice",
                    "kms:wrappingalgorithm",
                    "kms:wrappingkeyspec");

    private static final List<String> KNOWN_FAMILIES =
            List.of("kms:encryptioncontext:", "aws:resourcetag/");

    private final Grants grants;

    KeyPermission(Grants grants) {
        this.grants = grants;
    }

    /// The policy of a key that was made without one. Source: [default key
    /// policy](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    static String defaultPolicy(String accountId) {
        return """
        {
          "Version" : "2012-10-17",
          "Id" : "key-default-1",
          "Statement" : [ {
            "Sid" : "Enable IAM User Permissions",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "arn:aws:iam::%s:root"
            },
            "Action" : "kms:*",
            "Resource" : "*"
          } ]
        }\
        """
                .formatted(accountId);
    }

    /// Refuses what is no policy, or has conditions that cannot be told.
    ///
    /// @throws io.millrace.wire.ServiceException `MalformedPolicyDocumentException`
    static Policy parse(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > KmsLimits.POLICY_BYTES_MAX) {
            throw KmsErrors.limit("The policy is larger than 32 KiB.");
        }
        try {
            Policy policy = Policy.parse(text);
            for (String key : policy.conditionKeys()) {
                if (!knows(key.toLowerCase(Locale.ROOT))) {
                    throw KmsErrors.notImplemented("the condition key " + key);
                }
            }
            return policy;
        } catch (PolicyException e) {
            throw KmsErrors.malformedPolicy(e.message());
        }
    }

    private static boolean knows(String key) {
        return Access.knows(key)
                || KNOWN.contains(key)
                || KNOWN_FAMILIES.stream().anyMatch(key::startsWith);
    }

    /// Refuses a policy by which the caller locks out itself.
    static void checkLockout(Caller caller, StoredKey key, Policy policy) {
        Access access = access(caller, key, KeyAction.of("PutKeyPolicy"));
        if (policy.evaluate(access) != Decision.ALLOW) {
            throw KmsErrors.malformedPolicy(LOCKOUT);
        }
    }

    /// Checks that the caller may do to the key what it asks for.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`, and for a grant token
    ///   that is none `InvalidGrantTokenException`
    void check(Snapshot snapshot, Caller caller, StoredKey key, KeyAction action) {
        check(snapshot, caller, key, action, _ -> true);
    }

    /// As [#check].
    ///
    /// @param also what a grant must be, beyond allowing it
    void check(
            Snapshot snapshot,
            Caller caller,
            StoredKey key,
            KeyAction action,
            Predicate<StoredGrant> also) {
        action.grantTokens().forEach(Grants::parse);
        Decision decision = Policy.kept(key.policy()).evaluate(access(caller, key, action));
        if (decision == Decision.EXPLICIT_DENY
                || (decision == Decision.IMPLICIT_DENY
                        && !grants.allow(snapshot, caller, key, action, also))) {
            throw KmsErrors.denied(caller, ACTIONS + action.name(), key.arn(), decision);
        }
    }

    private static Access access(Caller caller, StoredKey key, KeyAction action) {
        KeyName name = key.name();
        Access known = Access.of(caller, ACTIONS + action.name(), name.resource());
        Map<String, List<String>> context = new HashMap<>(known.context());
        context.putAll(context(caller, key));
        context.putAll(action.conditions());
        if (!action.encryptionContext().isEmpty()) {
            context.put(
                    "kms:encryptioncontextkeys", List.copyOf(action.encryptionContext().keySet()));
            action.encryptionContext()
                    .forEach((each, value) ->
                            context.put(
                                    "kms:encryptioncontext:" + each.toLowerCase(Locale.ROOT),
                                    List.of(value)));
        }
        key.tags()
                .forEach((tag, value) ->
                        context.put(
                                "aws:resourcetag/" + tag.toLowerCase(Locale.ROOT), List.of(value)));
        return new Access(
                known.principalArn(), known.accountId(), known.action(), known.resource(), context);
    }

    /// What is known of every call that is about a key.
    static Map<String, List<String>> context(Caller caller, StoredKey key) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("kms:calleraccount", List.of(caller.accountId()));
        context.put("kms:keyspec", List.of(key.spec().name()));
        context.put("kms:customermasterkeyspec", List.of(key.spec().name()));
        context.put("kms:keyusage", List.of(key.usage().name()));
        context.put("kms:customermasterkeyusage", List.of(key.usage().name()));
        context.put("kms:keyorigin", List.of(key.origin()));
        context.put("kms:multiregion", List.of(String.valueOf(key.multiRegion())));
        if (key.multiRegion()) {
            context.put("kms:multiregionkeytype", List.of(key.replica() ? "REPLICA" : "PRIMARY"));
        }
        return context;
    }
}

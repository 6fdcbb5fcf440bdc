package io.millrace.policy;

import io.millrace.log.Log;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stands for a policy that was accepted once and cannot be read now, because a newer or an older
/// server kept it: it denies everything to everyone, whatever it may have said. Only the root of
/// the account that owns the resource keeps its access, which it could give to itself in any case,
/// and which it needs to put another policy in place.
final class UnreadablePolicy {
    static final String SID = "UnreadablePolicy";

    private static final Log LOG = Log.of(UnreadablePolicy.class);
    private static final int TOLD_MAX = 1000;
    private static final int SHOWN_CHARACTERS_MAX = 200;
    private static final Set<Integer> TOLD = ConcurrentHashMap.newKeySet();
    private static final List<String> ALL = List.of("*");

    private UnreadablePolicy() {}

    static Policy of(String text, PolicyKind kind, PolicyException why) {
        if (TOLD.size() < TOLD_MAX && TOLD.add(text.hashCode())) {
            LOG.warning(
                    "A stored policy cannot be read and denies everything",
                    "kind",
                    kind,
                    "because",
                    why.message(),
                    "policy",
                    text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS_MAX)));
        }
        return Policy.of(
                text,
                kind == PolicyKind.RESOURCE
                        ? List.of(
                                statement(false, condition("ArnNotLike", "arn:aws:iam::*:root")),
                                statement(
                                        true,
                                        condition(
                                                "ArnEquals",
                                                "arn:aws:iam::${aws:ResourceAccount}:root")))
                        : List.of(statement(false)));
    }

    private static Statement statement(boolean allows, Condition... conditions) {
        return new Statement(
                SID,
                allows,
                false,
                Principals.EVERYONE,
                false,
                ALL,
                false,
                ALL,
                List.of(conditions),
                true);
    }

    private static Condition condition(String operator, String principalArn) {
        return new Condition(
                Condition.Qualifier.NONE,
                Objects.requireNonNull(ConditionOperator.named(operator)),
                false,
                "aws:PrincipalArn",
                List.of(principalArn));
    }
}

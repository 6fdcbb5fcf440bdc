package io.millrace.service.logs;

import io.millrace.delivery.Message;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;

import org.jspecify.annotations.Nullable;

/// Which services may write to a group. AWS lets EventBridge's rules in by the account's resource
/// policies alone, and other services by roles. Source: [permissions of
/// rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
final class DeliveryPermission {
    private static final String RULE = "rule/";
    private static final String ACTION = "logs:PutLogEvents";

    private final Policies policies;
    private final boolean strict;

    /// @param strict whether rules need a policy that lets them in; if not, those of the group's
    ///   own account are let in by whatever does not deny it
    DeliveryPermission(Policies policies, boolean strict) {
        this.policies = policies;
        this.strict = strict;
    }

    /// Checks that the message may be written to the stream.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    void check(Snapshot snapshot, GroupName group, String stream, Message message) {
        Arn source = source(message.sourceArn());
        boolean own = source == null || source.accountId().equals(group.accountId());
        boolean byPolicy =
                source != null
                        && source.service().equals("events")
                        && source.resource().startsWith(RULE);
        Decision decision =
                source == null ? Decision.IMPLICIT_DENY : decide(snapshot, source, group, stream);
        boolean allowed =
                decision == Decision.ALLOW
                        || (decision == Decision.IMPLICIT_DENY && own && !(strict && byPolicy));
        if (!allowed) {
            throw LogsErrors.accessDenied(message.senderId(), group);
        }
    }

    private Decision decide(Snapshot snapshot, Arn source, GroupName group, String stream) {
        Arn resource =
                Arn.of(
                        "logs",
                        group.region(),
                        group.accountId(),
                        "log-group:" + group.name() + ":log-stream:" + stream);
        Access access =
                Access.ofService(
                        source.service() + ".amazonaws.com", source.toString(), ACTION, resource);
        Decision decision = Decision.IMPLICIT_DENY;
        for (StoredPolicy policy : policies.of(snapshot, group.accountId(), group.region())) {
            Decision one = Policy.kept(policy.document()).evaluate(access);
            if (one == Decision.EXPLICIT_DENY) {
                return one;
            }
            decision = one == Decision.ALLOW ? one : decision;
        }
        return decision;
    }

    private static @Nullable Arn source(@Nullable String sourceArn) {
        return sourceArn == null ? null : Arn.parse(sourceArn).orElse(null);
    }
}

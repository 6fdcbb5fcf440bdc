package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.util.Map;

/// Who wants to do what with a topic. In a topic's own account everything is allowed that its
/// policy does not deny; from other accounts nothing is that it does not allow.
///
/// @param action as IAM names it, without its prefix: `Publish`
/// @param context the condition keys that this action has, in lower case
record Permission(Caller caller, String action, Map<String, String> context) {
    static final String PROTOCOL = "sns:protocol";
    static final String ENDPOINT = "sns:endpoint";

    /// The account that asks, which the policy of a new topic compares with its own.
    static final String SOURCE_OWNER = "aws:sourceowner";

    private static final String PREFIX = "SNS:";

    static Permission of(Caller caller, String action) {
        return new Permission(caller, action, Map.of());
    }

    /// `Subscribe`, of which policies may know the endpoint.
    static Permission toSubscribe(Caller caller, String protocol, String endpoint) {
        return new Permission(caller, "Subscribe", Map.of(PROTOCOL, protocol, ENDPOINT, endpoint));
    }

    boolean isOwn(Arn topic) {
        return caller.accountId().equals(topic.accountId());
    }

    /// @throws ServiceException `AuthorizationError`
    void check(Topic topic) {
        Arn arn = topic.arn();
        if (!topic.hasPolicy()) {
            if (!isOwn(arn)) {
                throw denied(arn);
            }
            return;
        }
        Access access =
                Access.of(caller, PREFIX + action, arn).with(SOURCE_OWNER, caller.accountId());
        for (Map.Entry<String, String> entry : context.entrySet()) {
            access = access.with(entry.getKey(), entry.getValue());
        }
        Decision decision = Policy.kept(topic.policy()).evaluate(access);
        if (decision == Decision.EXPLICIT_DENY) {
            throw SnsErrors.explicitlyDenied(caller.principalArn(), action, arn.toString());
        }
        if (decision != Decision.ALLOW && !isOwn(arn)) {
            throw denied(arn);
        }
    }

    ServiceException denied(Arn topic) {
        return SnsErrors.notAuthorized(caller.principalArn(), action, topic.toString());
    }
}

package io.millrace.service.sns;

import io.millrace.delivery.ByRole;
import io.millrace.delivery.Message;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Policy;

import org.jspecify.annotations.Nullable;

/// Whether a service may publish to a topic on behalf of a resource. At AWS only what the topic's
/// policy allows; in development mode also what comes from the topic's own account, as long as the
/// policy is the one that a new topic has, because set-ups that nobody deployed have no other.
///
/// @param secure whether this is not development mode
record ServicePermission(boolean secure) {
    private static final String ACTION = "Publish";

    /// @throws io.millrace.wire.ServiceException `AuthorizationError`
    void check(Topic topic, Message message) {
        Arn arn = topic.arn();
        String sourceArn = message.sourceArn();
        @Nullable Arn source = sourceArn == null ? null : Arn.parse(sourceArn).orElse(null);
        String principal =
                source == null ? message.senderId() : source.service() + ".amazonaws.com";
        boolean own = source == null || source.accountId().equals(topic.accountId());
        Access access = Access.ofService(principal, sourceArn, "SNS:" + ACTION, arn);
        if (!secure && own) {
            access = access.with(Permission.SOURCE_OWNER, topic.accountId());
        }
        switch (Policy.kept(topic.policy()).evaluate(access)) {
            case EXPLICIT_DENY ->
                    throw SnsErrors.explicitlyDenied(principal, ACTION, arn.toString());
            case IMPLICIT_DENY -> {
                if (!ByRole.isOwn(source, topic.accountId())) {
                    throw SnsErrors.notAuthorized(principal, ACTION, arn.toString());
                }
            }
            case ALLOW -> {}
        }
    }
}

package io.millrace.service.sqs;

import io.millrace.delivery.ByRole;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Set;

/// Who may do what to a queue. In a queue's own account everything is allowed that its policy does
/// not deny; to other accounts and to services nothing is that it does not allow. Source:
/// [limitations of
/// policies](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html).
final class Permission {
    static final String BATCH = "Batch";

    /// What no policy can open to another account.
    private static final Set<String> OWNERS =
            Set.of(
                    "AddPermission",
                    "CancelMessageMoveTask",
                    "CreateQueue",
                    "DeleteQueue",
                    "ListMessageMoveTasks",
                    "ListQueues",
                    "ListQueueTags",
                    "RemovePermission",
                    "SetQueueAttributes",
                    "StartMessageMoveTask",
                    "TagQueue",
                    "UntagQueue");

    /// What the root of a queue's account keeps whatever the policy says, so that it can undo a
    /// policy that locks everyone out.
    private static final String ROOTS = "SetQueueAttributes";

    private Permission() {}

    static boolean isOwners(String operation) {
        return OWNERS.contains(operation);
    }

    /// Checks that the caller may do to the queue what it asks for.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDenied`
    static void check(Caller caller, Queue queue) {
        boolean own = caller.accountId().equals(queue.accountId());
        String policy = queue.policy();
        if (own && policy == null) {
            return;
        }
        String operation = caller.operation();
        boolean root = own && caller.principalArn().endsWith(":root");
        if (root && operation.equals(ROOTS)) {
            return;
        }
        String name =
                operation.endsWith(BATCH)
                        ? operation.substring(0, operation.length() - BATCH.length())
                        : operation;
        String action = "sqs:" + name.toLowerCase(Locale.ROOT);
        Decision decision =
                policy == null || (!own && isOwners(name))
                        ? Decision.IMPLICIT_DENY
                        : Policy.kept(policy).evaluate(Access.of(caller, action, queue.resource()));
        if (decision == Decision.EXPLICIT_DENY || (!own && decision != Decision.ALLOW)) {
            throw SqsErrors.denied(caller, action, queue.arn(), decision);
        }
    }

    /// Checks that a service may put messages into the queue.
    ///
    /// @param sourceArn on whose behalf, as a topic; null when nobody says
    /// @param strict whether the queue must have a policy; if not, one without is open to services
    ///   that act for its own account
    /// @throws io.millrace.wire.ServiceException `AccessDenied`
    static void checkDelivery(@Nullable String sourceArn, Queue queue, boolean strict) {
        Arn source = sourceArn == null ? null : Arn.parse(sourceArn).orElse(null);
        String policy = queue.policy();
        boolean allowed;
        if (source != null && ByRole.isOwn(source, queue.accountId())) {
            allowed =
                    policy == null
                            || Policy.kept(policy).evaluate(delivery(source, queue))
                                    != Decision.EXPLICIT_DENY;
        } else if (policy == null) {
            boolean own = source == null || source.accountId().equals(queue.accountId());
            allowed = own && !strict;
        } else {
            allowed =
                    source != null
                            && Policy.kept(policy).evaluate(delivery(source, queue))
                                    == Decision.ALLOW;
        }
        if (!allowed) {
            throw SqsErrors.deliveryDenied(queue);
        }
    }

    private static Access delivery(Arn source, Queue queue) {
        String service = source.service() + ".amazonaws.com";
        return Access.ofService(service, source.toString(), "sqs:SendMessage", queue.resource());
    }
}

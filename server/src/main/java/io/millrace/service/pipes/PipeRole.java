package io.millrace.service.pipes;

import io.millrace.api.pipes.DeadLetterConfig;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Ownership;
import io.millrace.policy.PolicySet;
import io.millrace.wire.Caller;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Identity;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// Whether a pipe's role lets it read its source and reach its target. Thread-safe. Source:
/// [permissions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html).
///
/// @param calls what is asked whether the role may call it; nothing is called
/// @param endpoint our own URL, with which the URLs of queues begin
record PipeRole(ExecutionRoles roles, LocalCalls calls, String endpoint) {
    private static final String SERVICE = "pipes.amazonaws.com";
    private static final String SESSION = "pipe";
    private static final String NO_PERMISSION =
            "The provided customer role does not have permissions to call ";

    /// Why the role does not do, as the reason of a state tells it; null when it does. Outside of
    /// any transaction.
    @Nullable String problem(StoredPipe pipe) {
        if (!roles.areEnforced()) {
            return null;
        }
        PipeSettings settings = pipe.settings();
        Optional<Identity> role =
                roles.assume(
                        new ExecutionRoles.Use(
                                pipe.accountId(),
                                settings.roleArn(),
                                SERVICE,
                                pipe.arn(),
                                SESSION));
        if (role.isEmpty()) {
            return "The provided customer role cannot be assumed by principal '" + SERVICE + "'.";
        }
        Caller caller = Caller.within(role.get(), pipe.region(), SESSION, endpoint);
        String problem =
                SourceKind.of(settings.source()) == SourceKind.SQS
                        ? ofQueue(caller, settings.sourceArn())
                        : ofStream(role.get(), caller, settings);
        return problem == null ? ofTarget(role.get(), caller, pipe) : problem;
    }

    private @Nullable String ofQueue(Caller caller, Arn queue) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("QueueUrl", url(queue));
        String receiving = denied(caller, "sqs", "ReceiveMessage", input);
        if (receiving != null) {
            return receiving + " on SQS";
        }
        String attributes = denied(caller, "sqs", "GetQueueAttributes", input);
        if (attributes != null) {
            return attributes + " on SQS";
        }
        input.put("ReceiptHandle", "-");
        String deleting = denied(caller, "sqs", "DeleteMessage", input);
        return deleting == null ? null : deleting + " on SQS";
    }

    private @Nullable String ofStream(Identity role, Caller caller, PipeSettings settings) {
        Arn stream = settings.sourceArn();
        for (String action : new String[] {"DescribeStream", "GetShardIterator", "GetRecords"}) {
            if (!allows(role, caller, "dynamodb:" + action, stream)) {
                return NO_PERMISSION + action + " on DynamoDB";
            }
        }
        DeadLetterConfig config = settings.stream().deadLetterConfig();
        Arn dead = config == null ? null : Arn.parse(String.valueOf(config.arn())).orElse(null);
        if (dead == null) {
            return null;
        }
        String sending =
                dead.service().equals("sns") ? ofTopic(caller, dead) : ofSending(caller, dead);
        return sending == null
                ? null
                : "Error occurred while sending message to SQS queue: " + dead;
    }

    private @Nullable String ofTarget(Identity role, Caller caller, StoredPipe pipe) {
        Arn target = pipe.settings().targetArn();
        Arn enrichment = pipe.settings().enrichmentArn();
        for (Arn called :
                enrichment == null ? new Arn[] {target} : new Arn[] {enrichment, target}) {
            if (TargetKind.of(called) == TargetKind.API_DESTINATION
                    && !allows(role, caller, "events:InvokeApiDestination", called)) {
                return NO_PERMISSION + "InvokeApiDestination on EventBridge";
            }
        }
        TargetKind kind = TargetKind.of(target);
        if (kind == TargetKind.SQS) {
            return ofSending(caller, target);
        }
        if (kind == TargetKind.SNS) {
            return ofTopic(caller, target);
        }
        boolean bus = kind == TargetKind.EVENT_BUS;
        if (bus && !allows(role, caller, "events:PutEvents", target)) {
            return NO_PERMISSION + "PutEvents on EventBridge";
        }
        boolean logs = kind == TargetKind.LOGS;
        return logs && !allows(role, caller, "logs:PutLogEvents", streams(target))
                ? NO_PERMISSION + "PutLogEvents on CloudWatch Logs"
                : null;
    }

    private @Nullable String ofSending(Caller caller, Arn queue) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("QueueUrl", url(queue));
        input.put("MessageBody", "-");
        String denied = denied(caller, "sqs", "SendMessage", input);
        return denied == null ? null : denied + " on SQS";
    }

    private @Nullable String ofTopic(Caller caller, Arn topic) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("TopicArn", topic.toString());
        input.put("Message", "-");
        String denied = denied(caller, "sns", "Publish", input);
        return denied == null ? null : denied + " on SNS";
    }

    private String url(Arn queue) {
        return endpoint + "/" + queue.accountId() + "/" + queue.resource();
    }

    private static Arn streams(Arn group) {
        String name = group.resource().replaceAll(":\\*$", "");
        return Arn.of("logs", group.region(), group.accountId(), name + ":log-stream:-");
    }

    /// By the role's own policies.
    private static boolean allows(Identity role, Caller caller, String action, Arn resource) {
        return Evaluator.decide(
                        PolicySet.of(role.permissions()),
                        Access.of(caller, action, resource),
                        Ownership.OWN)
                .allows();
    }

    /// By the role's policies and the resource's.
    private @Nullable String denied(
            Caller caller, String service, String action, ObjectNode input) {
        try {
            calls.ask(caller, SERVICE, service, action, input.toString());
            return null;
        } catch (ServiceException _) { // the log tells what was denied
            return NO_PERMISSION + action;
        }
    }
}

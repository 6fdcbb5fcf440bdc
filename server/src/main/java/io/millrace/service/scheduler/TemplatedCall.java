package io.millrace.service.scheduler;

import io.millrace.api.Shape;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.scheduler.EventBridgeParameters;
import io.millrace.api.scheduler.SqsParameters;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.pattern.Arn;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// The operation that a templated target stands for, with its input. Source: [templated
/// targets](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html).
record TemplatedCall(String service, String action, String input) {

    /// Empty for a bus without parameters.
    ///
    /// @param target a queue, a topic or a bus
    /// @param attempt from 1
    /// @param endpoint our own URL, with which the URLs of queues begin
    static Optional<TemplatedCall> of(
            Invocation invocation, Arn target, int attempt, String endpoint) {
        return switch (target.service()) {
            case "sqs" -> Optional.of(sendMessage(invocation, target, attempt, endpoint));
            case "sns" -> Optional.of(publish(invocation, target, attempt));
            case "events" -> putEvents(invocation, target, attempt);
            default -> throw new IllegalStateException("no template of " + target);
        };
    }

    /// What an answer means: of events, each may have been refused by itself.
    static Attempt outcome(Shape output) {
        if (output instanceof PutEventsResponse events && events.entries() != null) {
            for (PutEventsResultEntry entry : events.entries()) {
                if (entry.errorCode() != null) {
                    return new Attempt.Failed(
                            entry.errorCode(), String.valueOf(entry.errorMessage()), false);
                }
            }
        }
        return new Attempt.Delivered();
    }

    private static TemplatedCall sendMessage(
            Invocation invocation, Arn queue, int attempt, String endpoint) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("QueueUrl", endpoint + "/" + queue.accountId() + "/" + queue.resource());
        input.put("MessageBody", invocation.body(attempt));
        SqsParameters parameters = invocation.target().sqsParameters();
        if (parameters != null && parameters.messageGroupId() != null) {
            input.put("MessageGroupId", parameters.messageGroupId());
        }
        return new TemplatedCall("sqs", "SendMessage", input.toString());
    }

    private static TemplatedCall publish(Invocation invocation, Arn topic, int attempt) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put("TopicArn", topic.toString());
        input.put("Message", invocation.body(attempt));
        return new TemplatedCall("sns", "Publish", input.toString());
    }

    private static Optional<TemplatedCall> putEvents(Invocation invocation, Arn bus, int attempt) {
        EventBridgeParameters parameters = invocation.target().eventBridgeParameters();
        if (parameters == null) {
            return Optional.empty();
        }
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        ObjectNode entry = input.putArray("Entries").addObject();
        entry.put("EventBusName", bus.toString());
        entry.put("Source", parameters.source());
        entry.put("DetailType", parameters.detailType());
        String detail = invocation.input(attempt);
        entry.put("Detail", detail == null ? "{}" : detail);
        entry.putArray("Resources").add(invocation.scheduleArn());
        return Optional.of(new TemplatedCall("eventbridge", "PutEvents", input.toString()));
    }
}

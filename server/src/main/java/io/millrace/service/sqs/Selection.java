package io.millrace.service.sqs;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.Renderings;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which attributes of a message a receiver wants to see: system attributes by their names or
/// `All`, under either of two members; message attributes by name, by prefix with `.*`, or `All`.
record Selection(Set<String> systemNames, List<String> names) {

    private static final String ALL = "All";

    private static final Set<String> SYSTEM_NAMES =
            Set.of(
                    ALL,
                    "SenderId",
                    "SentTimestamp",
                    "ApproximateReceiveCount",
                    "ApproximateFirstReceiveTimestamp",
                    "SequenceNumber",
                    "MessageDeduplicationId",
                    "MessageGroupId",
                    Outgoing.TRACE_HEADER,
                    "DeadLetterQueueSourceArn");

    static Selection of(ReceiveMessageRequest request) {
        Set<String> system = new HashSet<>();
        for (List<String> some :
                List.of(
                        orEmpty(request.messageSystemAttributeNames()),
                        orEmpty(request.attributeNames()))) {
            for (String name : some) {
                if (!SYSTEM_NAMES.contains(name) && !QueueAttributes.isKnown(name)) {
                    throw SqsErrors.unknownAttribute(name);
                }
                system.add(name);
            }
        }
        return new Selection(system, orEmpty(request.messageAttributeNames()));
    }

    /// What the receiver gets. Outside of any transaction.
    Message apply(Queue queue, Reception.Received received, Renderings renderings) {
        StoredMessage message = received.message();
        StoredBody.Text body = message.body().in(renderings);
        Map<String, Attribute> attributes = attributes(message.attributes());
        Map<String, String> system = system(queue, received);
        return Message.builder()
                .messageId(message.messageId())
                .receiptHandle(received.handle(queue))
                .md5OfBody(MessageMd5.hex(body.md5()))
                .body(body.text())
                .attributes(system.isEmpty() ? null : system)
                .md5OfMessageAttributes(MessageMd5.ofAttributes(attributes))
                .messageAttributes(attributes.isEmpty() ? null : shapes(attributes))
                .build();
    }

    private Map<String, String> system(Queue queue, Reception.Received received) {
        Map<String, String> values = new LinkedHashMap<>();
        if (systemNames.isEmpty()) {
            return values;
        }
        StoredMessage message = received.message();
        MessageState state = received.state();
        add(values, "SenderId", message.senderId());
        add(values, "ApproximateFirstReceiveTimestamp", "" + message.firstReceivedMillis(state));
        add(values, "ApproximateReceiveCount", "" + message.receiveCount(state));
        add(values, "SentTimestamp", "" + message.sentMillis());
        add(values, "MessageGroupId", message.groupId());
        add(values, "MessageDeduplicationId", message.deduplicationId());
        add(values, Outgoing.TRACE_HEADER, message.traceHeader());
        add(values, "DeadLetterQueueSourceArn", message.sourceArn());
        if (queue.fifo()) {
            add(values, "SequenceNumber", received.position().sequenceNumber());
        }
        return values;
    }

    private void add(Map<String, String> values, String name, @Nullable String value) {
        if (value != null && (systemNames.contains(ALL) || systemNames.contains(name))) {
            values.put(name, value);
        }
    }

    private Map<String, Attribute> attributes(Map<String, Attribute> all) {
        if (names.isEmpty() || all.isEmpty()) {
            return Map.of();
        }
        Map<String, Attribute> selected = new TreeMap<>();
        all.forEach((name, attribute) -> {
            if (isSelected(name)) {
                selected.put(name, attribute);
            }
        });
        return selected;
    }

    private boolean isSelected(String attribute) {
        for (String name : names) {
            boolean prefix = name.endsWith(".*");
            String start = prefix ? name.substring(0, name.length() - 2) : name;
            if (name.equals(ALL)
                    || name.equals("*")
                    || (prefix ? attribute.startsWith(start) : attribute.equals(name))) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, MessageAttributeValue> shapes(Map<String, Attribute> attributes) {
        Map<String, MessageAttributeValue> shapes = new LinkedHashMap<>();
        attributes.forEach((name, attribute) ->
                shapes.put(
                        name,
                        MessageAttributeValue.builder()
                                .dataType(attribute.dataType())
                                .stringValue(attribute.stringValue())
                                .binaryValue(attribute.binaryValue())
                                .build()));
        return shapes;
    }

    private static List<String> orEmpty(@Nullable List<String> names) {
        return names == null ? List.of() : names;
    }
}

package io.millrace.service.sqs;

import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.MessageSystemAttributeValue;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.delivery.Message;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.Rendering;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// A message on its way in: checked as far as that is possible without its queue, with what is
/// costly computed before the transaction.
///
/// @param attributesMd5 null when there are none
/// @param systemAttributesMd5 null when there are none
/// @param bytes what counts for the queue's limit: body, and names, types and values of attributes
record Outgoing(
        String messageId,
        StoredBody body,
        Map<String, Attribute> attributes,
        @Nullable String attributesMd5,
        @Nullable String systemAttributesMd5,
        @Nullable Integer delaySeconds,
        @Nullable String groupId,
        @Nullable String deduplicationId,
        @Nullable String traceHeader,
        long bytes) {

    static final String TRACE_HEADER = "AWSTraceHeader";

    static Outgoing of(String messageId, SendMessageRequest request) {
        return of(
                messageId,
                request.messageBody(),
                convert(request.messageAttributes()),
                convertSystem(request.messageSystemAttributes()),
                request.delaySeconds(),
                request.messageGroupId(),
                request.messageDeduplicationId());
    }

    static Outgoing of(String messageId, SendMessageBatchRequestEntry entry) {
        return of(
                messageId,
                entry.messageBody(),
                convert(entry.messageAttributes()),
                convertSystem(entry.messageSystemAttributes()),
                entry.delaySeconds(),
                entry.messageGroupId(),
                entry.messageDeduplicationId());
    }

    /// The same in the trace that the request's header tells, unless it has one of its own. Source:
    /// [SQS and X-Ray](https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html).
    Outgoing traced(@Nullable String header) {
        return traceHeader != null || header == null
                ? this
                : new Outgoing(
                        messageId,
                        body,
                        attributes,
                        attributesMd5,
                        systemAttributesMd5,
                        delaySeconds,
                        groupId,
                        deduplicationId,
                        header,
                        bytes);
    }

    static Outgoing of(String messageId, Message message) {
        String trace = message.traceHeader();
        Rendering rendering = message.rendering();
        StoredBody body;
        int bodyLength;
        if (rendering == null) {
            MessageChecks.checkBody(message.body());
            StoredBody.Text text = StoredBody.Text.of(message.body());
            body = text;
            bodyLength = text.utf8().length;
        } else {
            body = StoredBody.of(rendering);
            bodyLength = rendering.length();
        }
        return of(
                messageId,
                body,
                bodyLength,
                message.attributes(),
                trace == null ? Map.of() : Map.of(TRACE_HEADER, Attribute.string(trace)),
                null,
                message.groupId(),
                message.deduplicationId());
    }

    /// The size of a message as the limits count it, however wrong the rest of it is.
    static long bytes(SendMessageBatchRequestEntry entry) {
        return MessageChecks.utf8Length(entry.messageBody())
                + MessageChecks.bytes(convert(entry.messageAttributes()));
    }

    private static Outgoing of(
            String messageId,
            String text,
            Map<String, Attribute> attributes,
            Map<String, Attribute> systemAttributes,
            @Nullable Integer delaySeconds,
            @Nullable String groupId,
            @Nullable String deduplicationId) {
        MessageChecks.checkBody(text);
        StoredBody.Text body = StoredBody.Text.of(text);
        return of(
                messageId,
                body,
                body.utf8().length,
                attributes,
                systemAttributes,
                delaySeconds,
                groupId,
                deduplicationId);
    }

    private static Outgoing of(
            String messageId,
            StoredBody body,
            int bodyLength,
            Map<String, Attribute> attributes,
            Map<String, Attribute> systemAttributes,
            @Nullable Integer delaySeconds,
            @Nullable String groupId,
            @Nullable String deduplicationId) {
        MessageChecks.checkAttributes(attributes);
        MessageChecks.checkSystemAttributes(systemAttributes);
        MessageChecks.checkDelay(delaySeconds);
        MessageChecks.checkFifoId("MessageGroupId", groupId);
        MessageChecks.checkFifoId("MessageDeduplicationId", deduplicationId);
        Attribute trace = systemAttributes.get(TRACE_HEADER);
        return new Outgoing(
                messageId,
                body,
                attributes,
                MessageMd5.ofAttributes(attributes),
                MessageMd5.ofAttributes(systemAttributes),
                delaySeconds,
                groupId,
                deduplicationId,
                trace == null ? null : trace.stringValue(),
                bodyLength + MessageChecks.bytes(attributes));
    }

    /// In hexadecimal digits; of a text that is there.
    String bodyMd5() {
        return switch (body) {
            case StoredBody.Text text -> MessageMd5.hex(text.md5());
            case StoredBody.Rendered _, StoredBody.Shared _ ->
                    throw new IllegalStateException("the text is made when it is read");
        };
    }

    /// Checks what depends on the queue.
    void checkFor(Queue queue) {
        if (bytes > queue.messageBytesMax()) {
            throw SqsErrors.messageTooLong(queue.messageBytesMax());
        }
        if (!queue.fifo()) {
            if (deduplicationId != null) {
                throw SqsErrors.invalidValue(
                        deduplicationId,
                        "MessageDeduplicationId",
                        "The request includes a parameter that is not valid for this queue type.");
            }
            return;
        }
        if (delaySeconds != null && delaySeconds != 0) {
            throw SqsErrors.invalidValue(
                    delaySeconds,
                    "DelaySeconds",
                    "The request include parameter that is not valid for this queue type.");
        }
        if (groupId == null) {
            throw SqsErrors.missingParameter("MessageGroupId");
        }
        if (deduplicationId == null && !queue.contentBasedDeduplication()) {
            throw SqsErrors.deduplicationRequired();
        }
    }

    /// A FIFO queue's delay is that of all its messages: the only one that a sender may name for
    /// one of them, 0, says nothing.
    int delaySecondsIn(Queue queue) {
        return delaySeconds == null || queue.fifo() ? queue.delaySeconds() : delaySeconds;
    }

    StoredMessage stored(Queue queue, String senderId, long nowMillis) {
        boolean byContent = queue.fifo() && deduplicationId == null;
        return new StoredMessage(
                messageId,
                nowMillis,
                senderId,
                body,
                attributes,
                groupId,
                byContent ? body.sha256() : deduplicationId,
                traceHeader,
                null,
                0,
                0);
    }

    private static Map<String, Attribute> convert(
            @Nullable Map<String, MessageAttributeValue> attributes) {
        if (attributes == null || attributes.isEmpty()) {
            return Map.of();
        }
        Map<String, Attribute> converted = LinkedHashMap.newLinkedHashMap(attributes.size());
        attributes.forEach((name, value) ->
                converted.put(
                        name,
                        new Attribute(
                                String.valueOf(value.dataType()),
                                value.stringValue(),
                                value.binaryValue())));
        return converted;
    }

    private static Map<String, Attribute> convertSystem(
            @Nullable Map<String, MessageSystemAttributeValue> attributes) {
        if (attributes == null || attributes.isEmpty()) {
            return Map.of();
        }
        Map<String, Attribute> converted = LinkedHashMap.newLinkedHashMap(attributes.size());
        attributes.forEach((name, value) ->
                converted.put(
                        name,
                        new Attribute(
                                String.valueOf(value.dataType()),
                                value.stringValue(),
                                value.binaryValue())));
        return converted;
    }
}

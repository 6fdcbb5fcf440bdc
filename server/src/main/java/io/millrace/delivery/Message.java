package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What is handed to a target.
///
/// @param body the text; empty when a rendering tells it
/// @param senderId the principal that the target shows as the sender
/// @param sourceArn on whose behalf a service delivers, as a topic or a rule: what policies know as
///   `aws:SourceArn`; null when nobody says
/// @param groupId the message group, for FIFO targets and fair queues
/// @param rendering how the text is made; null when it is `body`
public record Message(
        String body,
        Map<String, Attribute> attributes,
        @Nullable String subject,
        @Nullable String groupId,
        @Nullable String deduplicationId,
        @Nullable String traceHeader,
        String senderId,
        @Nullable String sourceArn,
        @Nullable Rendering rendering) {

    /// A typed attribute of a message; exactly one of the values is there.
    public record Attribute(
            String dataType, @Nullable String stringValue, byte @Nullable [] binaryValue) {

        public static Attribute string(String value) {
            return new Attribute("String", value, null);
        }
    }

    /// A message whose text is there.
    public Message(
            String body,
            Map<String, Attribute> attributes,
            @Nullable String subject,
            @Nullable String groupId,
            @Nullable String deduplicationId,
            @Nullable String traceHeader,
            String senderId,
            @Nullable String sourceArn) {
        this(
                body,
                attributes,
                subject,
                groupId,
                deduplicationId,
                traceHeader,
                senderId,
                sourceArn,
                null);
    }

    public static Message of(String body, String senderId) {
        return new Message(body, Map.of(), null, null, null, null, senderId, null);
    }

    /// A message whose text is made when it is read.
    public static Message of(Rendering rendering, String senderId) {
        return new Message("", Map.of(), null, null, null, null, senderId, null, rendering);
    }

    /// The same with other attributes.
    public Message with(Map<String, Attribute> newAttributes) {
        return new Message(
                body,
                newAttributes,
                subject,
                groupId,
                deduplicationId,
                traceHeader,
                senderId,
                sourceArn,
                rendering);
    }

    /// The same, as it can leave the transaction: with its own copy of what its text is made of.
    public Message alone() {
        return rendering == null
                ? this
                : new Message(
                        body,
                        attributes,
                        subject,
                        groupId,
                        deduplicationId,
                        traceHeader,
                        senderId,
                        sourceArn,
                        rendering.alone());
    }

    /// The same, delivered on behalf of a resource.
    public Message from(String newSourceArn) {
        return new Message(
                body,
                attributes,
                subject,
                groupId,
                deduplicationId,
                traceHeader,
                senderId,
                newSourceArn,
                rendering);
    }
}

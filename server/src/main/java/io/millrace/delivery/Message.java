package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What is handed to a target.
///
/// @param senderId the principal that the target shows as the sender
/// @param sourceArn on whose behalf a service delivers, as a topic or a rule: what policies know as
///   `aws:SourceArn`; null when nobody says
/// @param groupId the message group, for FIFO targets and fair queues
public record Message(
        String body,
        Map<String, Attribute> attributes,
        @Nullable String subject,
        @Nullable String groupId,
        @Nullable String deduplicationId,
        @Nullable String traceHeader,
        String senderId,
        @Nullable String sourceArn) {

    /// A typed attribute of a message; exactly one of the values is there.
    public record Attribute(
            String dataType, @Nullable String stringValue, byte @Nullable [] binaryValue) {

        public static Attribute string(String value) {
            return new Attribute("String", value, null);
        }
    }

    public static Message of(String body, String senderId) {
        return new Message(body, Map.of(), null, null, null, null, senderId, null);
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
                newSourceArn);
    }
}

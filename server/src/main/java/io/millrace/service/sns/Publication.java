package io.millrace.service.sns;

import io.millrace.delivery.Message;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// One published message, before it is shaped for each subscription.
///
/// @param bodies the message by protocol; `default` for all others
/// @param sequenceNumber of a message to a FIFO topic
/// @param endpoint the base URL of links in the message
/// @param replayed whether it comes from an archive
record Publication(
        String messageId,
        long timestampMillis,
        Map<String, String> bodies,
        @Nullable String subject,
        Map<String, Message.Attribute> attributes,
        @Nullable String groupId,
        @Nullable String deduplicationId,
        @Nullable String sequenceNumber,
        String endpoint,
        boolean replayed) {

    static final String DEFAULT = "default";

    /// Under which name `bodies` has what a protocol gets.
    String variant(String protocol) {
        return bodies.containsKey(protocol) ? protocol : DEFAULT;
    }

    String body(String protocol) {
        return bodies.getOrDefault(variant(protocol), "");
    }

    Publication inFifo(String deduplication, String sequence) {
        return new Publication(
                messageId,
                timestampMillis,
                bodies,
                subject,
                attributes,
                groupId,
                deduplication,
                sequence,
                endpoint,
                false);
    }

    Publication withBodies(Map<String, String> changed) {
        return new Publication(
                messageId,
                timestampMillis,
                changed,
                subject,
                attributes,
                groupId,
                deduplicationId,
                sequenceNumber,
                endpoint,
                replayed);
    }

    /// As an archive sends it: with another deduplication id, since queues would take it for the
    /// original.
    Publication asReplayed(String replay) {
        return new Publication(
                messageId,
                timestampMillis,
                bodies,
                subject,
                attributes,
                groupId,
                replay + "-" + sequenceNumber,
                sequenceNumber,
                endpoint,
                true);
    }
}

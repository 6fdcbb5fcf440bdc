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
/// @param traceHeader for X-Ray, handed on to queues; null when there is none
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
        boolean replayed,
        @Nullable String traceHeader) {

    static final String DEFAULT = "default";

    /// A publication outside of any trace.
    Publication(
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
        this(
                messageId,
                timestampMillis,
                bodies,
                subject,
                attributes,
                groupId,
                deduplicationId,
                sequenceNumber,
                endpoint,
                replayed,
                null);
    }

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
                false,
                traceHeader);
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
                replayed,
                traceHeader);
    }

    /// The same in this trace.
    Publication traced(@Nullable String newTraceHeader) {
        return new Publication(
                messageId,
                timestampMillis,
                bodies,
                subject,
                attributes,
                groupId,
                deduplicationId,
                sequenceNumber,
                endpoint,
                replayed,
                newTraceHeader);
    }

    /// As an archive sends it: outside of the trace, and with another deduplication id, since
    /// queues would take it for the original.
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

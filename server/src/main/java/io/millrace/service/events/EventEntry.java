package io.millrace.service.events;

import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutPartnerEventsRequestEntry;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One event of a request to put some, as PutEvents and PutPartnerEvents have it.
///
/// @param source and the next two are empty when they are missing
record EventEntry(
        String source,
        String detailType,
        String detail,
        List<String> resources,
        @Nullable Instant time,
        @Nullable String traceHeader) {

    /// Why an entry is not taken.
    record Refusal(String code, String message) {

        static Refusal missing(String name) {
            return new Refusal(
                    "InvalidArgument",
                    "Parameter "
                            + name
                            + " is not valid. Reason: "
                            + name
                            + " is a required argument.");
        }

        static Refusal detailTypeTooLong() {
            return new Refusal(
                    "InvalidArgument",
                    "Parameter DetailType is not valid. Reason: DetailType is longer than "
                            + EventsLimits.DETAIL_TYPE_CHARACTERS_MAX
                            + " characters.");
        }

        static Refusal malformedDetail() {
            return new Refusal("MalformedDetail", "Detail is malformed.");
        }

        static Refusal notTheEndpointsBus(String name) {
            return new Refusal(
                    "InvalidArgument",
                    "Parameter EventBusName is not valid. Reason: The endpoint has no event bus "
                            + name
                            + ".");
        }

        static Refusal accessDenied(String message) {
            return new Refusal("AccessDeniedException", message);
        }

        static Refusal notAuthorizedForSource() {
            return new Refusal("NotAuthorizedForSourceException", "Not authorized for the source.");
        }
    }

    /// @param traceHeader of the whole request, for an entry that tells none, be it valid or not
    static EventEntry of(PutEventsRequestEntry entry, @Nullable String traceHeader) {
        return new EventEntry(
                or(entry.source()),
                or(entry.detailType()),
                or(entry.detail()),
                entry.resources() == null ? List.of() : entry.resources(),
                entry.time(),
                TraceHeader.valid(entry.traceHeader() == null ? traceHeader : entry.traceHeader()));
    }

    static EventEntry of(PutPartnerEventsRequestEntry entry) {
        return new EventEntry(
                or(entry.source()),
                or(entry.detailType()),
                or(entry.detail()),
                entry.resources() == null ? List.of() : entry.resources(),
                entry.time(),
                null);
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// As AWS counts it. Source: [entry
    /// size](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html).
    long bytes() {
        long bytes = time == null ? 0 : EventsLimits.TIME_BYTES;
        bytes += bytes(source) + bytes(detailType) + bytes(detail);
        for (String resource : resources) {
            bytes += bytes(resource);
        }
        return bytes;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Why this is no entry, whatever its detail is: a member is missing, or too long.
    Optional<Refusal> invalid() {
        if (source.isEmpty()) {
            return Optional.of(Refusal.missing("Source"));
        }
        if (detailType.isEmpty()) {
            return Optional.of(Refusal.missing("DetailType"));
        }
        if (detail.isEmpty()) {
            return Optional.of(Refusal.missing("Detail"));
        }
        int characters = detailType.codePointCount(0, detailType.length());
        return characters > EventsLimits.DETAIL_TYPE_CHARACTERS_MAX
                ? Optional.of(Refusal.detailTypeTooLong())
                : Optional.empty();
    }

    /// @throws IllegalArgumentException when the detail is not a JSON object
    EventEnvelope envelope(String id, EventEnvelope.Ingestion ingestion) {
        return EventEnvelope.of(
                id,
                new EventEnvelope.Content(source, detailType, detail, resources, time, traceHeader),
                ingestion);
    }
}

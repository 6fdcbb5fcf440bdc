package io.millrace.service.events;

import io.millrace.pattern.EventPatternFields;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An event that somebody asks about: a whole one, or an entry as PutEvents takes it.
///
/// @param assumed what it lacks and a bus would have added, as `id`
record ExplainedEvent(EventPatternFields fields, List<String> assumed) {

    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";

    /// @throws io.millrace.wire.ServiceException when it is neither
    static ExplainedEvent of(JsonNode event, BusName bus, Instant now) {
        JsonNode given = event;
        if (given.path("Entries").isArray()) {
            if (given.path("Entries").size() != 1) {
                throw EventsErrors.validation("Entries has not one entry: explain each by itself.");
            }
            given = given.path("Entries").get(0);
        }
        return given.has("Source") || given.has("DetailType") || given.has("Detail")
                ? entry(given, bus, now)
                : whole(given, bus, now);
    }

    private static ExplainedEvent entry(JsonNode entry, BusName bus, Instant now) {
        for (String name : List.of("Source", "DetailType", "Detail")) {
            if (entry.path(name).isMissingNode() || entry.path(name).asString("x").isEmpty()) {
                throw EventsErrors.validation(
                        "Parameter "
                                + name
                                + " is not valid. Reason: "
                                + name
                                + " is a required argument.");
            }
        }
        JsonNode detail = entry.path("Detail");
        List<String> resources = new ArrayList<>();
        entry.path("Resources").forEach(resource -> resources.add(resource.asString("")));
        EventEnvelope.Content content =
                new EventEnvelope.Content(
                        entry.path("Source").asString(""),
                        entry.path("DetailType").asString(""),
                        detail.isString() ? detail.stringValue() : detail.toString(),
                        resources,
                        null,
                        null);
        try {
            EventEnvelope envelope =
                    EventEnvelope.of(
                            NO_ID,
                            content,
                            new EventEnvelope.Ingestion(bus.accountId(), bus.region(), now));
            return new ExplainedEvent(
                    envelope.fields(), List.of("id", "account", "region", "time"));
        } catch (IllegalArgumentException _) {
            throw EventsErrors.validation("Detail is malformed.");
        }
    }

    private static ExplainedEvent whole(JsonNode event, BusName bus, Instant now) {
        EventPatternFields.Builder fields = new EventPatternFields.Builder();
        fields.json(event.toString());
        List<String> assumed = new ArrayList<>();
        Map<String, String> added =
                Map.of(
                        "version", "0",
                        "id", NO_ID,
                        "account", bus.accountId(),
                        "region", bus.region(),
                        "time", now.truncatedTo(ChronoUnit.SECONDS).toString());
        for (String name : List.of("version", "id", "account", "region", "time")) {
            if (!event.has(name)) {
                fields.string(name, added.getOrDefault(name, ""));
                assumed.add(name);
            }
        }
        return new ExplainedEvent(fields.build(), assumed);
    }
}

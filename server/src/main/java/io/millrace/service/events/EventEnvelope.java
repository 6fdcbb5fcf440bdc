package io.millrace.service.events;

import io.millrace.pattern.EventPatternFields;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// An event on its way: as JSON, as rules deliver it, and as its fields, as patterns see it.
/// Immutable. Source: [event
/// structure](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html).
///
/// @param ingestion when it was put
record EventEnvelope(
        String id,
        String json,
        EventPatternFields fields,
        Instant ingestion,
        @Nullable String traceHeader) {

    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /// Since the epoch, and as text.
    private record Second(long number, String text) {}

    /// Most events come in the same second as the one before.
    private static volatile @Nullable Second lastSecond;

    /// What a sender tells of an event.
    ///
    /// @param detail a JSON object
    /// @param time when it happened, or null for now
    record Content(
            String source,
            String detailType,
            String detail,
            List<String> resources,
            @Nullable Instant time,
            @Nullable String traceHeader) {}

    /// Where and when an event comes in.
    record Ingestion(String accountId, String region, Instant time) {}

    /// Puts an event together.
    ///
    /// @throws IllegalArgumentException when the detail is not a JSON object
    static EventEnvelope of(String id, Content content, Ingestion ingestion) {
        String now = seconds(ingestion.time());
        String time = content.time() == null ? now : seconds(content.time());
        EventPatternFields.Builder fields =
                new EventPatternFields.Builder()
                        .object("detail", content.detail())
                        .string("version", "0")
                        .string("id", id)
                        .string("detail-type", content.detailType())
                        .string("source", content.source())
                        .string("account", ingestion.accountId())
                        .string("time", time)
                        .string("region", ingestion.region());
        StringBuilder json = new StringBuilder(content.detail().length() + 400);
        json.append("{\"version\":\"0\",\"id\":\"").append(id);
        json.append("\",\"detail-type\":").append(JsonPathText.quote(content.detailType()));
        json.append(",\"source\":").append(JsonPathText.quote(content.source()));
        json.append(",\"account\":\"").append(ingestion.accountId());
        json.append("\",\"time\":\"").append(time);
        json.append("\",\"region\":").append(JsonPathText.quote(ingestion.region()));
        json.append(",\"resources\":[");
        for (int i = 0; i < content.resources().size(); i++) {
            String resource = content.resources().get(i);
            fields.string("resources", resource);
            json.append(i == 0 ? "" : ",").append(JsonPathText.quote(resource));
        }
        json.append("],\"detail\":").append(JsonPathText.compact(content.detail())).append('}');
        return new EventEnvelope(
                id, json.toString(), fields.build(), ingestion.time(), content.traceHeader());
    }

    /// One that is on its way again.
    static EventEnvelope again(
            String id, String json, Instant ingestion, @Nullable String traceHeader) {
        return new EventEnvelope(id, json, EventPatternFields.of(json), ingestion, traceHeader);
    }

    String source() {
        return fields.text("source");
    }

    String detailType() {
        return fields.text("detail-type");
    }

    int bytes() {
        return json.getBytes(StandardCharsets.UTF_8).length;
    }

    /// When it was put, to the millisecond.
    String ingestionTime() {
        return MILLISECONDS.format(ingestion);
    }

    private static String seconds(Instant time) {
        Second known = lastSecond;
        if (known == null || known.number != time.getEpochSecond()) {
            known =
                    new Second(
                            time.getEpochSecond(), time.truncatedTo(ChronoUnit.SECONDS).toString());
            lastSecond = known;
        }
        return known.text;
    }
}

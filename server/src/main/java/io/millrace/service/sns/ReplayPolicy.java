package io.millrace.service.sns;

import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Function;

/// Which part of a topic's archive a subscription gets again. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html).
///
/// @param fromMillis the time of the first message
/// @param untilMillis the time before which the last one was published; null to go on with what is
///   published from then on
record ReplayPolicy(long fromMillis, @Nullable Long untilMillis) {
    private static final String NAME = "ReplayPolicy: ";
    private static final String START = "StartingPoint";
    private static final String END = "EndingPoint";
    private static final JsonMapper JSON = new JsonMapper();

    /// Empty for no replay: `{}`.
    ///
    /// @param refusal how the action words a fault
    static Optional<ReplayPolicy> parse(String json, Function<String, ServiceException> refusal) {
        JsonNode root;
        try {
            root = json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
        } catch (JacksonException _) { // AWS's answer tells no more
            throw refusal.apply(NAME + "Unable to parse JSON");
        }
        if (root.isObject() && root.isEmpty()) {
            return Optional.empty();
        }
        if (!root.has("PointType") || !root.has(START)) {
            throw refusal.apply(NAME + "JSON is missing required fields");
        }
        if (!root.path("PointType").asString("").equals("Timestamp")) {
            throw refusal.apply(NAME + "Invalid PointType");
        }
        long from = millis(root.path(START), START, refusal);
        if (!root.has(END)) {
            return Optional.of(new ReplayPolicy(from, null));
        }
        long until = millis(root.path(END), END, refusal);
        if (until <= from) {
            throw invalid(END, refusal);
        }
        return Optional.of(new ReplayPolicy(from, until));
    }

    /// Refuses points that the archive does not have.
    ///
    /// @param archive null when the topic has none
    void check(
            Archive.@Nullable State archive,
            long nowMillis,
            Function<String, ServiceException> refusal) {
        if (archive == null) {
            throw refusal.apply(NAME + "Topic does not have an ArchivePolicy");
        }
        if (fromMillis < archive.beginningMillis(nowMillis) || fromMillis > nowMillis) {
            throw invalid(START, refusal);
        }
        if (untilMillis != null && untilMillis > nowMillis) {
            throw invalid(END, refusal);
        }
    }

    private static long millis(
            JsonNode node, String name, Function<String, ServiceException> refusal) {
        try {
            Instant instant = OffsetDateTime.parse(node.asString("")).toInstant();
            return instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException _) { // refused below
        }
        throw invalid(name, refusal);
    }

    private static ServiceException invalid(
            String point, Function<String, ServiceException> refusal) {
        return refusal.apply(NAME + "Invalid " + point + " value");
    }
}

package io.millrace.service.sns;

import io.millrace.wire.ServiceException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// How long a FIFO topic keeps what was published to it: `{"MessageRetentionPeriod":"30"}`, in
/// days, a number or a text; `{}` for no archive. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html).
record ArchivePolicy(int retentionDays) {
    private static final String NAME = "ArchivePolicy: ";
    private static final String PERIOD = "MessageRetentionPeriod";
    private static final JsonMapper JSON = new JsonMapper();

    /// Empty for no archive.
    ///
    /// @param refusal how the action words a fault
    static Optional<ArchivePolicy> parse(String json, Function<String, ServiceException> refusal) {
        JsonNode root;
        try {
            root = json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
        } catch (JacksonException _) { // AWS's answer tells no more
            throw refusal.apply(NAME + "Unable to parse JSON");
        }
        if (root.isObject() && root.isEmpty()) {
            return Optional.empty();
        }
        JsonNode period = root.path(PERIOD);
        if (period.isMissingNode()) {
            throw refusal.apply(NAME + "JSON is missing required fields");
        }
        int days = 0;
        if (period.isInt()) {
            days = period.asInt();
        } else if (period.isString() && period.asString().matches("\\d{1,3}")) {
            days = Integer.parseInt(period.asString());
        }
        if (days < 1 || days > SnsLimits.ARCHIVE_DAYS) {
            throw refusal.apply(NAME + PERIOD + " value is invalid");
        }
        return Optional.of(new ArchivePolicy(days));
    }

    Duration retention() {
        return Duration.ofDays(retentionDays);
    }
}

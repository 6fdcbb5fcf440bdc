package io.millrace.service.logs;

import io.millrace.delivery.Message;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.pattern.EventJson;
import io.millrace.service.logs.EventLog.Entry;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;

/// Log groups as targets of other services: the event is in the log when the sender's transaction
/// commits, and only then.
///
/// The ARN is that of a group, with or without `:*`, or that of a stream, which is made when it is
/// not there. Without one, each resource on whose behalf a service writes has a stream of its own.
/// The text is the message's body, and its time the clock's, unless the message has the attribute
/// [#TIMESTAMP], or comes from a rule and is AWS's form `{"timestamp": …, "message": …}`, with the
/// time in milliseconds or as events have it.
final class LogsTarget implements StoreTarget {

    /// The attribute that tells an event's time, in milliseconds.
    static final String TIMESTAMP = "Timestamp";

    private static final String RULE = "rule/";

    private final InstantSource clock;
    private final Groups groups;
    private final EventLog log;
    private final DeliveryPermission permission;

    LogsTarget(InstantSource clock, Groups groups, EventLog log, DeliveryPermission permission) {
        this.clock = clock;
        this.groups = groups;
        this.log = log;
        this.permission = permission;
    }

    @Override
    public Outcome deliver(Transaction transaction, Arn target, Message message) {
        GroupName.Named named = GroupName.of(target).orElse(null);
        if (named == null) {
            return new Outcome.Refused(
                    "InvalidParameterException", target + " is not the ARN of a log group.");
        }
        try {
            return deliver(transaction, named, message);
        } catch (ServiceException e) {
            return new Outcome.Refused(e.error().code(), e.message());
        }
    }

    private Outcome deliver(Transaction tx, GroupName.Named named, Message message) {
        String asked = named.stream();
        String name =
                asked == null ? StreamName.of(message.sourceArn(), message.senderId()) : asked;
        permission.check(tx, named.group(), name, message);
        long now = clock.millis();
        StoredGroup group = groups.find(tx, named.group());
        if (group == null) {
            if (!ServiceGroups.makes(message.senderId(), named.group().name())) {
                throw LogsErrors.groupNotFound();
            }
            group = groups.create(tx, named.group());
        }
        Entry entry = entry(message, now);
        check(entry, group, now);
        StoredStream stream = groups.findStream(tx, group, name);
        if (stream == null) {
            stream = groups.createStream(tx, group, name);
        }
        log.append(tx, group, stream, List.of(entry), now);
        return new Outcome.Delivered(name);
    }

    private static void check(Entry entry, StoredGroup group, long now) {
        if (StoredEvent.size(entry.message()) > LogsLimits.BATCH_BYTES_MAX) {
            throw LogsErrors.invalidParameter("Log event too large.");
        }
        long oldest = Math.max(now - LogsLimits.PAST_MAX.toMillis(), group.oldestMillis(now));
        if (entry.message().isEmpty()
                || entry.timestampMillis() < oldest
                || entry.timestampMillis() > now + LogsLimits.FUTURE_MAX.toMillis()) {
            throw LogsErrors.invalidParameter(
                    "Log event is empty, or its timestamp is too old or too new.");
        }
    }

    private static Entry entry(Message message, long now) {
        Attribute timestamp = message.attributes().get(TIMESTAMP);
        if (timestamp != null && timestamp.stringValue() != null) {
            return new Entry(number(timestamp.stringValue()), message.body());
        }
        Entry ofRule = isFromRule(message.sourceArn()) ? ruleForm(message.body()) : null;
        return ofRule == null ? new Entry(now, message.body()) : ofRule;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw LogsErrors.invalidParameter("Timestamp " + text + " is not a number.");
        }
    }

    private static boolean isFromRule(@Nullable String sourceArn) {
        return sourceArn != null
                && Arn.parse(sourceArn)
                        .filter(arn -> arn.service().equals("events"))
                        .filter(arn -> arn.resource().startsWith(RULE))
                        .isPresent();
    }

    /// What a rule's input transformer makes for a log group; null when the body is not of that
    /// form. Source: [EventBridge's
    /// targets](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html).
    private static @Nullable Entry ruleForm(String body) {
        if (!body.startsWith("{")) {
            return null;
        }
        try {
            JsonNode form = EventJson.MAPPER.readTree(body);
            JsonNode timestamp = form.get("timestamp");
            JsonNode message = form.get("message");
            boolean isForm = form.size() == 2 && timestamp != null && message != null;
            return isForm ? ruleForm(timestamp, message) : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable Entry ruleForm(JsonNode timestamp, JsonNode message) {
        String text = message.isString() ? message.asString() : message.toString();
        if (timestamp.isIntegralNumber()) {
            return new Entry(timestamp.asLong(), text);
        }
        try {
            return timestamp.isString()
                    ? new Entry(Instant.parse(timestamp.asString()).toEpochMilli(), text)
                    : null;
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}

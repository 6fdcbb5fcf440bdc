package io.millrace.service.events;

import io.millrace.api.events.LogConfig;
import io.millrace.delivery.Message;
import io.millrace.delivery.Targets;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// What buses log of the events that they process, in the log group
/// `/aws/vendedlogs/events/event-bus/NAME`, where AWS's console proposes to deliver it; in the
/// transaction that processes the event. Nothing unless the bus's `LogConfig` says so. Thread-safe.
/// Source: [log
/// schema](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-logs-schema.html).
final class BusLog {
    private static final String GROUP = "log-group:/aws/vendedlogs/events/event-bus/";
    private static final String STREAM = ":log-stream:EventBridgeEventBusLogs";
    private static final String SENDER_ID = "delivery.logs.amazonaws.com";
    private static final JsonMapper JSON = JsonMapper.shared();

    /// How much a bus logs; what a level has, the later ones have too.
    private enum Level {
        OFF,
        ERROR,
        INFO,
        TRACE
    }

    private final InstantSource clock;
    private final Buses buses;
    private final Targets targets;

    BusLog(InstantSource clock, Buses buses, Targets targets) {
        this.clock = clock;
        this.buses = buses;
        this.targets = targets;
    }

    /// Whether the bus logs the event only when it matches a rule that no service manages: one of a
    /// service, which nobody put. Source: [how logging
    /// works](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html).
    boolean mustMatch(StoredBus stored, EventEnvelope event) {
        return level(stored).compareTo(Level.INFO) >= 0
                && event.source().startsWith("aws.")
                && !event.source().startsWith("aws.partner/")
                && !event.fields().has("replay-name");
    }

    /// Logs that an event has come onto a bus.
    void ingested(Transaction tx, BusName bus, StoredBus stored, EventEnvelope event) {
        Level level = level(stored);
        if (level.compareTo(Level.INFO) < 0) {
            return;
        }
        ObjectNode details = eventDetails(event, isFull(stored));
        if (level == Level.TRACE) {
            write(tx, bus, event.id(), "EVENT_RECEIPT", Level.TRACE, details, null);
        }
        write(tx, bus, event.id(), "EVENT_INGEST_SUCCESS", Level.INFO, details, null);
        if (level == Level.TRACE) {
            write(tx, bus, event.id(), "RULE_MATCH_START", Level.TRACE, details, null);
        }
    }

    /// Logs that an event on a bus matches none of its rules, or only such as a service manages.
    void unmatched(Transaction tx, BusName bus, StoredBus stored, EventEnvelope event) {
        if (level(stored).compareTo(Level.INFO) >= 0) {
            write(tx, bus, event.id(), "NO_STANDARD_RULES_MATCHED", Level.INFO, null, null);
        }
    }

    /// Logs that an event matches a rule, unless a service manages that.
    void matched(
            Transaction tx, BusName bus, StoredBus stored, EventEnvelope event, StoredRule rule) {
        if (rule.isManaged() || level(stored).compareTo(Level.INFO) < 0) {
            return;
        }
        ObjectNode details =
                JSON.createObjectNode().put("rule_arn", bus.ruleArn(rule.name()).toString());
        ArrayNode arns = details.putArray("target_arns");
        rule.targets().forEach(target -> arns.add(target.arn()));
        write(tx, bus, event.id(), "RULE_MATCH", Level.INFO, details, null);
    }

    /// Whether [#invoked] would write anything.
    boolean isOn(Snapshot snapshot, BusName bus) {
        return buses.find(snapshot, bus).map(BusLog::level).orElse(Level.OFF) != Level.OFF;
    }

    /// As [#invoked(Transaction, BusName, StoredBus, EventTrace.Hop, int)], of a bus that may be
    /// gone.
    void invoked(Transaction tx, BusName bus, EventTrace.Hop hop, int attemptCount) {
        buses.find(tx, bus).ifPresent(stored -> invoked(tx, bus, stored, hop, attemptCount));
    }

    /// Logs what became of an event that a rule of the bus sends to a target.
    void invoked(
            Transaction tx, BusName bus, StoredBus stored, EventTrace.Hop hop, int attemptCount) {
        Level level = level(stored);
        if (level == Level.OFF) {
            return;
        }
        ObjectNode details =
                JSON.createObjectNode()
                        .put("rule_arn", hop.ruleArn())
                        .put("target_arn", hop.targetArn());
        switch (hop.result()) {
            case EventTrace.Result.Owed _ -> {
                if (level == Level.TRACE) {
                    write(tx, bus, hop.eventId(), "INVOCATION_START", Level.TRACE, details, null);
                }
            }
            case EventTrace.Result.Delivered _ -> {
                if (level.compareTo(Level.INFO) >= 0) {
                    details.put("total_attempts", attemptCount)
                            .put("final_invocation_status", "SUCCESS");
                    write(tx, bus, hop.eventId(), "INVOCATION_SUCCESS", Level.INFO, details, null);
                }
            }
            case EventTrace.Result.DeadLettered(String code, String why) -> {
                failed(tx, bus, hop, details.put("total_attempts", attemptCount), code, why);
                write(tx, bus, hop.eventId(), "INVOCATION_DLQ", Level.ERROR, details, null);
            }
            case EventTrace.Result.Kept(String code, String why) ->
                    failed(tx, bus, hop, details.put("total_attempts", attemptCount), code, why);
            case EventTrace.Result.Dropped(String code, String why) ->
                    failed(tx, bus, hop, details.put("total_attempts", attemptCount), code, why);
            case EventTrace.Result.Accepted _ -> {} // none of these is how a delivery ended
            case EventTrace.Result.Matched _ -> {}
            case EventTrace.Result.Transformed _ -> {}
            case EventTrace.Result.Archived _ -> {}
            case EventTrace.Result.Attempted _ -> {}
        }
    }

    private void failed(
            Transaction tx,
            BusName bus,
            EventTrace.Hop hop,
            ObjectNode details,
            String code,
            String why) {
        ObjectNode error =
                JSON.createObjectNode()
                        .put("error_message", why)
                        .put(
                                "aws_service",
                                Arn.parse(hop.targetArn()).map(Arn::service).orElse(""));
        details.put("final_invocation_status", code);
        write(tx, bus, hop.eventId(), "INVOCATION_FAILURE", Level.ERROR, details, error);
    }

    private void write(
            Transaction tx,
            BusName bus,
            String eventId,
            String type,
            Level level,
            @Nullable ObjectNode details,
            @Nullable ObjectNode error) {
        ObjectNode line =
                JSON.createObjectNode()
                        .put("resource_arn", bus.arn().toString())
                        .put("event_bus_name", bus.name())
                        .put("event_id", eventId)
                        .put("message_timestamp_ms", clock.millis())
                        .put("message_type", type)
                        .put("log_level", level.name());
        if (details != null) {
            line.set("details", details);
        }
        if (error != null) {
            line.set("error", error);
        }
        Arn group = Arn.of("logs", bus.region(), bus.accountId(), GROUP + bus.name() + STREAM);
        targets.deliver(
                tx, group, Message.of(line.toString(), SENDER_ID).from(bus.arn().toString()));
    }

    private static ObjectNode eventDetails(EventEnvelope event, boolean full) {
        Map<String, String> json = JsonPathText.members(event.json());
        ObjectNode details =
                JSON.createObjectNode()
                        .put("caller_account_id", unquoted(json, "account"))
                        .put("source_time_ms", Instant.parse(unquoted(json, "time")).toEpochMilli())
                        .put("source", event.source())
                        .put("detail_type", event.detailType());
        details.set("resources", JSON.readTree(json.getOrDefault("resources", "[]")));
        if (full) {
            details.put("event_detail", json.getOrDefault("detail", "{}"));
        }
        return details;
    }

    private static String unquoted(Map<String, String> json, String name) {
        return JsonPathText.unquote(json.getOrDefault(name, "\"\""));
    }

    private static Level level(StoredBus bus) {
        LogConfig config = bus.logConfig();
        return config == null || config.level() == null ? Level.OFF : Level.valueOf(config.level());
    }

    private static boolean isFull(StoredBus bus) {
        LogConfig config = bus.logConfig();
        return config != null && "FULL".equals(config.includeDetail());
    }
}

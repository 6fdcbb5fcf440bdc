package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeTargetCloudWatchLogsParameters;
import io.millrace.api.pipes.PipeTargetEventBridgeEventBusParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.api.pipes.PipeTargetSqsQueueParameters;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Delivers to targets in the store, in the transaction that also ends the event at its source.
/// Thread-safe.
final class StoreDelivery {
    private static final String LOG_SENDER = "delivery.logs.amazonaws.com";
    private static final String LOG_STREAM = ":log-stream:";

    private final Targets targets;
    private final EventBuses buses;
    private final PipeTrace trace;

    StoreDelivery(Targets targets, EventBuses buses, PipeTrace trace) {
        this.targets = targets;
        this.buses = buses;
        this.trace = trace;
    }

    boolean has(Arn target) {
        return TargetKind.of(target) == TargetKind.EVENT_BUS || targets.has(target);
    }

    /// Null when the target takes it; else nothing was written.
    @Nullable Failure deliver(Transaction tx, StoredPipe pipe, Output output) {
        Arn target = pipe.settings().targetArn();
        try {
            Outcome outcome =
                    TargetKind.of(target) == TargetKind.EVENT_BUS
                            ? buses.put(tx, target, event(pipe, output), Stages.SENDER, pipe.arn())
                            : targets.deliver(
                                    tx, target(pipe, target, output), message(pipe, output));
            return switch (outcome) {
                case Outcome.Delivered(String messageId) -> {
                    trace.delivered(tx, pipe, output.event(), messageId);
                    yield null;
                }
                case Outcome.Refused(String code, String message) ->
                        new Failure(target.service(), code, message, null);
            };
        } catch (DynamicPath.NothingThere e) {
            return Failure.ours("InvalidParameter", String.valueOf(e.getMessage()));
        }
    }

    /// Hands a text to a dead-letter queue or topic.
    Outcome putDeadLetter(Transaction tx, Arn target, String text, StoredPipe pipe) {
        return targets.deliver(tx, target, Message.of(text, Stages.SENDER).from(pipe.arn()));
    }

    /// Writes a record into a log group, which is made under `/aws/vendedlogs/`.
    Outcome log(Transaction tx, Arn group, String text, StoredPipe pipe) {
        return targets.deliver(tx, group, Message.of(text, LOG_SENDER).from(pipe.arn()));
    }

    /// The target itself, or the log stream of it that the parameters name.
    private static Arn target(StoredPipe pipe, Arn target, Output output)
            throws DynamicPath.NothingThere {
        PipeTargetParameters parameters = pipe.settings().targetParameters();
        PipeTargetCloudWatchLogsParameters log =
                parameters == null ? null : parameters.cloudWatchLogsParameters();
        String stream =
                log == null ? null : DynamicPath.valueOrNull(log.logStreamName(), output.event());
        if (stream == null) {
            return target;
        }
        String group = target.resource().replaceAll(":\\*$", "");
        return Arn.of("logs", target.region(), target.accountId(), group + LOG_STREAM + stream);
    }

    private static Message message(StoredPipe pipe, Output output) throws DynamicPath.NothingThere {
        PipeTargetParameters parameters = pipe.settings().targetParameters();
        PipeTargetSqsQueueParameters queue =
                parameters == null ? null : parameters.sqsQueueParameters();
        PipeTargetCloudWatchLogsParameters log =
                parameters == null ? null : parameters.cloudWatchLogsParameters();
        Map<String, Message.Attribute> attributes = new LinkedHashMap<>();
        PipeEvent event = output.event();
        String timestamp = log == null ? null : DynamicPath.valueOrNull(log.timestamp(), event);
        if (timestamp != null) {
            attributes.put("Timestamp", Message.Attribute.string(timestamp));
        }
        return new Message(
                output.payload(),
                attributes,
                null,
                queue == null ? null : DynamicPath.valueOrNull(queue.messageGroupId(), event),
                queue == null
                        ? null
                        : DynamicPath.valueOrNull(queue.messageDeduplicationId(), event),
                null,
                Stages.SENDER,
                pipe.arn());
    }

    private static EventBuses.Event event(StoredPipe pipe, Output output)
            throws DynamicPath.NothingThere {
        PipeTargetParameters all = pipe.settings().targetParameters();
        PipeTargetEventBridgeEventBusParameters parameters =
                all == null ? null : all.eventBridgeEventBusParameters();
        PipeEvent event = output.event();
        String source =
                parameters == null ? null : DynamicPath.valueOrNull(parameters.source(), event);
        String detailType =
                parameters == null ? null : DynamicPath.valueOrNull(parameters.detailType(), event);
        return new EventBuses.Event(
                source == null ? "Pipe " + pipe.name() : source,
                detailType == null
                        ? "Event from aws:" + pipe.settings().sourceArn().service()
                        : detailType,
                output.payload(),
                parameters == null ? List.of() : DynamicPath.values(parameters.resources(), event),
                parameters == null ? null : time(parameters.time(), event),
                null);
    }

    /// In seconds or milliseconds, or as a date; the present where it is none of them.
    private static @Nullable Instant time(@Nullable String parameter, PipeEvent event)
            throws DynamicPath.NothingThere {
        String text = DynamicPath.valueOrNull(parameter, event);
        if (text == null) {
            return null;
        }
        try {
            return text.matches("\\d{1,10}")
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : text.matches("\\d{11,15}")
                            ? Instant.ofEpochMilli(Long.parseLong(text))
                            : Instant.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }
}

package io.millrace.service.pipes;

import io.millrace.api.pipes.CloudwatchLogsLogDestination;
import io.millrace.api.pipes.FirehoseLogDestination;
import io.millrace.api.pipes.PipeLogConfiguration;
import io.millrace.api.pipes.PipeLogConfigurationParameters;
import io.millrace.api.pipes.S3LogDestination;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The log of one execution, a batch on its way: a record for each step that the pipe's level wants
/// told, written in the transaction that ends the execution. For one thread. Source: [log schema](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-schema.html) and
/// [execution steps](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-execution-steps.html).
final class PipeLog {

    private enum Level {
        ERROR,
        INFO,
        TRACE
    }

    private static final Log LOG = Log.of(PipeLog.class);

    private final StoredPipe pipe;
    private final String executionId;
    private final InstantSource clock;
    private final @Nullable Arn group;
    private final @Nullable Level level;
    private final boolean withData;
    private final List<String> records = new ArrayList<>();
    private boolean stoppedBefore;

    /// @param executionId unique
    PipeLog(StoredPipe pipe, String executionId, InstantSource clock) {
        this.pipe = pipe;
        this.executionId = executionId;
        this.clock = clock;
        PipeLogConfiguration settings = pipe.settings().logConfiguration();
        this.group = settings == null ? null : group(settings);
        this.level =
                settings == null || settings.level() == null || settings.level().equals("OFF")
                        ? null
                        : Level.valueOf(settings.level());
        this.withData =
                settings != null
                        && settings.includeExecutionData() != null
                        && settings.includeExecutionData().contains("ALL");
    }

    /// A request's log settings as they are shown.
    static @Nullable PipeLogConfiguration shown(@Nullable PipeLogConfigurationParameters given) {
        if (given == null) {
            return null;
        }
        return PipeLogConfiguration.builder()
                .level(given.level())
                .includeExecutionData(given.includeExecutionData())
                .cloudwatchLogsLogDestination(
                        given.cloudwatchLogsLogDestination() == null
                                ? null
                                : new CloudwatchLogsLogDestination(
                                        given.cloudwatchLogsLogDestination().logGroupArn()))
                .firehoseLogDestination(
                        given.firehoseLogDestination() == null
                                ? null
                                : new FirehoseLogDestination(
                                        given.firehoseLogDestination().deliveryStreamArn()))
                .s3LogDestination(
                        given.s3LogDestination() == null
                                ? null
                                : S3LogDestination.builder()
                                        .bucketName(given.s3LogDestination().bucketName())
                                        .bucketOwner(given.s3LogDestination().bucketOwner())
                                        .build())
                .build();
    }

    private static @Nullable Arn group(PipeLogConfiguration settings) {
        CloudwatchLogsLogDestination destination = settings.cloudwatchLogsLogDestination();
        return destination == null || destination.logGroupArn() == null
                ? null
                : Arn.parse(destination.logGroupArn()).orElse(null);
    }

    void started(List<PipeEvent> events) {
        record(Level.INFO, "ExecutionStarted", array(events), null, null, null);
    }

    void enrichmentEntered(List<PipeEvent> events) {
        record(Level.INFO, "EnrichmentStageEntered", array(events), null, null, null);
    }

    void enrichmentCalled(String request) {
        record(Level.TRACE, "EnrichmentInvocationStarted", null, request, null, null);
    }

    void enrichmentSucceeded(List<PipeEvent> answers) {
        String answer = array(answers);
        record(Level.TRACE, "EnrichmentInvocationSucceeded", null, null, answer, null);
        record(Level.INFO, "EnrichmentStageSucceeded", answer, null, null, null);
    }

    void enrichmentFailed(Failure failure) {
        stoppedBefore = true;
        record(Level.ERROR, "EnrichmentInvocationFailed", null, null, null, failure);
        record(Level.ERROR, "EnrichmentStageFailed", null, null, null, failure);
    }

    void targetEntered(List<Output> outputs) {
        String payload = payloads(outputs);
        record(Level.INFO, "TargetStageEntered", payload, null, null, null);
    }

    void targetCalled(String request) {
        record(Level.TRACE, "TargetInvocationStarted", null, request, null, null);
    }

    /// This log with the end of an execution that succeeded; a transaction may write it again.
    PipeLog succeeded(boolean delivered) {
        PipeLog ended = new PipeLog(pipe, executionId, clock);
        ended.records.addAll(records);
        if (delivered) {
            ended.record(Level.TRACE, "TargetInvocationSucceeded", null, null, null, null);
            ended.record(Level.INFO, "TargetStageSucceeded", null, null, null, null);
        } else {
            ended.record(Level.TRACE, "TargetStageSkipped", null, null, null, null);
        }
        ended.record(Level.INFO, "ExecutionSucceeded", null, null, null, null);
        return ended;
    }

    /// This log with the end of an execution that failed.
    ///
    /// @param partially whether some of the batch got through
    PipeLog failed(Failure failure, boolean partially) {
        PipeLog ended = new PipeLog(pipe, executionId, clock);
        ended.records.addAll(records);
        if (!stoppedBefore) {
            ended.record(Level.ERROR, "TargetInvocationFailed", null, null, null, failure);
            ended.record(
                    Level.ERROR,
                    partially ? "TargetStagePartiallyFailed" : "TargetStageFailed",
                    null,
                    null,
                    null,
                    failure);
        }
        ended.record(
                Level.ERROR,
                partially ? "ExecutionPartiallyFailed" : "ExecutionFailed",
                null,
                null,
                null,
                failure);
        return ended;
    }

    /// Writes what was recorded so far, to be called in the transaction that ends the execution. A
    /// log that takes nothing holds up no pipe.
    void write(Transaction tx, StoreDelivery delivery) {
        if (group == null) {
            return;
        }
        for (String record : records) {
            if (delivery.log(tx, group, record, pipe)
                    instanceof Outcome.Refused(String code, String message)) {
                LOG.warning(
                        "A pipe's log was refused",
                        "pipe",
                        pipe.arn(),
                        "group",
                        group,
                        "code",
                        code,
                        "message",
                        message);
                return;
            }
        }
    }

    private void record(
            Level of,
            String type,
            @Nullable String payload,
            @Nullable String request,
            @Nullable String response,
            @Nullable Failure failure) {
        if (level == null || group == null || of.compareTo(level) > 0) {
            return;
        }
        StringBuilder json = new StringBuilder("{\"resourceArn\":");
        json.append(JsonPathText.quote(pipe.arn()));
        json.append(",\"timestamp\":").append(clock.millis());
        json.append(",\"executionId\":").append(JsonPathText.quote(executionId));
        json.append(",\"messageType\":").append(JsonPathText.quote(type));
        json.append(",\"logLevel\":\"").append(of).append('"');
        List<String> truncated = new ArrayList<>();
        data(json, "payload", payload, truncated);
        data(json, "awsRequest", request, truncated);
        data(json, "awsResponse", response, truncated);
        if (!truncated.isEmpty()) {
            json.append(",\"truncatedFields\":[\"")
                    .append(String.join("\",\"", truncated))
                    .append("\"]");
        }
        if (failure != null) {
            json.append(",\"error\":{\"message\":")
                    .append(JsonPathText.quote(failure.message()))
                    .append(",\"awsService\":")
                    .append(JsonPathText.quote(failure.service()))
                    .append(",\"exceptionType\":")
                    .append(JsonPathText.quote(failure.code()))
                    .append(",\"resourceArn\":")
                    .append(JsonPathText.quote(pipe.settings().target()))
                    .append('}');
        }
        records.add(json.append('}').toString());
    }

    private void data(
            StringBuilder json, String name, @Nullable String value, List<String> truncated) {
        if (!withData || value == null) {
            return;
        }
        String cut = value;
        if (value.length() > PipesLimits.LOG_DATA_CHARS_MAX) {
            cut = value.substring(0, PipesLimits.LOG_DATA_CHARS_MAX);
            truncated.add(name);
        }
        json.append(",\"").append(name).append("\":").append(JsonPathText.quote(cut));
    }

    private String array(List<PipeEvent> events) {
        if (!withData) {
            return "";
        }
        return "[" + String.join(",", events.stream().map(PipeEvent::text).toList()) + "]";
    }

    private String payloads(List<Output> outputs) {
        if (!withData) {
            return "";
        }
        return "[" + String.join(",", outputs.stream().map(Output::payload).toList()) + "]";
    }
}

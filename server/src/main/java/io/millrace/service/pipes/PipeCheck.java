package io.millrace.service.pipes;

import io.millrace.api.pipes.DeadLetterConfig;
import io.millrace.api.pipes.PipeLogConfiguration;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.pattern.Arn;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Refuses pipes that cannot be: what a request says is held against the kinds of its source, its
/// enrichment and its target. Whether these are there shows when the pipe is set going, as in AWS.
final class PipeCheck {
    private static final String NOT_FOR_SOURCE =
            "The parameters do not belong to the source of the pipe.";
    private static final String NOT_FOR_TARGET =
            "The parameters do not belong to the target of the pipe.";

    private PipeCheck() {}

    /// The kind of a source that pipes of this server can read from.
    ///
    /// @throws io.millrace.wire.ServiceException for every other
    static SourceKind source(Caller caller, String source) {
        SourceKind kind = SourceKind.of(source);
        if (kind == null) {
            throw PipesErrors.field("Source", "The source is not supported: " + source);
        }
        if (!kind.isHere()) {
            throw PipesErrors.notImplemented(
                    "A pipe's source of the kind " + kind.title() + " (" + source + ")");
        }
        Arn arn = Arn.parse(source).orElseThrow();
        if (!arn.accountId().equals(caller.accountId()) || !arn.region().equals(caller.region())) {
            throw PipesErrors.field(
                    "Source", "The source must be in the account and the Region of the pipe.");
        }
        return kind;
    }

    /// @throws io.millrace.wire.ServiceException when the settings cannot be
    static void check(SourceKind kind, PipeSettings settings) {
        checkSource(kind, settings.sourceParameters());
        checkFilters(settings);
        checkEnrichment(settings.enrichmentArn());
        TargetKind target = checkTarget(settings);
        checkBatch(kind, settings, target);
        checkLog(settings.logConfiguration());
    }

    static void checkTags(Map<String, String> tags) {
        for (String key : tags.keySet()) {
            if (key.regionMatches(true, 0, "aws:", 0, 4)) {
                throw PipesErrors.validation("Tag keys must not begin with aws:.");
            }
        }
        if (tags.size() > PipesLimits.TAGS_MAX) {
            throw PipesErrors.validation(
                    "A pipe can have at most " + PipesLimits.TAGS_MAX + " tags.");
        }
    }

    private static void checkSource(SourceKind kind, PipeSourceParameters parameters) {
        String foreign = kind.foreign(parameters);
        if (foreign != null) {
            throw PipesErrors.field("SourceParameters." + foreign, NOT_FOR_SOURCE);
        }
        if (kind == SourceKind.DYNAMODB) {
            if (parameters.dynamoDBStreamParameters() == null) {
                throw PipesErrors.missing("SourceParameters." + kind.parameters());
            }
            DeadLetterConfig deadLetters = parameters.dynamoDBStreamParameters().deadLetterConfig();
            if (deadLetters != null && deadLetters.arn() != null) {
                String service =
                        Arn.parse(deadLetters.arn()).map(Arn::service).orElse("").toString();
                if (!service.equals("sqs") && !service.equals("sns")) {
                    throw PipesErrors.field(
                            "SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn",
                            "The dead-letter target must be an SQS queue or an SNS topic.");
                }
            }
        }
    }

    private static void checkFilters(PipeSettings settings) {
        for (String pattern : settings.filters()) {
            try {
                EventPattern.parse(pattern);
            } catch (EventPatternException e) {
                throw PipesErrors.field(
                        "SourceParameters.FilterCriteria.Filters",
                        "Event pattern is not valid. Reason: " + e.reason());
            }
        }
    }

    private static void checkEnrichment(@Nullable Arn enrichment) {
        TargetKind kind = enrichment == null ? null : TargetKind.of(enrichment);
        if (enrichment == null || kind == TargetKind.API_DESTINATION) {
            return;
        }
        if (kind == TargetKind.LAMBDA
                || kind == TargetKind.STEP_FUNCTIONS
                || kind == TargetKind.API_GATEWAY) {
            throw PipesErrors.notImplemented(
                    "A pipe's enrichment by anything but an API destination (" + enrichment + ")");
        }
        throw PipesErrors.field("Enrichment", "The enrichment is not supported: " + enrichment);
    }

    private static TargetKind checkTarget(PipeSettings settings) {
        TargetKind kind = TargetKind.of(settings.targetArn());
        if (kind == null) {
            throw PipesErrors.field("Target", "The target is not supported: " + settings.target());
        }
        PipeTargetParameters parameters = settings.targetParameters();
        String foreign = parameters == null ? null : kind.foreign(parameters);
        if (foreign != null) {
            throw PipesErrors.field("TargetParameters." + foreign, NOT_FOR_TARGET);
        }
        boolean grouped =
                parameters != null
                        && parameters.sqsQueueParameters() != null
                        && parameters.sqsQueueParameters().messageGroupId() != null;
        if (kind == TargetKind.SQS && settings.target().endsWith(".fifo") && !grouped) {
            throw PipesErrors.missing("TargetParameters.SqsQueueParameters.MessageGroupId");
        }
        boolean keyed = parameters != null && parameters.kinesisStreamParameters() != null;
        if (kind == TargetKind.KINESIS && !keyed) {
            throw PipesErrors.missing("TargetParameters.KinesisStreamParameters");
        }
        if (parameters != null
                && parameters.eventBridgeEventBusParameters() != null
                && parameters.eventBridgeEventBusParameters().endpointId() != null) {
            throw PipesErrors.notImplemented(
                    "EndpointId in TargetParameters.EventBridgeEventBusParameters");
        }
        return kind;
    }

    /// As many as source, enrichment and target take at once.
    private static void checkBatch(SourceKind source, PipeSettings settings, TargetKind target) {
        int max = batchMax(settings.enrichment() != null, target);
        Integer size =
                source == SourceKind.SQS
                        ? settings.queue().batchSize()
                        : settings.stream().batchSize();
        if (size != null && size > max) {
            throw PipesErrors.validation(
                    "[numeric instance is greater than the required maximum (maximum: "
                            + max
                            + ", found: "
                            + size
                            + ")]");
        }
    }

    /// @param enriched by an API destination, which takes one event at a time
    static int batchMax(boolean enriched, TargetKind target) {
        return enriched ? 1 : target.batchMax();
    }

    private static void checkLog(@Nullable PipeLogConfiguration log) {
        if (log == null) {
            return;
        }
        if (log.s3LogDestination() != null) {
            throw PipesErrors.notImplemented("S3LogDestination in LogConfiguration");
        }
        if (log.firehoseLogDestination() != null) {
            throw PipesErrors.notImplemented("FirehoseLogDestination in LogConfiguration");
        }
        if (!"OFF".equals(log.level()) && log.cloudwatchLogsLogDestination() == null) {
            throw PipesErrors.missing("LogConfiguration.CloudwatchLogsLogDestination");
        }
        if (log.cloudwatchLogsLogDestination() != null
                && log.cloudwatchLogsLogDestination().logGroupArn() == null) {
            throw PipesErrors.missing("LogConfiguration.CloudwatchLogsLogDestination.LogGroupArn");
        }
    }
}

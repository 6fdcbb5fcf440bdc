package io.millrace.service.pipes;

import io.millrace.api.pipes.DeadLetterConfig;
import io.millrace.api.pipes.FilterCriteria;
import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeSourceSqsQueueParameters;
import io.millrace.api.pipes.UpdatePipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.UpdatePipeSourceParameters;

import org.jspecify.annotations.Nullable;

/// Fills in what a request leaves out of a source's parameters: the size of batches, as
/// `DescribePipe` shows it, no larger than what the pipe's target takes.
final class SourceDefaults {

    private SourceDefaults() {}

    static PipeSettings fill(SourceKind kind, PipeSettings settings) {
        PipeSourceParameters given = settings.sourceParameters();
        PipeSourceParameters filled =
                switch (kind) {
                    case SQS ->
                            with(
                                    given,
                                    given.filterCriteria(),
                                    queue(given.sqsQueueParameters(), settings),
                                    given.dynamoDBStreamParameters());
                    case DYNAMODB ->
                            with(
                                    given,
                                    given.filterCriteria(),
                                    given.sqsQueueParameters(),
                                    stream(given.dynamoDBStreamParameters(), settings));
                    case KINESIS, MSK, KAFKA, MQ -> given;
                };
        return withSource(settings, filled);
    }

    /// The parameters with those of an update in place of their own: filters, and the source's own
    /// parameters as a whole.
    static PipeSourceParameters updated(
            PipeSourceParameters before, @Nullable UpdatePipeSourceParameters update) {
        if (update == null) {
            return before;
        }
        FilterCriteria filters =
                update.filterCriteria() == null ? before.filterCriteria() : update.filterCriteria();
        PipeSourceSqsQueueParameters queue = before.sqsQueueParameters();
        if (update.sqsQueueParameters() != null) {
            queue =
                    new PipeSourceSqsQueueParameters(
                            update.sqsQueueParameters().batchSize(),
                            update.sqsQueueParameters().maximumBatchingWindowInSeconds());
        }
        PipeSourceDynamoDBStreamParameters stream = before.dynamoDBStreamParameters();
        UpdatePipeSourceDynamoDBStreamParameters changed = update.dynamoDBStreamParameters();
        if (changed != null) {
            stream =
                    PipeSourceDynamoDBStreamParameters.builder()
                            .batchSize(changed.batchSize())
                            .deadLetterConfig(deadLetters(changed.deadLetterConfig()))
                            .onPartialBatchItemFailure(changed.onPartialBatchItemFailure())
                            .maximumBatchingWindowInSeconds(
                                    changed.maximumBatchingWindowInSeconds())
                            .maximumRecordAgeInSeconds(changed.maximumRecordAgeInSeconds())
                            .maximumRetryAttempts(changed.maximumRetryAttempts())
                            .parallelizationFactor(changed.parallelizationFactor())
                            .startingPosition(
                                    stream == null ? "TRIM_HORIZON" : stream.startingPosition())
                            .build();
        }
        return with(before, filters, queue, stream);
    }

    /// Null for a configuration without a target, by which an update takes the target away.
    private static @Nullable DeadLetterConfig deadLetters(@Nullable DeadLetterConfig given) {
        return given == null || given.arn() == null ? null : given;
    }

    private static PipeSourceSqsQueueParameters queue(
            @Nullable PipeSourceSqsQueueParameters given, PipeSettings settings) {
        Integer size = given == null ? null : given.batchSize();
        return new PipeSourceSqsQueueParameters(
                size == null ? batch(PipesLimits.QUEUE_BATCH_DEFAULT, settings) : size,
                given == null ? null : given.maximumBatchingWindowInSeconds());
    }

    private static @Nullable PipeSourceDynamoDBStreamParameters stream(
            @Nullable PipeSourceDynamoDBStreamParameters given, PipeSettings settings) {
        if (given == null || given.batchSize() != null) {
            return given;
        }
        return PipeSourceDynamoDBStreamParameters.builder()
                .batchSize(batch(PipesLimits.STREAM_BATCH_DEFAULT, settings))
                .deadLetterConfig(given.deadLetterConfig())
                .onPartialBatchItemFailure(given.onPartialBatchItemFailure())
                .maximumBatchingWindowInSeconds(given.maximumBatchingWindowInSeconds())
                .maximumRecordAgeInSeconds(given.maximumRecordAgeInSeconds())
                .maximumRetryAttempts(given.maximumRetryAttempts())
                .parallelizationFactor(given.parallelizationFactor())
                .startingPosition(given.startingPosition())
                .build();
    }

    private static int batch(int usual, PipeSettings settings) {
        TargetKind target = TargetKind.of(settings.targetArn());
        return target == null
                ? usual
                : Math.min(usual, PipeCheck.batchMax(settings.enrichment() != null, target));
    }

    private static PipeSourceParameters with(
            PipeSourceParameters given,
            @Nullable FilterCriteria filters,
            @Nullable PipeSourceSqsQueueParameters queue,
            @Nullable PipeSourceDynamoDBStreamParameters stream) {
        boolean filtering =
                filters != null && filters.filters() != null && !filters.filters().isEmpty();
        return PipeSourceParameters.builder()
                .filterCriteria(filtering ? filters : null)
                .kinesisStreamParameters(given.kinesisStreamParameters())
                .dynamoDBStreamParameters(stream)
                .sqsQueueParameters(queue)
                .activeMQBrokerParameters(given.activeMQBrokerParameters())
                .rabbitMQBrokerParameters(given.rabbitMQBrokerParameters())
                .managedStreamingKafkaParameters(given.managedStreamingKafkaParameters())
                .selfManagedKafkaParameters(given.selfManagedKafkaParameters())
                .build();
    }

    private static PipeSettings withSource(PipeSettings settings, PipeSourceParameters filled) {
        return new PipeSettings(
                settings.description(),
                settings.source(),
                filled,
                settings.enrichment(),
                settings.enrichmentParameters(),
                settings.target(),
                settings.targetParameters(),
                settings.roleArn(),
                settings.logConfiguration(),
                settings.kmsKeyIdentifier());
    }
}

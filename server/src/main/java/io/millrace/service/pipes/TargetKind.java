package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// What a pipe can deliver to, told by the target's ARN: how many events at once, and which
/// parameters belong to it. Source: [targets](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html) and
/// [batching](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html).
enum TargetKind {
    SQS("SqsQueueParameters", PipeTargetParameters::sqsQueueParameters, 10),
    SNS(null, null, 10),
    EVENT_BUS(
            "EventBridgeEventBusParameters",
            PipeTargetParameters::eventBridgeEventBusParameters,
            10),
    API_DESTINATION("HttpParameters", PipeTargetParameters::httpParameters, 1),
    API_GATEWAY("HttpParameters", PipeTargetParameters::httpParameters, 1),
    LOGS("CloudWatchLogsParameters", PipeTargetParameters::cloudWatchLogsParameters, 10_000),
    LAMBDA("LambdaFunctionParameters", PipeTargetParameters::lambdaFunctionParameters, 10_000),
    STEP_FUNCTIONS(
            "StepFunctionStateMachineParameters",
            PipeTargetParameters::stepFunctionStateMachineParameters,
            10_000),
    KINESIS("KinesisStreamParameters", PipeTargetParameters::kinesisStreamParameters, 500),
    FIREHOSE(null, null, 500),
    ECS("EcsTaskParameters", PipeTargetParameters::ecsTaskParameters, 1),
    BATCH("BatchJobParameters", PipeTargetParameters::batchJobParameters, 1),
    REDSHIFT("RedshiftDataParameters", PipeTargetParameters::redshiftDataParameters, 1),
    SAGEMAKER("SageMakerPipelineParameters", PipeTargetParameters::sageMakerPipelineParameters, 1),
    TIMESTREAM("TimestreamParameters", PipeTargetParameters::timestreamParameters, 100),
    INSPECTOR(null, null, 1);

    private final @Nullable String parameters;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a method
    private final @Nullable Function<PipeTargetParameters, @Nullable Object> given;

    private final int batchMax;

    TargetKind(
            @Nullable String parameters,
            @Nullable Function<PipeTargetParameters, @Nullable Object> given,
            int batchMax) {
        this.parameters = parameters;
        this.given = given;
        this.batchMax = batchMax;
    }

    int batchMax() {
        return batchMax;
    }

    /// Whether it is called and answers, so that a delivery is no part of a transaction.
    boolean isRemote() {
        return switch (this) {
            case SQS, SNS, EVENT_BUS, LOGS -> false;
            case API_DESTINATION,
                    API_GATEWAY,
                    LAMBDA,
                    STEP_FUNCTIONS,
                    KINESIS,
                    FIREHOSE,
                    ECS,
                    BATCH,
                    REDSHIFT,
                    SAGEMAKER,
                    TIMESTREAM,
                    INSPECTOR ->
                    true;
        };
    }

    /// Null when nothing of that kind can be a target.
    static @Nullable TargetKind of(Arn arn) {
        String resource = arn.resource();
        return switch (arn.service()) {
            case "sqs" -> SQS;
            case "sns" -> SNS;
            case "events" ->
                    resource.startsWith("event-bus/")
                            ? EVENT_BUS
                            : resource.startsWith("api-destination/") ? API_DESTINATION : null;
            case "execute-api" -> API_GATEWAY;
            case "logs" -> LOGS;
            case "lambda" -> LAMBDA;
            case "states" -> STEP_FUNCTIONS;
            case "kinesis" -> KINESIS;
            case "firehose" -> FIREHOSE;
            case "ecs" -> ECS;
            case "batch" -> BATCH;
            case "redshift", "redshift-serverless" -> REDSHIFT;
            case "sagemaker" -> SAGEMAKER;
            case "timestream" -> TIMESTREAM;
            case "inspector" -> INSPECTOR;
            default -> null;
        };
    }

    /// The first parameters that belong to another kind; null when there are none.
    @Nullable String foreign(PipeTargetParameters all) {
        for (TargetKind kind : values()) {
            if (kind.given != null
                    && kind.given.apply(all) != null
                    && !String.valueOf(kind.parameters).equals(parameters)) {
                return kind.parameters;
            }
        }
        return null;
    }
}

package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

/// What a pipe can read from, told by the source's ARN or URL, with the parameters that belong to
/// it.
enum SourceKind {
    SQS("SqsQueueParameters", "SQS"),
    DYNAMODB("DynamoDBStreamParameters", "DynamoDB Streams"),
    KINESIS("KinesisStreamParameters", "Kinesis"),
    MSK("ManagedStreamingKafkaParameters", "MSK"),
    KAFKA("SelfManagedKafkaParameters", "self-managed Apache Kafka"),
    MQ("ActiveMQBrokerParameters", "Amazon MQ");

    private static final String KAFKA_SCHEME = "smk://";

    private final String parameters;
    private final String title;

    SourceKind(String parameters, String title) {
        this.parameters = parameters;
        this.title = title;
    }

    /// The member of `SourceParameters` that belongs to it.
    String parameters() {
        return parameters;
    }

    String title() {
        return title;
    }

    /// Whether pipes of this server can read from it.
    boolean isHere() {
        return this == SQS || this == DYNAMODB;
    }

    /// Null when nothing of that kind can be a source.
    static @Nullable SourceKind of(String source) {
        if (source.startsWith(KAFKA_SCHEME)) {
            return KAFKA;
        }
        Arn arn = Arn.parse(source).orElse(null);
        if (arn == null) {
            return null;
        }
        return switch (arn.service()) {
            case "sqs" -> arn.resource().contains("/") ? null : SQS;
            case "dynamodb" -> arn.resource().contains("/stream/") ? DYNAMODB : null;
            case "kinesis" -> arn.resource().startsWith("stream/") ? KINESIS : null;
            case "kafka" -> MSK;
            case "mq" -> MQ;
            default -> null;
        };
    }

    /// The first parameters that belong to another kind; null when there are none.
    @Nullable String foreign(PipeSourceParameters given) {
        if (given.sqsQueueParameters() != null && this != SQS) {
            return SQS.parameters;
        }
        if (given.dynamoDBStreamParameters() != null && this != DYNAMODB) {
            return DYNAMODB.parameters;
        }
        if (given.kinesisStreamParameters() != null && this != KINESIS) {
            return KINESIS.parameters;
        }
        if (given.managedStreamingKafkaParameters() != null && this != MSK) {
            return MSK.parameters;
        }
        if (given.selfManagedKafkaParameters() != null && this != KAFKA) {
            return KAFKA.parameters;
        }
        if (given.activeMQBrokerParameters() != null && this != MQ) {
            return MQ.parameters;
        }
        return given.rabbitMQBrokerParameters() != null && this != MQ
                ? "RabbitMQBrokerParameters"
                : null;
    }
}

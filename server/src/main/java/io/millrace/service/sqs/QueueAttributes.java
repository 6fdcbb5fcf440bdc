package io.millrace.service.sqs;

import static io.millrace.service.sqs.SqsErrors.invalidAttribute;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The attributes of a queue that can be set: their names, defaults and checks. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html).
final class QueueAttributes {

    static final String ALL = "All";
    static final String DELAY_SECONDS = "DelaySeconds";
    static final String MAXIMUM_MESSAGE_SIZE = "MaximumMessageSize";
    static final String RETENTION_PERIOD = "MessageRetentionPeriod";
    static final String WAIT_TIME_SECONDS = "ReceiveMessageWaitTimeSeconds";
    static final String VISIBILITY_TIMEOUT = "VisibilityTimeout";
    static final String POLICY = "Policy";
    static final String REDRIVE_POLICY = "RedrivePolicy";
    static final String REDRIVE_ALLOW_POLICY = "RedriveAllowPolicy";
    static final String KMS_KEY = "KmsMasterKeyId";
    static final String KMS_REUSE_SECONDS = "KmsDataKeyReusePeriodSeconds";
    static final String SQS_ENCRYPTION = "SqsManagedSseEnabled";
    static final String FIFO_QUEUE = "FifoQueue";
    static final String CONTENT_BASED_DEDUPLICATION = "ContentBasedDeduplication";
    static final String DEDUPLICATION_SCOPE = "DeduplicationScope";
    static final String FIFO_THROUGHPUT_LIMIT = "FifoThroughputLimit";

    /// What can be asked for but not set.
    static final List<String> COMPUTED =
            List.of(
                    "QueueArn",
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed",
                    "CreatedTimestamp",
                    "LastModifiedTimestamp");

    private static final Set<String> SETTABLE =
            Set.of(
                    DELAY_SECONDS,
                    MAXIMUM_MESSAGE_SIZE,
                    RETENTION_PERIOD,
                    WAIT_TIME_SECONDS,
                    VISIBILITY_TIMEOUT,
                    POLICY,
                    REDRIVE_POLICY,
                    REDRIVE_ALLOW_POLICY,
                    KMS_KEY,
                    KMS_REUSE_SECONDS,
                    SQS_ENCRYPTION,
                    FIFO_QUEUE,
                    CONTENT_BASED_DEDUPLICATION,
                    DEDUPLICATION_SCOPE,
                    FIFO_THROUGHPUT_LIMIT);

    private static final String KMS_REUSE_SECONDS_USUAL = "300";

    private QueueAttributes() {}

    static boolean isKnown(String name) {
        return SETTABLE.contains(name) || COMPUTED.contains(name) || name.equals(ALL);
    }

    static Map<String, String> defaults(boolean fifo) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(DELAY_SECONDS, "0");
        defaults.put(MAXIMUM_MESSAGE_SIZE, Integer.toString(SqsLimits.MESSAGE_BYTES_MAX));
        defaults.put(RETENTION_PERIOD, "345600");
        defaults.put(WAIT_TIME_SECONDS, "0");
        defaults.put(VISIBILITY_TIMEOUT, "30");
        defaults.put(SQS_ENCRYPTION, "true");
        if (fifo) {
            defaults.put(FIFO_QUEUE, "true");
            defaults.put(CONTENT_BASED_DEDUPLICATION, "false");
            defaults.put(DEDUPLICATION_SCOPE, "queue");
            defaults.put(FIFO_THROUGHPUT_LIMIT, "perQueue");
        }
        return defaults;
    }

    /// Checks `changes` and lays them over `current`.
    static Map<String, String> merge(
            Map<String, String> current, Map<String, String> changes, boolean fifo) {
        changes.forEach((name, value) -> check(name, value, fifo));
        Map<String, String> merged = new LinkedHashMap<>(current);
        changes.forEach((name, value) -> {
            if (normal(name, value).equals(absent(name))) {
                merged.remove(name);
            } else {
                merged.put(name, normal(name, value));
            }
        });
        checkTogether(merged, changes);
        return merged;
    }

    /// The value that is as good as none, which AWS does not show.
    static String absent(String name) {
        return name.equals(KMS_REUSE_SECONDS) ? KMS_REUSE_SECONDS_USUAL : "";
    }

    /// The form in which values are kept and compared: booleans in lower case, numbers without
    /// leading zeros, documents without white space.
    static String normal(String name, String value) {
        return switch (name) {
            case FIFO_QUEUE, CONTENT_BASED_DEDUPLICATION, SQS_ENCRYPTION ->
                    Boolean.toString(Boolean.parseBoolean(value));
            case DELAY_SECONDS,
                    MAXIMUM_MESSAGE_SIZE,
                    RETENTION_PERIOD,
                    WAIT_TIME_SECONDS,
                    VISIBILITY_TIMEOUT,
                    KMS_REUSE_SECONDS ->
                    Integer.toString(Integer.parseInt(value));
            case POLICY -> QueuePolicy.normal(value);
            case REDRIVE_POLICY, REDRIVE_ALLOW_POLICY -> RedrivePolicies.normal(value);
            default -> value;
        };
    }

    private static void check(String name, String value, boolean fifo) {
        switch (name) {
            case DELAY_SECONDS -> checkNumber(name, value, 0, SqsLimits.DELAY_SECONDS_MAX);
            case MAXIMUM_MESSAGE_SIZE ->
                    checkNumber(
                            name, value, SqsLimits.MESSAGE_BYTES_MIN, SqsLimits.MESSAGE_BYTES_MAX);
            case RETENTION_PERIOD ->
                    checkNumber(
                            name,
                            value,
                            SqsLimits.RETENTION_SECONDS_MIN,
                            SqsLimits.RETENTION_SECONDS_MAX);
            case WAIT_TIME_SECONDS -> checkNumber(name, value, 0, SqsLimits.WAIT_TIME_SECONDS_MAX);
            case VISIBILITY_TIMEOUT ->
                    checkNumber(name, value, 0, SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX);
            case KMS_REUSE_SECONDS ->
                    checkNumber(
                            name,
                            value,
                            SqsLimits.KMS_REUSE_SECONDS_MIN,
                            SqsLimits.KMS_REUSE_SECONDS_MAX);
            case SQS_ENCRYPTION -> checkBoolean(name, value);
            case REDRIVE_ALLOW_POLICY -> RedrivePolicies.checkRedriveAllow(value);
            case POLICY -> {} // by [QueuePolicy#normal]
            case REDRIVE_POLICY, KMS_KEY -> {} // checked where other queues can be read; any text
            case FIFO_QUEUE -> checkFifoQueue(value, fifo);
            case CONTENT_BASED_DEDUPLICATION -> {
                if (!fifo) {
                    throw SqsErrors.unknownAttribute(name);
                }
                checkBoolean(name, value);
            }
            case DEDUPLICATION_SCOPE -> checkFifoChoice(name, value, fifo, "messageGroup", "queue");
            case FIFO_THROUGHPUT_LIMIT ->
                    checkFifoChoice(name, value, fifo, "perQueue", "perMessageGroupId");
            default -> throw SqsErrors.unknownAttribute(name);
        }
    }

    private static void checkTogether(Map<String, String> merged, Map<String, String> changes) {
        if (merged.containsKey(KMS_KEY)) {
            if ("true".equalsIgnoreCase(changes.get(SQS_ENCRYPTION))) {
                throw SqsErrors.twoEncryptions();
            }
            merged.put(SQS_ENCRYPTION, "false");
        }
        if ("perMessageGroupId".equals(merged.get(FIFO_THROUGHPUT_LIMIT))
                && !"messageGroup".equals(merged.get(DEDUPLICATION_SCOPE))) {
            throw invalidAttribute(
                    FIFO_THROUGHPUT_LIMIT,
                    "The perMessageGroupId value is allowed only when the value for"
                            + " DeduplicationScope is messageGroup.");
        }
    }

    private static void checkFifoQueue(String value, boolean fifo) {
        if (!fifo) {
            throw SqsErrors.unknownAttribute(FIFO_QUEUE);
        }
        checkBoolean(FIFO_QUEUE, value);
        if (!Boolean.parseBoolean(value)) {
            throw invalidAttribute(FIFO_QUEUE, "Modifying queue type is not supported.");
        }
    }

    private static void checkFifoChoice(
            String name, String value, boolean fifo, String one, String other) {
        if (!fifo) {
            throw SqsErrors.onlyForFifo(name);
        }
        if (!value.equals(one) && !value.equals(other)) {
            throw invalidAttribute(name);
        }
    }

    private static void checkBoolean(String name, String value) {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw invalidAttribute(name);
        }
    }

    private static void checkNumber(String name, String value, int min, int max) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || value.length() > 9) {
            throw invalidAttribute(name);
        }
        int number = Integer.parseInt(value);
        if (number < min || number > max) {
            throw invalidAttribute(name);
        }
    }
}

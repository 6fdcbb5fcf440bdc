package io.millrace.service.sqs;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// A queue's metadata, as it is stored.
///
/// @param number begins the keys of its messages; random, never used twice
/// @param attributes what can be set, with defaults filled in
/// @param redrive the parsed `RedrivePolicy`
/// @param purgedMillis when it was last purged; 0 for never
record Queue(
        long number,
        String accountId,
        String region,
        String name,
        boolean fifo,
        long createdSeconds,
        long modifiedSeconds,
        long purgedMillis,
        Map<String, String> attributes,
        @Nullable Redrive redrive,
        Map<String, String> tags) {

    /// Where a message goes that was received too often.
    record Redrive(String deadLetterTargetArn, int maxReceiveCount) {}

    String arn() {
        return resource().toString();
    }

    Arn resource() {
        return Arn.of("sqs", region, accountId, name);
    }

    /// The access policy in its normal form; null when there is none.
    @Nullable String policy() {
        return attributes.get(QueueAttributes.POLICY);
    }

    byte[] key() {
        return SqsKeys.queue(accountId, region, name);
    }

    String url(String endpoint) {
        return endpoint + "/" + accountId + "/" + name;
    }

    int delaySeconds() {
        return number(QueueAttributes.DELAY_SECONDS);
    }

    int visibilityTimeoutSeconds() {
        return number(QueueAttributes.VISIBILITY_TIMEOUT);
    }

    int waitTimeSeconds() {
        return number(QueueAttributes.WAIT_TIME_SECONDS);
    }

    int messageBytesMax() {
        return number(QueueAttributes.MAXIMUM_MESSAGE_SIZE);
    }

    long retentionMillis() {
        return number(QueueAttributes.RETENTION_PERIOD) * 1000L;
    }

    boolean contentBasedDeduplication() {
        return "true".equals(attributes.get(QueueAttributes.CONTENT_BASED_DEDUPLICATION));
    }

    boolean deduplicatesByGroup() {
        return "messageGroup".equals(attributes.get(QueueAttributes.DEDUPLICATION_SCOPE));
    }

    Queue with(
            Map<String, String> newAttributes, @Nullable Redrive newRedrive, long modifiedSeconds) {
        return new Queue(
                number,
                accountId,
                region,
                name,
                fifo,
                createdSeconds,
                modifiedSeconds,
                purgedMillis,
                newAttributes,
                newRedrive,
                tags);
    }

    /// @param policy empty for none
    Queue withPolicy(String policy, long modifiedSeconds) {
        Map<String, String> changed = new LinkedHashMap<>(attributes);
        if (policy.isEmpty()) {
            changed.remove(QueueAttributes.POLICY);
        } else {
            changed.put(QueueAttributes.POLICY, policy);
        }
        return with(changed, redrive, modifiedSeconds);
    }

    Queue withTags(Map<String, String> newTags) {
        return new Queue(
                number,
                accountId,
                region,
                name,
                fifo,
                createdSeconds,
                modifiedSeconds,
                purgedMillis,
                attributes,
                redrive,
                newTags);
    }

    Queue purgedAt(long nowMillis) {
        return new Queue(
                number,
                accountId,
                region,
                name,
                fifo,
                createdSeconds,
                modifiedSeconds,
                nowMillis,
                attributes,
                redrive,
                tags);
    }

    private int number(String attribute) {
        String value = attributes.get(attribute);
        if (value == null) {
            throw new IllegalStateException(arn() + " lacks " + attribute);
        }
        return Integer.parseInt(value);
    }
}

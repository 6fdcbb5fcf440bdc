package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.policy.Policy;
import io.millrace.wire.ServiceException;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The attributes of a topic: names, defaults, and which values they take. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html).
final class TopicAttributes {
    static final String FIFO_TOPIC = "FifoTopic";
    static final String CONTENT_BASED_DEDUPLICATION = "ContentBasedDeduplication";
    static final String FIFO_THROUGHPUT_SCOPE = "FifoThroughputScope";
    static final String SIGNATURE_VERSION = "SignatureVersion";
    static final String DELIVERY_POLICY = "DeliveryPolicy";
    static final String DISPLAY_NAME = "DisplayName";
    static final String POLICY = "Policy";
    static final String TRACING_CONFIG = "TracingConfig";
    static final String KMS_MASTER_KEY_ID = "KmsMasterKeyId";
    static final String ARCHIVE_POLICY = "ArchivePolicy";

    /// Has operations of its own, and is neither set nor shown with the others.
    static final String DATA_PROTECTION_POLICY = "DataProtectionPolicy";

    private static final Set<String> SETTABLE =
            Set.of(
                    CONTENT_BASED_DEDUPLICATION,
                    FIFO_THROUGHPUT_SCOPE,
                    SIGNATURE_VERSION,
                    DELIVERY_POLICY,
                    DISPLAY_NAME,
                    POLICY,
                    TRACING_CONFIG,
                    KMS_MASTER_KEY_ID,
                    ARCHIVE_POLICY);
    private static final Set<String> FEEDBACK_PROTOCOLS =
            Set.of("HTTP", "Firehose", "Lambda", "Application", "SQS");
    private static final Set<String> FEEDBACKS =
            Set.of("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn");

    private TopicAttributes() {}

    static boolean isSettable(String name) {
        if (SETTABLE.contains(name)) {
            return true;
        }
        for (String protocol : FEEDBACK_PROTOCOLS) {
            if (name.startsWith(protocol)
                    && FEEDBACKS.contains(name.substring(protocol.length()))) {
                return true;
            }
        }
        return false;
    }

    /// The attributes of a new topic, checked; those that say nothing are left out.
    static Map<String, String> ofNewTopic(Arn topic, Map<String, String> requested) {
        Map<String, String> attributes = new LinkedHashMap<>();
        boolean isFifo = "true".equalsIgnoreCase(requested.get(FIFO_TOPIC));
        requested.forEach((name, value) -> {
            if (name.equals(FIFO_TOPIC)) {
                checkBoolean(name, value, TopicAttributes::inAttributes);
            } else if (!isSettable(name)) {
                throw SnsErrors.invalidParameter("Attributes", "Unknown attribute " + name);
            } else {
                check(topic, name, value, isFifo, TopicAttributes::inAttributes);
            }
            String normal = normal(name, value);
            if (!normal.isEmpty() && !(name.equals(FIFO_TOPIC) && !isFifo)) {
                attributes.put(name, normal);
            }
        });
        return attributes;
    }

    /// Checks a value for `SetTopicAttributes`.
    static void check(Topic topic, String name, String value) {
        check(topic.arn(), name, value, topic.isFifo(), SnsErrors::invalidParameter);
    }

    /// The one form in which a checked value is kept: `True` becomes `true`, and an archive policy
    /// that asks for none becomes nothing.
    static String normal(String name, String value) {
        return switch (name) {
            case FIFO_TOPIC, CONTENT_BASED_DEDUPLICATION -> value.toLowerCase(Locale.ROOT);
            case POLICY -> Policy.kept(value).text();
            case ARCHIVE_POLICY ->
                    ArchivePolicy.parse(value, SnsErrors::invalidParameter).isEmpty() ? "" : value;
            default -> value;
        };
    }

    private static ServiceException inAttributes(String what) {
        return SnsErrors.invalidParameter("Attributes", what);
    }

    private static void check(
            Arn topic,
            String name,
            String value,
            boolean isFifo,
            Function<String, ServiceException> refusal) {
        switch (name) {
            case CONTENT_BASED_DEDUPLICATION -> {
                checkBoolean(name, value, refusal);
                if (!isFifo) {
                    throw refusal.apply(
                            "Content-based deduplication can only be set for FIFO topics");
                }
            }
            case FIFO_THROUGHPUT_SCOPE -> {
                if (!isFifo || !Set.of("Topic", "MessageGroup").contains(value)) {
                    throw refusal.apply(FIFO_THROUGHPUT_SCOPE);
                }
            }
            case SIGNATURE_VERSION -> {
                if (!Set.of("1", "2").contains(value)) {
                    throw refusal.apply(SIGNATURE_VERSION);
                }
            }
            case TRACING_CONFIG -> {
                if (!Set.of("PassThrough", "Active").contains(value)) {
                    throw refusal.apply(TRACING_CONFIG);
                }
            }
            case DISPLAY_NAME -> {
                if (value.length() > SnsLimits.DISPLAY_NAME_CHARACTERS) {
                    throw refusal.apply(DISPLAY_NAME);
                }
            }
            case POLICY -> TopicPolicy.checked(value, topic, refusal);
            case DELIVERY_POLICY -> new DeliveryPolicyCheck(refusal).ofTopic(value);
            case ARCHIVE_POLICY -> {
                if (!isFifo) {
                    throw refusal.apply("AttributeName");
                }
                ArchivePolicy.parse(value, refusal);
            }
            default -> checkFeedback(name, value, refusal); // key ids are taken as they are
        }
    }

    private static void checkFeedback(
            String name, String value, Function<String, ServiceException> refusal) {
        if (!Feedback.isValid(name, value)) {
            throw refusal.apply(name);
        }
    }

    private static void checkBoolean(
            String name, String value, Function<String, ServiceException> refusal) {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw refusal.apply(name + ": Invalid value [" + value + "]. Must be true or false.");
        }
    }
}

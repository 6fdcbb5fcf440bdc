package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Which deliveries of a protocol a topic wants logged.
///
/// @param successPercent of the successful deliveries, which part
/// @param failures whether all that fail are logged
record Feedback(int successPercent, boolean failures) {
    static final Feedback NONE = new Feedback(0, false);

    private static final String SUCCESS_ROLE = "SuccessFeedbackRoleArn";
    private static final String SAMPLE_RATE = "SuccessFeedbackSampleRate";
    private static final String FAILURE_ROLE = "FailureFeedbackRoleArn";
    private static final int ALL = 100;

    /// Whether a topic wants anything logged.
    static boolean isWanted(Topic topic) {
        for (String name : topic.attributes().keySet()) {
            if (name.endsWith("FeedbackRoleArn")) {
                return true;
            }
        }
        return false;
    }

    static Feedback of(Topic topic, String protocol) {
        String prefix = prefix(protocol);
        if (prefix == null) {
            return NONE;
        }
        Map<String, String> attributes = topic.attributes();
        String rate = attributes.get(prefix + SAMPLE_RATE);
        boolean successes = attributes.containsKey(prefix + SUCCESS_ROLE);
        int percent = rate == null ? ALL : Integer.parseInt(rate);
        return new Feedback(successes ? percent : 0, attributes.containsKey(prefix + FAILURE_ROLE));
    }

    boolean isNone() {
        return equals(NONE);
    }

    /// Whether to log a delivery.
    ///
    /// @param random any number, which decides what is in the sample
    boolean wants(boolean success, long random) {
        return success ? Math.floorMod(random, ALL) < successPercent : failures;
    }

    /// One text for a job's attributes.
    String text() {
        return successPercent + (failures ? "+" : "");
    }

    static Feedback parse(String text) {
        boolean failures = text.endsWith("+");
        String percent = failures ? text.substring(0, text.length() - 1) : text;
        return new Feedback(Integer.parseInt(percent), failures);
    }

    private static @Nullable String prefix(String protocol) {
        return switch (protocol) {
            case "http", "https" -> "HTTP";
            case "sqs" -> "SQS";
            case "lambda" -> "Lambda";
            case "firehose" -> "Firehose";
            case "application" -> "Application";
            default -> null;
        };
    }
}

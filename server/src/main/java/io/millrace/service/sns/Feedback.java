package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.regex.Pattern;

/// Which deliveries a topic, a platform application or an account wants logged.
///
/// @param successPercent of the successful deliveries, which part
/// @param failures whether all that fail are logged
record Feedback(int successPercent, boolean failures) {
    static final Feedback NONE = new Feedback(0, false);

    private static final String SUCCESS_ROLE = "SuccessFeedbackRoleArn";
    private static final String SAMPLE_RATE = "SuccessFeedbackSampleRate";
    private static final String FAILURE_ROLE = "FailureFeedbackRoleArn";
    private static final int ALL = 100;
    private static final Pattern PERCENT = Pattern.compile("\\d|[1-9]\\d|100");
    private static final Pattern ROLE =
            Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

    /// Whether a topic wants anything logged.
    static boolean isWanted(Topic topic) {
        for (String name : topic.attributes().keySet()) {
            if (name.endsWith("FeedbackRoleArn")) {
                return true;
            }
        }
        return false;
    }

    /// Whether an attribute, if it is one of those that ask for logs, may have a value.
    static boolean isValid(String name, String value) {
        if (value.isEmpty()) {
            return true;
        }
        if (name.endsWith("FeedbackSampleRate")) {
            return PERCENT.matcher(value).matches();
        }
        return !name.endsWith("FeedbackRoleArn") || ROLE.matcher(value).matches();
    }

    static Feedback of(Topic topic, String protocol) {
        String prefix = prefix(protocol);
        if (prefix == null) {
            return NONE;
        }
        return of(
                topic.attributes(),
                prefix + SUCCESS_ROLE,
                prefix + SAMPLE_RATE,
                prefix + FAILURE_ROLE);
    }

    /// What a platform application wants logged.
    static Feedback of(Platforms.Application application) {
        return of(application.attributes(), SUCCESS_ROLE, SAMPLE_RATE, FAILURE_ROLE);
    }

    /// What an account wants logged of its text messages, by its [SmsAttributes].
    static Feedback ofSms(Map<String, String> attributes) {
        String role = SmsAttributes.STATUS_ROLE;
        return of(attributes, role, SmsAttributes.STATUS_RATE, role);
    }

    private static Feedback of(
            Map<String, String> attributes, String successRole, String rate, String failureRole) {
        String given = attributes.getOrDefault(rate, "");
        int percent = PERCENT.matcher(given).matches() ? Integer.parseInt(given) : ALL;
        boolean successes = !attributes.getOrDefault(successRole, "").isEmpty();
        boolean failures = !attributes.getOrDefault(failureRole, "").isEmpty();
        return new Feedback(successes ? percent : 0, failures);
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

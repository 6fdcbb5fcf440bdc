package io.millrace.service.events;

import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.Message;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// What EventBridge tells of a delivery that failed. Source: [dead-letter
/// queues](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
///
/// That a refusal for good tells of no retries was seen at AWS for missing permissions, in the
/// recording `eventbridge/target_roles.json` of [stackd](https://github.com/radkawar/stackd).
final class TargetErrors {

    private TargetErrors() {}

    /// What EventBridge calls a target's refusal.
    static String code(String code) {
        return switch (code) {
            case "AccessDenied", "AccessDeniedException", "AuthorizationError" -> "NO_PERMISSIONS";
            case "AWS.SimpleQueueService.NonExistentQueue",
                    "NotFound",
                    "ResourceNotFoundException" ->
                    "NO_RESOURCE";
            case "InvalidParameter", "InvalidParameterException", "InvalidParameterValue" ->
                    "INVALID_PARAMETER";
            default -> code;
        };
    }

    /// The attributes of a message in a dead-letter queue. What was refused for good at once tells
    /// of no retries.
    ///
    /// @param retryCount the attempts after the first one
    /// @param exhausted what ended the retries; null when there would have been none anyway
    static Map<String, Message.Attribute> attributes(
            RuleDelivery delivery,
            Attempt.Failed failure,
            int retryCount,
            @Nullable String exhausted) {
        Map<String, Message.Attribute> attributes = new TreeMap<>();
        put(attributes, "RULE_ARN", delivery.ruleArn());
        put(attributes, "TARGET_ARN", delivery.targetArn());
        put(attributes, "ERROR_CODE", failure.errorCode());
        put(attributes, "ERROR_MESSAGE", failure.errorMessage());
        if (retryCount > 0 || exhausted != null) {
            put(attributes, "RETRY_ATTEMPTS", Integer.toString(retryCount));
        }
        if (exhausted != null) {
            put(attributes, "EXHAUSTED_RETRY_CONDITION", exhausted);
        }
        return attributes;
    }

    private static void put(Map<String, Message.Attribute> to, String name, String value) {
        to.put(name, Message.Attribute.string(value));
    }
}

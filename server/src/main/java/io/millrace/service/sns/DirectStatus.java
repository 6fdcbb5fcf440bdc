package io.millrace.service.sns;

import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Ending;
import io.millrace.notification.PushMessage;
import io.millrace.notification.TextMessage;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How the delivery to a telephone or a device ended, as AWS logs it, without what only a telephone
/// company knows. Sources: developer guide, [text
/// messages](https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html) and [mobile
/// push](https://docs.aws.amazon.com/sns/latest/dg/sns-msg-status.html).
final class DirectStatus {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;

    private DirectStatus() {}

    /// Of a text message.
    ///
    /// @param topicArn null when it was sent to a number
    static String of(
            TextMessage message,
            String messageId,
            @Nullable String topicArn,
            Ending ending,
            long nowMillis) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode notification = root.putObject("notification").put("messageId", messageId);
        if (topicArn != null) {
            notification.put("topicArn", topicArn);
        }
        notification.put("timestamp", DeliveryStatus.time(message.timeMillis()));
        String parts = message.attributes().getOrDefault("Parts", "1");
        root.putObject("delivery")
                .put("numberOfMessageParts", Integer.parseInt(parts))
                .put("destination", message.to())
                .put("smsType", message.attributes().getOrDefault("SMSType", "Promotional"))
                .put(
                        "providerResponse",
                        response(ending, "Message has been accepted by phone carrier"))
                .put("dwellTimeMs", nowMillis - message.timeMillis());
        return root.put("status", status(ending)).toString();
    }

    /// Of a notification to a device.
    ///
    /// @param token of the device; null when it is gone
    static String of(
            PushMessage push,
            String messageId,
            @Nullable String token,
            Ending ending,
            long nowMillis) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("notification")
                .put("messageId", messageId)
                .put("timestamp", DeliveryStatus.time(push.timeMillis()));
        ObjectNode delivery = root.putObject("delivery");
        Integer code = statusCode(ending.last());
        if (code != null) {
            delivery.put("statusCode", code);
        }
        delivery.put("dwellTimeMs", nowMillis - push.timeMillis());
        if (token != null) {
            delivery.put("token", token);
        }
        delivery.put("attempts", ending.attemptCount())
                .put("providerResponse", response(ending, "OK"))
                .put("destination", push.endpointArn());
        return root.put("status", status(ending)).toString();
    }

    /// The HTTP status of an attempt; null where there was none.
    static @Nullable Integer statusCode(Attempt last) {
        return switch (last) {
            case Attempt.Delivered _ -> OK;
            case Attempt.Failed failed ->
                    failed.errorCode().matches("\\d{3}")
                            ? Integer.valueOf(failed.errorCode())
                            : null;
        };
    }

    private static String response(Ending ending, String taken) {
        return ending.last() instanceof Attempt.Failed failed ? failed.errorMessage() : taken;
    }

    private static String status(Ending ending) {
        return ending.last() instanceof Attempt.Delivered ? "SUCCESS" : "FAILURE";
    }
}

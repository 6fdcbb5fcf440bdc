package io.millrace.service.sns;

import io.millrace.delivery.StoreTarget.Outcome;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// How the delivery of one message to one endpoint ended, as AWS logs it. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html), and records that
/// users published.
///
/// @param timestampMillis when the message was published
/// @param dwellMillis from then until the delivery ended
/// @param statusCode null where the endpoint gave none
record DeliveryStatus(
        String messageMd5,
        String messageId,
        String topicArn,
        long timestampMillis,
        String deliveryId,
        String destination,
        String providerResponse,
        long dwellMillis,
        int attempts,
        @Nullable Integer statusCode,
        boolean success) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    /// What a queue, or another target in the store, answered, in the form in which AWS tells it.
    static String response(Outcome outcome) {
        ObjectNode response = JSON.createObjectNode();
        switch (outcome) {
            case Outcome.Delivered(String id) ->
                    response.put("sqsRequestId", "Unrecoverable").put("sqsMessageId", id);
            case Outcome.Refused(String code, String message) ->
                    response.put("ErrorCode", code)
                            .put("ErrorMessage", message)
                            .put("sqsRequestId", "Unrecoverable");
        }
        return response.toString();
    }

    static String md5(String message) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(message.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /// As AWS's logs tell a time.
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("notification")
                .put("messageMD5Sum", messageMd5)
                .put("messageId", messageId)
                .put("topicArn", topicArn)
                .put("timestamp", time(timestampMillis));
        ObjectNode delivery =
                root.putObject("delivery")
                        .put("deliveryId", deliveryId)
                        .put("destination", destination)
                        .put("providerResponse", providerResponse)
                        .put("dwellTimeMs", dwellMillis)
                        .put("attempts", attempts);
        if (statusCode != null) {
            delivery.put("statusCode", statusCode);
        }
        return root.put("status", success ? "SUCCESS" : "FAILURE").toString();
    }
}

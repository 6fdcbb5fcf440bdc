package io.millrace.service.sns;

import io.millrace.delivery.Message;
import io.millrace.delivery.XmlText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// The JSON in which a message reaches queues and HTTP endpoints, members and layout as AWS's.
/// Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html).
///
/// For one publication; what its subscriptions share is built once. For one thread.
final class Envelope {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// As long as a signature.
    private static final String NO_SIGNATURE = "-".repeat(SigningKeys.SIGNATURE_CHARACTERS);

    private final Notification notification;
    private final Publication publication;
    private final String certificatePath;
    private final String tail;
    private final Map<String, Integer> lengths = new HashMap<>();

    Envelope(Notification notification, String certificatePath) {
        this.notification = notification;
        this.publication = notification.publication();
        this.certificatePath = certificatePath;
        this.tail =
                (publication.replayed() ? ",\n  \"Replayed\" : true" : "")
                        + tail(publication.attributes());
    }

    /// The whole message for one subscription.
    ///
    /// @param variant which of the publication's bodies
    /// @param signature null when it is not signed
    String text(String variant, String subscriptionArn, @Nullable String signature) {
        return head(variant, signature) + link(subscriptionArn) + tail;
    }

    /// The same with something as long in place of the signature.
    String draft(String variant, String subscriptionArn) {
        return text(variant, subscriptionArn, NO_SIGNATURE);
    }

    /// How many bytes the whole message has.
    int length(String variant, String subscriptionArn) {
        return sharedLength(variant) + subscriptionArn.length(); // which has nothing to escape
    }

    /// Whether it has no other characters than those that queues take.
    boolean isXml(String variant) {
        return sharedLength(variant) != JsonText.NOT_FOR_QUEUES;
    }

    /// What is signed, as AWS documents it for
    /// [verification](https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html).
    String signed(String variant) {
        String subject = publication.subject();
        return canonical("Message", body(variant), "MessageId", publication.messageId())
                + (subject == null ? "" : canonical("Subject", subject))
                + canonical(
                        "Timestamp",
                        timestamp(),
                        "TopicArn",
                        notification.topicArn(),
                        "Type",
                        "Notification");
    }

    static String confirmation(
            String type,
            String messageId,
            String token,
            String subscriptionArn,
            String endpoint,
            Instant time,
            String version,
            SigningKeys keys) {
        String topicArn = Subscription.topicArn(subscriptionArn);
        String message =
                type.equals("SubscriptionConfirmation")
                        ? "You have chosen to subscribe to the topic "
                                + topicArn
                                + ".\nTo confirm the subscription, visit the SubscribeURL included"
                                + " in this message."
                        : "You have chosen to deactivate subscription "
                                + subscriptionArn
                                + ".\nTo cancel this operation and restore the subscription, visit"
                                + " the SubscribeURL included in this message.";
        String url = confirmationUrl(endpoint, topicArn, token);
        String timestamp = TIMESTAMP.format(time);
        String signature =
                keys.sign(
                        version,
                        canonical(
                                "Message", message,
                                "MessageId", messageId,
                                "SubscribeURL", url,
                                "Timestamp", timestamp,
                                "Token", token,
                                "TopicArn", topicArn,
                                "Type", type));
        return "{\n"
                + member("Type", type)
                + ",\n"
                + member("MessageId", messageId)
                + ",\n"
                + member("Token", token)
                + ",\n"
                + member("TopicArn", topicArn)
                + ",\n"
                + member("Message", message)
                + ",\n"
                + member("SubscribeURL", url)
                + ",\n"
                + member("Timestamp", timestamp)
                + ",\n"
                + member("SignatureVersion", version)
                + ",\n"
                + member("Signature", signature)
                + ",\n"
                + member("SigningCertURL", endpoint + keys.path())
                + "\n}";
    }

    static String confirmationUrl(String endpoint, String topicArn, String token) {
        return endpoint + "/?Action=ConfirmSubscription&TopicArn=" + topicArn + "&Token=" + token;
    }

    static String unsubscribeUrl(String endpoint, String subscriptionArn) {
        return endpoint + "/?Action=Unsubscribe&SubscriptionArn=" + subscriptionArn;
    }

    private int sharedLength(String variant) {
        return lengths.computeIfAbsent(variant, this::newSharedLength);
    }

    private int newSharedLength(String variant) {
        String rest = head("", NO_SIGNATURE) + link("") + tail;
        int bodyLength = JsonText.length(body(variant));
        return bodyLength == JsonText.NOT_FOR_QUEUES || !XmlText.is(rest)
                ? JsonText.NOT_FOR_QUEUES
                : bodyLength + rest.getBytes(StandardCharsets.UTF_8).length;
    }

    private String head(String variant, @Nullable String signature) {
        StringBuilder head = new StringBuilder("{\n");
        head.append(member("Type", "Notification")).append(",\n");
        head.append(member("MessageId", publication.messageId())).append(",\n");
        if (publication.sequenceNumber() != null) {
            head.append(member("SequenceNumber", publication.sequenceNumber())).append(",\n");
        }
        head.append(member("TopicArn", notification.topicArn())).append(",\n");
        if (publication.subject() != null) {
            head.append(member("Subject", publication.subject())).append(",\n");
        }
        head.append(member("Message", body(variant))).append(",\n");
        head.append(member("Timestamp", timestamp())).append(",\n");
        String version = notification.signatureVersion();
        if (version != null && signature != null) {
            head.append(member("SignatureVersion", version)).append(",\n");
            head.append(member("Signature", signature)).append(",\n");
            head.append(member("SigningCertURL", publication.endpoint() + certificatePath))
                    .append(",\n");
        }
        return head.toString();
    }

    private String link(String subscriptionArn) {
        return member("UnsubscribeURL", unsubscribeUrl(publication.endpoint(), subscriptionArn));
    }

    private String body(String variant) {
        return publication.bodies().getOrDefault(variant, "");
    }

    private String timestamp() {
        return TIMESTAMP.format(Instant.ofEpochMilli(publication.timestampMillis()));
    }

    private static String canonical(String... namesAndValues) {
        return String.join("\n", namesAndValues) + "\n";
    }

    private static String tail(Map<String, Message.Attribute> attributes) {
        if (attributes.isEmpty()) {
            return "\n}";
        }
        StringBuilder tail = new StringBuilder(",\n  \"MessageAttributes\" : {");
        String separator = "\n    ";
        for (Map.Entry<String, Message.Attribute> entry : attributes.entrySet()) {
            Message.Attribute attribute = entry.getValue();
            byte[] binary = attribute.binaryValue();
            String value =
                    binary != null
                            ? Base64.getEncoder().encodeToString(binary)
                            : String.valueOf(attribute.stringValue());
            tail.append(separator);
            JsonText.quote(tail, entry.getKey());
            tail.append(" : {\"Type\":");
            JsonText.quote(tail, attribute.dataType());
            tail.append(",\"Value\":");
            JsonText.quote(tail, value);
            tail.append('}');
            separator = ",\n    ";
        }
        return tail.append("\n  }\n}").toString();
    }

    private static String member(String name, String value) {
        StringBuilder text = new StringBuilder(value.length() + name.length() + 16);
        text.append("  \"").append(name).append("\" : ");
        JsonText.quote(text, value);
        return text.toString();
    }
}

package io.millrace.service.sns;

import io.millrace.delivery.Message;

import org.jspecify.annotations.Nullable;

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
/// One for each publish: what subscriptions share is built and signed once for each text. For one
/// thread at a time.
final class Envelope {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Publication publication;
    private final String topicArn;
    private final Signatures signatures;
    private final @Nullable String signatureVersion;
    private final String tail;
    private final Map<String, String> headByBody = new HashMap<>();

    Envelope(Publication publication, Topic topic, Signatures signatures) {
        this.publication = publication;
        this.topicArn = topic.arn().toString();
        this.signatures = signatures;
        this.signatureVersion = topic.isFifo() ? null : topic.signatureVersion();
        this.tail = tail(publication.attributes());
    }

    /// The whole message for one subscription.
    String text(Subscription subscription) {
        return head(publication.body(subscription.protocol()))
                + member(
                        "UnsubscribeURL",
                        unsubscribeUrl(publication.endpoint(), subscription.arn()))
                + tail;
    }

    /// Builds, and signs, what is shared by the subscriptions of a protocol.
    void prepare(String protocol) {
        head(publication.body(protocol));
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
        String url =
                endpoint + "/?Action=ConfirmSubscription&TopicArn=" + topicArn + "&Token=" + token;
        String timestamp = TIMESTAMP.format(time);
        String signature =
                keys.sign(
                        null,
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

    static String unsubscribeUrl(String endpoint, String subscriptionArn) {
        return endpoint + "/?Action=Unsubscribe&SubscriptionArn=" + subscriptionArn;
    }

    private String head(String body) {
        return headByBody.computeIfAbsent(body, this::newHead);
    }

    private String newHead(String body) {
        String timestamp = TIMESTAMP.format(Instant.ofEpochMilli(publication.timestampMillis()));
        StringBuilder head = new StringBuilder("{\n");
        head.append(member("Type", "Notification")).append(",\n");
        head.append(member("MessageId", publication.messageId())).append(",\n");
        if (publication.sequenceNumber() != null) {
            head.append(member("SequenceNumber", publication.sequenceNumber())).append(",\n");
        }
        head.append(member("TopicArn", topicArn)).append(",\n");
        if (publication.subject() != null) {
            head.append(member("Subject", publication.subject())).append(",\n");
        }
        head.append(member("Message", body)).append(",\n");
        head.append(member("Timestamp", timestamp)).append(",\n");
        if (signatureVersion != null) {
            String signature =
                    signatures.of(signatureVersion, canonicalNotification(body, timestamp));
            head.append(member("SignatureVersion", signatureVersion)).append(",\n");
            head.append(member("Signature", signature)).append(",\n");
            head.append(
                            member(
                                    "SigningCertURL",
                                    publication.endpoint() + signatures.certificatePath()))
                    .append(",\n");
        }
        return head.toString();
    }

    /// What is signed, as AWS documents it for
    /// [verification](https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html).
    private String canonicalNotification(String body, String timestamp) {
        String subject = publication.subject();
        return canonical("Message", body, "MessageId", publication.messageId())
                + (subject == null ? "" : canonical("Subject", subject))
                + canonical("Timestamp", timestamp, "TopicArn", topicArn, "Type", "Notification");
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
            quote(tail, entry.getKey());
            tail.append(" : {\"Type\":");
            quote(tail, attribute.dataType());
            tail.append(",\"Value\":");
            quote(tail, value);
            tail.append('}');
            separator = ",\n    ";
        }
        return tail.append("\n  }\n}").toString();
    }

    private static String member(String name, String value) {
        StringBuilder text = new StringBuilder(value.length() + name.length() + 16);
        text.append("  \"").append(name).append("\" : ");
        quote(text, value);
        return text.toString();
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(c < 0x10 ? "0" : "").append(hex(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static String hex(char c) {
        return Integer.toHexString(c);
    }
}

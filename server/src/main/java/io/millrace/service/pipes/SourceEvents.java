package io.millrace.service.pipes;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodbstreams.Record;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.QueueSource.Received;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// Events as sources tell them. Source: [SQS](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html) and [DynamoDB
/// streams](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html).
final class SourceEvents {

    private SourceEvents() {}

    static PipeEvent of(int index, Arn queue, Received message) {
        String quoted = JsonPathText.quote(message.body());
        String text = text(queue, message, quoted);
        boolean decoded = PipeJson.isDocument(message.body());
        return new PipeEvent(
                message.messageId(),
                index,
                text,
                decoded ? text(queue, message, message.body().strip()) : text,
                decoded);
    }

    private static String text(Arn queue, Received message, String body) {
        StringBuilder json = new StringBuilder(512 + body.length()).append('{');
        member(json, "messageId", JsonPathText.quote(message.messageId()));
        member(json, "receiptHandle", JsonPathText.quote(message.receiptHandle()));
        member(json, "body", body);
        member(json, "attributes", strings(message.attributes()));
        member(json, "messageAttributes", attributes(message.messageAttributes()));
        if (message.attributesMd5() != null) {
            member(json, "md5OfMessageAttributes", JsonPathText.quote(message.attributesMd5()));
        }
        member(json, "md5OfBody", JsonPathText.quote(message.bodyMd5()));
        member(json, "eventSource", "\"aws:sqs\"");
        member(json, "eventSourceARN", JsonPathText.quote(queue.toString()));
        member(json, "awsRegion", JsonPathText.quote(queue.region()));
        return json.append('}').toString();
    }

    static PipeEvent of(int index, Arn stream, Record change) {
        String json = new String(JsonShapeWriter.write(change), StandardCharsets.UTF_8);
        String text =
                json.substring(0, json.length() - 1)
                        + ",\"eventSourceARN\":"
                        + JsonPathText.quote(stream.toString())
                        + "}";
        return new PipeEvent(String.valueOf(change.eventID()), index, text, text, true);
    }

    private static String strings(Map<String, String> values) {
        StringBuilder json = new StringBuilder().append('{');
        new TreeMap<>(values)
                .forEach((name, value) -> member(json, name, JsonPathText.quote(value)));
        return json.append('}').toString();
    }

    private static String attributes(Map<String, Attribute> attributes) {
        StringBuilder json = new StringBuilder().append('{');
        new TreeMap<>(attributes).forEach((name, value) -> member(json, name, attribute(value)));
        return json.append('}').toString();
    }

    private static String attribute(Attribute attribute) {
        StringBuilder json = new StringBuilder().append('{');
        if (attribute.stringValue() != null) {
            member(json, "stringValue", JsonPathText.quote(attribute.stringValue()));
        }
        if (attribute.binaryValue() != null) {
            String base64 = Base64.getEncoder().encodeToString(attribute.binaryValue());
            member(json, "binaryValue", JsonPathText.quote(base64));
        }
        member(json, "stringListValues", "[]");
        member(json, "binaryListValues", "[]");
        member(json, "dataType", JsonPathText.quote(attribute.dataType()));
        return json.append('}').toString();
    }

    private static void member(StringBuilder json, String name, String value) {
        json.append(json.length() > 1 ? "," : "")
                .append(JsonPathText.quote(name))
                .append(':')
                .append(value);
    }
}

package io.millrace.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a server in a directory of its own and asks it one question of each kind. The JVM that
/// records the start-up cache runs this, so that the cache knows what a first answer needs; and no
/// more, since what is in the cache is in memory: so it asks through a bare socket.
final class Rehearsal {

    private static final String SIGNATURE =
            "AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/%s/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64);

    private Rehearsal() {}

    /// @throws StartException when the server does not start
    static void run(Path data) throws StartException {
        PlainStart.of(List.of("start", "--port", "0"), Map.of());
        try (Millrace millrace = Millrace.start(Configuration.of(data))) {
            URI endpoint = URI.create(millrace.endpoint());
            json(endpoint, "dynamodb", "DynamoDB_20120810.ListTables", "{}");
            json(
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.CreateTable",
                    """
                    {"TableName":"rehearsal","BillingMode":"PAY_PER_REQUEST",
                    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
                    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}\
                    """);
            json(
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.PutItem",
                    """
                    {"TableName":"rehearsal","Item":{"id":{"S":"1"},"n":{"N":"1.5"}},
                    "ConditionExpression":"attribute_not_exists(id)"}\
                    """);
            json(
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.Query",
                    """
                    {"TableName":"rehearsal","KeyConditionExpression":"id = :i",
                    "ExpressionAttributeValues":{":i":{"S":"1"}}}\
                    """);
            json(endpoint, "sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"q\"}");
            String queue = "{\"QueueUrl\":\"" + endpoint + "/000000000000/q\"";
            json(endpoint, "sqs", "AmazonSQS.SendMessage", queue + ",\"MessageBody\":\"m\"}");
            json(endpoint, "sqs", "AmazonSQS.ReceiveMessage", queue + "}");
            json(
                    endpoint,
                    "events",
                    "AWSEvents.PutEvents",
                    "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":\"{}\"}]}");
            form(endpoint, "sns", "Action=CreateTopic&Version=2010-03-31&Name=t");
            form(endpoint, "sts", "Action=GetCallerIdentity&Version=2011-06-15");
        }
    }

    private static void json(URI endpoint, String service, String target, String body) {
        String head = "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: " + target;
        send(endpoint, service, head, body);
    }

    private static void form(URI endpoint, String service, String body) {
        send(endpoint, service, "Content-Type: application/x-www-form-urlencoded", body);
    }

    private static void send(URI endpoint, String service, String head, String body) {
        String request =
                """
                POST / HTTP/1.1
                Host: %s
                Connection: close
                X-Amz-Date: 20260101T000000Z
                Authorization: %s
                Content-Length: %d
                """
                                .formatted(
                                        endpoint.getAuthority(),
                                        SIGNATURE.formatted(service),
                                        body.length())
                                .replace("\n", "\r\n")
                        + head
                        + "\r\n\r\n"
                        + body;
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            String text = new String(answer, StandardCharsets.UTF_8);
            if (!text.startsWith("HTTP/1.1 200 ")) {
                throw new IllegalStateException("the rehearsal was refused: " + text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

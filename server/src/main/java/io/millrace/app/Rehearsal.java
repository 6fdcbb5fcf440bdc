package io.millrace.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Starts a server in a directory of its own and asks it one question of each kind. The JVM that
/// records the start-up cache runs this, so that the cache knows what a first answer needs.
final class Rehearsal {

    private static final String SIGNATURE =
            "AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/%s/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64);

    private Rehearsal() {}

    /// @throws StartException when the server does not start
    static void run(Path data) throws StartException, InterruptedException {
        PlainStart.of(List.of("start", "--port", "0"), Map.of());
        try (Millrace millrace = Millrace.start(Configuration.of(data));
                HttpClient client = HttpClient.newHttpClient()) {
            URI endpoint = URI.create(millrace.endpoint());
            json(client, endpoint, "dynamodb", "DynamoDB_20120810.ListTables", "{}");
            json(
                    client,
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.CreateTable",
                    """
                    {"TableName":"rehearsal","BillingMode":"PAY_PER_REQUEST",
                    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
                    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}\
                    """);
            json(
                    client,
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.PutItem",
                    """
                    {"TableName":"rehearsal","Item":{"id":{"S":"1"},"n":{"N":"1.5"}},
                    "ConditionExpression":"attribute_not_exists(id)"}\
                    """);
            json(
                    client,
                    endpoint,
                    "dynamodb",
                    "DynamoDB_20120810.Query",
                    """
                    {"TableName":"rehearsal","KeyConditionExpression":"id = :i",
                    "ExpressionAttributeValues":{":i":{"S":"1"}}}\
                    """);
            json(client, endpoint, "sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"q\"}");
            String queue = "{\"QueueUrl\":\"" + endpoint + "/000000000000/q\"";
            json(
                    client,
                    endpoint,
                    "sqs",
                    "AmazonSQS.SendMessage",
                    queue + ",\"MessageBody\":\"m\"}");
            json(client, endpoint, "sqs", "AmazonSQS.ReceiveMessage", queue + "}");
            json(
                    client,
                    endpoint,
                    "events",
                    "AWSEvents.PutEvents",
                    "{\"Entries\":[{\"Source\":\"s\",\"DetailType\":\"t\",\"Detail\":\"{}\"}]}");
            form(client, endpoint, "sns", "Action=CreateTopic&Version=2010-03-31&Name=t");
            form(client, endpoint, "sts", "Action=GetCallerIdentity&Version=2011-06-15");
        }
    }

    private static void json(
            HttpClient client, URI endpoint, String service, String target, String body)
            throws InterruptedException {
        send(
                client,
                request(endpoint, service, "application/x-amz-json-1.0", body)
                        .header("X-Amz-Target", target)
                        .build());
    }

    private static void form(HttpClient client, URI endpoint, String service, String body)
            throws InterruptedException {
        send(client, request(endpoint, service, "application/x-www-form-urlencoded", body).build());
    }

    private static HttpRequest.Builder request(
            URI endpoint, String service, String contentType, String body) {
        return HttpRequest.newBuilder(endpoint.resolve("/"))
                .header("Content-Type", contentType)
                .header("X-Amz-Date", "20260101T000000Z")
                .header("Authorization", SIGNATURE.formatted(service))
                .POST(BodyPublishers.ofString(body));
    }

    private static void send(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("the rehearsal was refused: " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

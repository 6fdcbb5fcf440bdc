package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.Eventually;
import io.millrace.app.Configuration;
import io.millrace.app.Millrace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// What AWS does not tell: why rules and filter policies do not match, and what became of an event.
@Timeout(60)
final class ExplainAndTraceTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ACCOUNT = "000000000000";

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private Millrace millrace;
    private Clients aws;

    @BeforeEach
    void start() throws Exception {
        millrace = Millrace.start(Configuration.of(folder));
        aws = new Clients(URI.create(millrace.endpoint()), ACCOUNT);
    }

    @AfterEach
    void stop() {
        aws.close();
        millrace.close();
        http.close();
    }

    @Test
    void tellsWhichFieldKeptARuleFromMatching() throws Exception {
        rule("any", "{\"source\": [\"shop\"]}");
        rule("big", "{\"detail\": {\"total\": [{\"numeric\": [\">\", 100]}]}}");
        rule("far", "{\"source\": [\"bank\"], \"detail\": {\"total\": [7], \"state\": [\"NEW\"]}}");

        JsonNode told =
                post(
                        "/_millrace/events/explain",
                        """
                        {"Event": {"Source": "shop", "DetailType": "Order", "Detail": {"total": 40}}}\
                        """);

        assertThat(told.findValuesAsString("Rule")).containsExactly("any", "big", "far");
        assertThat(told.findValuesAsString("Text").get(0)).contains("matches");
        assertThat(told.findValuesAsString("Text").get(1))
                .contains("detail.total is 40; the rule wants numeric > 100");
    }

    @Test
    void tellsWhichAttributeKeptASubscriptionFromGettingAMessage() throws Exception {
        String topic = aws.sns.createTopic(request -> request.name("orders")).topicArn();
        queue("paid");
        aws.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(queueArn("paid"))
                        .attributes(Map.of("FilterPolicy", "{\"state\": [\"Paid\"]}")));

        JsonNode told =
                post(
                        "/_millrace/sns/explain",
                        """
                        {"TopicArn": "%s", "Message": "m", "MessageAttributes":
                         {"state": {"DataType": "String", "StringValue": "paid"}}}\
                        """
                                .formatted(topic));

        assertThat(told.findValuesAsString("Text"))
                .singleElement()
                .asString()
                .contains("state is \"paid\"; the filter policy wants \"Paid\"");
    }

    @Test
    void tracesAnEventToTheMessageInTheQueue() throws Exception {
        queue("orders");
        rule("every", "{\"source\": [\"shop\"]}");
        aws.events.putTargets(request ->
                request.rule("every")
                        .targets(Target.builder().id("t").arn(queueArn("orders")).build()));

        String id = put("shop");
        Message message =
                aws.sqs
                        .receiveMessage(request -> request.queueUrl(url("orders")))
                        .messages()
                        .getFirst();

        JsonNode byEvent = trace(id);
        assertThat(byEvent.path("hops").findValuesAsString("text"))
                .satisfiesExactly(
                        hop -> assertThat(hop).contains("accepted by event-bus default"),
                        hop -> assertThat(hop).contains("matched by rule every"),
                        hop -> assertThat(hop).contains("delivered to queue orders"));
        assertThat(trace(message.messageId()).path("hops")).isEqualTo(byEvent.path("hops"));
    }

    @Test
    void tracesAnEventThroughATopicToEachAttemptOnAnEndpoint() throws Exception {
        BlockingQueue<JsonNode> posted = new LinkedBlockingQueue<>();
        AtomicInteger refusals = new AtomicInteger(1);
        HttpServer endpoint =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext(
                "/",
                exchange -> {
                    JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
                    boolean isRefused =
                            body.path("Type").asString().equals("Notification")
                                    && refusals.getAndDecrement() > 0;
                    exchange.sendResponseHeaders(isRefused ? 503 : 200, -1);
                    exchange.close();
                    posted.add(body);
                });
        endpoint.start();
        try {
            String topic = aws.sns.createTopic(request -> request.name("orders")).topicArn();
            queue("paid");
            queue("lost");
            aws.sns.subscribe(
                    request -> request.topicArn(topic).protocol("sqs").endpoint(queueArn("paid")));
            String dead = queueArn("lost");
            aws.sns.subscribe(request ->
                    request.topicArn(topic)
                            .protocol("sqs")
                            .endpoint(queueArn("nowhere"))
                            .attributes(
                                    Map.of(
                                            "RedrivePolicy",
                                            "{\"deadLetterTargetArn\":\"" + dead + "\"}")));
            String url = "http://localhost:" + endpoint.getAddress().getPort() + "/";
            aws.sns.subscribe(request ->
                    request.topicArn(topic)
                            .protocol("http")
                            .endpoint(url)
                            .attributes(
                                    Map.of(
                                            "DeliveryPolicy",
                                            """
                                            {"healthyRetryPolicy": {"numRetries": 1,
                                             "numNoDelayRetries": 1, "minDelayTarget": 1,
                                             "maxDelayTarget": 1}}\
                                            """)));
            String token = posted.take().path("Token").asString();
            aws.sns.confirmSubscription(request -> request.topicArn(topic).token(token));
            rule("every", "{\"source\": [\"shop\"]}");
            aws.events.putTargets(request ->
                    request.rule("every").targets(Target.builder().id("t").arn(topic).build()));

            String id = put("shop");

            JsonNode hops = trace(id, "delivered to " + url).path("hops");
            List<String> texts = hops.findValuesAsString("text");
            assertThat(texts)
                    .anyMatch(text -> text.startsWith("delivered to topic orders"))
                    .anyMatch(text -> text.startsWith("delivered to queue paid"))
                    .anyMatch(text -> text.startsWith("put into the dead-letter queue"))
                    .anyMatch(text ->
                            text.matches("attempt 1 on " + url + " took \\d+ ms, answered 503: .*"))
                    .anyMatch(text ->
                            text.matches("attempt 2 on " + url + " took \\d+ ms, answered 200"));
            assertThat(trace(posted.take().path("MessageId").asString(), url).path("hops"))
                    .isEqualTo(hops);
        } finally {
            endpoint.stop(0);
        }
    }

    @Test
    void tracesAWriteOfATableThroughAPipeABusAndARuleToAQueue() throws Exception {
        String stream = aws.createTable("items", StreamViewType.NEW_IMAGE);
        queue("changes");
        rule("every", "{\"source\": [\"Pipe p\"]}");
        aws.events.putTargets(request ->
                request.rule("every")
                        .targets(Target.builder().id("t").arn(queueArn("changes")).build()));
        aws.pipes.createPipe(request ->
                request.name("p")
                        .roleArn("arn:aws:iam::" + ACCOUNT + ":role/pipe")
                        .source(stream)
                        .sourceParameters(source ->
                                source.dynamoDBStreamParameters(
                                        table -> table.startingPosition("TRIM_HORIZON")))
                        .target("arn:aws:events:us-east-1:" + ACCOUNT + ":event-bus/default"));

        aws.dynamodb.putItem(request ->
                request.tableName("items").item(Map.of("id", AttributeValue.fromS("i-1"))));
        Message message =
                aws.sqs
                        .receiveMessage(
                                request -> request.queueUrl(url("changes")).waitTimeSeconds(20))
                        .messages()
                        .getFirst();

        JsonNode hops = trace(message.messageId()).path("hops");
        assertThat(hops.findValuesAsString("text"))
                .satisfiesExactlyInAnyOrder(
                        hop ->
                                assertThat(hop)
                                        .startsWith("written to table items: INSERT of ")
                                        .contains("\"i-1\""),
                        hop -> assertThat(hop).contains("delivered to event-bus default by pipe p"),
                        hop -> assertThat(hop).contains("accepted by event-bus default"),
                        hop -> assertThat(hop).contains("matched by rule every"),
                        hop -> assertThat(hop).contains("delivered to queue changes"));
        String eventId = JSON.readTree(message.body()).path("detail").path("eventID").asString();
        assertThat(trace(eventId).path("hops")).isEqualTo(hops);
    }

    private String put(String source) {
        return aws.events
                .putEvents(request ->
                        request.entries(
                                PutEventsRequestEntry.builder()
                                        .source(source)
                                        .detailType("Order")
                                        .detail("{\"total\": 40}")
                                        .build()))
                .entries()
                .getFirst()
                .eventId();
    }

    private void rule(String name, String pattern) {
        aws.events.putRule(request -> request.name(name).eventPattern(pattern));
    }

    private void queue(String name) {
        aws.sqs.createQueue(request -> request.queueName(name));
    }

    private String url(String name) {
        return aws.sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    private static String queueArn(String name) {
        return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + name;
    }

    private JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(URI.create(millrace.endpoint() + path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /// Traces are written a moment after what they tell.
    private JsonNode trace(String id) throws Exception {
        return trace(id, "delivered to queue");
    }

    /// Until it tells of `last`.
    private JsonNode trace(String id, String last) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + "/_millrace/trace/" + id))
                        .build();
        HttpResponse<String> answer =
                Eventually.see(
                        "a trace of " + id,
                        () -> send(request),
                        seen -> seen.statusCode() == 200 && seen.body().contains(last));
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}

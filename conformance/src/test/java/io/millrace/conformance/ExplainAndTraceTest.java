package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// What AWS does not tell: why rules and filter policies do not match, and what became of an event.
final class ExplainAndTraceTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ACCOUNT = "000000000000";
    private static final int TRACE_TRIES_MAX = 500;

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

        String id =
                aws.events
                        .putEvents(request ->
                                request.entries(
                                        PutEventsRequestEntry.builder()
                                                .source("shop")
                                                .detailType("Order")
                                                .detail("{\"total\": 40}")
                                                .build()))
                        .entries()
                        .getFirst()
                        .eventId();
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
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + "/_millrace/trace/" + id))
                        .build();
        for (int i = 0; i < TRACE_TRIES_MAX; i++) {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() == 200 && answer.body().contains("delivered")) {
                return JSON.readTree(answer.body());
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("no trace of " + id);
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}

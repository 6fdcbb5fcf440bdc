package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxWorkers;
import io.millrace.delivery.Targets;
import io.millrace.service.sns.SnsFixture.Posted;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Confirmation and notifications, against a server that fails as told, and a real one.
final class HttpNotificationsTest {
    private static final String HOOK = "http://example.com/hook";
    private static final JsonMapper JSON = new JsonMapper();

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void theConfirmationHasItsHeadersAndNoSubscription() {
        fixture.subscribe(topic, "http", HOOK, Map.of());

        fixture.deliverDue();

        Posted posted = fixture.http.posted.getFirst();
        assertThat(posted.url()).isEqualTo(URI.create(HOOK));
        assertThat(posted.headers())
                .containsEntry("x-amz-sns-message-type", "SubscriptionConfirmation")
                .containsEntry("x-amz-sns-topic-arn", topic)
                .containsEntry("Content-Type", "text/plain; charset=UTF-8")
                .containsEntry("User-Agent", "Amazon Simple Notification Service Agent")
                .containsKey("x-amz-sns-message-id")
                .doesNotContainKeys("x-amz-sns-subscription-arn", "x-amz-sns-rawdelivery", "url");
    }

    @Test
    void theNotificationHasItsHeaders() {
        String arn = confirmed(Map.of());

        String id = fixture.publish(topic, "hello");
        fixture.deliverDue();

        Posted posted = fixture.http.posted.getLast();
        assertThat(posted.headers())
                .containsEntry("x-amz-sns-message-type", "Notification")
                .containsEntry("x-amz-sns-message-id", id)
                .containsEntry("x-amz-sns-topic-arn", topic)
                .containsEntry("x-amz-sns-subscription-arn", arn)
                .doesNotContainKey("x-amz-sns-rawdelivery");
        assertThat(posted.body()).contains("\"Message\" : \"hello\"");
        assertThat(fixture.owed()).isEmpty();
    }

    @Test
    void rawDeliverySaysSo() {
        confirmed(
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "DeliveryPolicy",
                        "{\"requestPolicy\":{\"headerContentType\":\"application/json\"}}"));

        fixture.publish(topic, "{}");
        fixture.deliverDue();

        Posted posted = fixture.http.posted.getLast();
        assertThat(posted.headers())
                .containsEntry("x-amz-sns-rawdelivery", "true")
                .containsEntry("Content-Type", "application/json");
        assertThat(posted.body()).isEqualTo("{}");
    }

    @Test
    void triesThreeTimesMoreTwentySecondsApart() {
        confirmed(Map.of());
        fixture.http.posted.clear();
        for (int status : new int[] {500, 503, 429, 0}) {
            fixture.http.statuses.add(status);
        }

        fixture.publish(topic, "hello");
        fixture.deliverDue();
        assertThat(fixture.http.posted).hasSize(1);
        for (int retry = 1; retry <= 3; retry++) {
            fixture.clock.advance(Duration.ofSeconds(17));
            fixture.deliverDue();
            assertThat(fixture.http.posted).hasSize(retry);
            fixture.clock.advance(Duration.ofSeconds(5));
            fixture.deliverDue();
            assertThat(fixture.http.posted).hasSize(retry + 1);
        }

        assertThat(fixture.outbox.failed(10))
                .singleElement()
                .satisfies(failed ->
                        assertThat(failed.failure().errorMessage()).contains("connection refused"));
    }

    @Test
    void aClientErrorIsNotTriedAgainAndBecomesADeadLetter() {
        confirmed(
                Map.of(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + SnsFixture.queueArn("dead") + "\"}"));
        fixture.http.posted.clear();
        fixture.http.statuses.add(404);

        fixture.publish(topic, "hello");
        fixture.deliverDue();

        assertThat(fixture.http.posted).hasSize(1);
        Message message = fixture.messages("dead").getFirst();
        assertThat(message.body()).contains("\"Message\" : \"hello\"");
        assertThat(message.attributes()).isEmpty();
        assertThat(fixture.outbox.failed(10)).isEmpty();
        assertThat(fixture.owed()).isEmpty();
    }

    @Test
    void aFailedNotificationCanBeRedriven() {
        confirmed(Map.of());
        fixture.http.statuses.add(400);
        fixture.publish(topic, "hello");
        fixture.deliverDue();

        assertThat(fixture.outbox.redrive(fixture.outbox.failed(1).getFirst().id())).isTrue();
        fixture.deliverDue();

        assertThat(fixture.outbox.failed(1)).isEmpty();
        assertThat(fixture.http.posted.getLast().body()).contains("hello");
        assertThat(fixture.owed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 401, 403, 404, 410})
    void whatIsNeitherAServerErrorNorThrottlingIsFinal(int status) {
        confirmed(Map.of());
        fixture.http.statuses.add(status);

        fixture.publish(topic, "hello");
        fixture.deliverDue();

        assertThat(fixture.outbox.failed(1)).hasSize(1);
    }

    /// Shown to fail without `pace` in the workers: both notifications come at once.
    @Test
    @Timeout(30)
    void noMoreArriveInASecondThanTheThrottlePolicySays() throws Exception {
        confirmed(Map.of("DeliveryPolicy", "{\"throttlePolicy\":{\"maxReceivesPerSecond\":5}}"));
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Outbox outbox =
                new Outbox(
                        fixture.store,
                        fixture.clock,
                        fixture.ids,
                        fixture.random,
                        fixture.targets,
                        Sns.handlers(
                                fixture.store,
                                fixture.targets,
                                (_, _, body) -> {
                                    received.add(new String(body, StandardCharsets.UTF_8));
                                    return 200;
                                },
                                fixture.notifications,
                                fixture.providers,
                                fixture.monitoring));
        fixture.publish(topic, "one");
        fixture.publish(topic, "two");

        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();

            assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"one\"");
            assertThat(received.poll(500, TimeUnit.MILLISECONDS)).isNull();
            fixture.clock.advance(Duration.ofMillis(200));
            assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"two\"");
        }
    }

    @Test
    @Timeout(30)
    void confirmsAndNotifiesARealServer() throws Exception {
        BlockingQueue<Posted> received = new LinkedBlockingQueue<>();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/hook",
                exchange -> {
                    Map<String, String> headers = new HashMap<>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    received.add(new Posted(exchange.getRequestURI(), headers, body));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        Targets targets = fixture.targets;
        try (JdkHttpSender sender = new JdkHttpSender()) {
            Outbox outbox =
                    new Outbox(
                            fixture.store,
                            fixture.clock,
                            fixture.ids,
                            fixture.random,
                            targets,
                            Sns.handlers(
                                    fixture.store,
                                    targets,
                                    sender,
                                    fixture.notifications,
                                    fixture.providers,
                                    fixture.monitoring));
            try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
                workers.start();
                String hook = "http://localhost:" + server.getAddress().getPort() + "/hook";
                fixture.subscribe(topic, "http", hook, Map.of());
                JsonNode asked = JSON.readTree(next(received).body());
                fixture.call(
                        SnsFixture.ANONYMOUS,
                        SnsApi.CONFIRM_SUBSCRIPTION,
                        ConfirmSubscriptionInput.builder()
                                .topicArn(topic)
                                .token(asked.path("Token").asString())
                                .build());

                fixture.publish(topic, "hellö");

                Posted notification = next(received);
                assertThat(notification.headers())
                        .containsEntry("X-amz-sns-message-type", "Notification")
                        .containsEntry("User-agent", "Amazon Simple Notification Service Agent");
                assertThat(JSON.readTree(notification.body()).path("Message").asString())
                        .isEqualTo("hellö");
            }
        } finally {
            server.stop(0);
        }
    }

    private static Posted next(BlockingQueue<Posted> received) throws InterruptedException {
        Posted posted = received.poll(20, TimeUnit.SECONDS);
        assertThat(posted).isNotNull();
        return posted;
    }

    private String confirmed(Map<String, String> attributes) {
        String arn = fixture.subscribe(topic, "http", HOOK, attributes);
        fixture.deliverDue();
        JsonNode asked = JSON.readTree(fixture.http.posted.getLast().body());
        fixture.call(
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder()
                        .topicArn(topic)
                        .token(asked.path("Token").asString())
                        .build());
        return arn;
    }
}

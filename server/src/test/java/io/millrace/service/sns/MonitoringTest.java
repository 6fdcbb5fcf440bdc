package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.logs.FilterLogEventsRequest;
import io.millrace.api.logs.FilteredLogEvent;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.Message;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.pattern.Arn;
import io.millrace.wire.Page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is counted of topics, and logged of deliveries.
final class MonitoringTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROLE = "arn:aws:iam::000000000000:role/feedback";
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void countsUnderTheNamesOfCloudWatch() {
        fixture.subscribeQueue(topic, "one", Map.of());
        fixture.subscribeQueue(topic, "two", Map.of("FilterPolicy", "{\"kind\":[\"never\"]}"));
        fixture.subscribeQueue(topic, "missing", Map.of());
        fixture.subscribeQueue(topic, "missing-too", Map.of("RedrivePolicy", redrive("dead")));
        fixture.subscribeQueue(topic, "missing-three", Map.of("RedrivePolicy", redrive("missing")));

        fixture.publish(topic, "hello");

        JsonNode counts = page("/_millrace/sns/metrics", "").path(topic);
        assertThat(counts.path("NumberOfMessagesPublished").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsDelivered").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsFilteredOut").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsFailed").asInt()).isEqualTo(3);
        assertThat(counts.path("NumberOfNotificationsRedrivenToDlq").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsFailedToRedriveToDlq").asInt()).isEqualTo(1);
    }

    @Test
    void countsNothingOfATransactionOfAnotherServiceThatFails() {
        fixture.subscribeQueue(topic, "one", Map.of());
        Arn arn = Arn.parse(topic).orElseThrow();

        assertThatThrownBy(() ->
                        fixture.store.write(tx -> {
                            fixture.sns.target().deliver(tx, arn, Message.of("x", "events"));
                            throw new IllegalStateException("no");
                        }))
                .isInstanceOf(IllegalStateException.class);

        JsonNode counts = page("/_millrace/sns/metrics", "").path(topic);
        assertThat(counts.path("NumberOfMessagesPublished").asInt(0)).isZero();
    }

    @Test
    void countsWhatTheOutboxDelivers() {
        subscribeHttp(Map.of("RedrivePolicy", redrive("dead")));
        fixture.publish(topic, "good");
        fixture.deliverDue();
        fixture.http.statuses.add(404);
        fixture.publish(topic, "bad");
        fixture.deliverDue();

        JsonNode counts = page("/_millrace/sns/metrics", "?").path(topic);
        assertThat(counts.path("NumberOfNotificationsDelivered").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsFailed").asInt()).isEqualTo(1);
        assertThat(counts.path("NumberOfNotificationsRedrivenToDlq").asInt()).isEqualTo(1);
    }

    @Test
    void logsDeliveriesToQueuesAsAwsDoes() {
        set("SQSSuccessFeedbackRoleArn", ROLE);
        set("SQSSuccessFeedbackSampleRate", "100");
        set("SQSFailureFeedbackRoleArn", ROLE);
        fixture.subscribeQueue(topic, "one", Map.of());
        fixture.subscribeQueue(topic, "missing", Map.of());

        String id = fixture.publish(topic, "hello");

        JsonNode success = logged(true).get(0);
        assertThat(success.path("notification").toString())
                .isEqualTo(
                        "{\"messageMD5Sum\":\""
                                + HELLO_MD5
                                + "\",\"messageId\":\""
                                + id
                                + "\",\"topicArn\":\""
                                + topic
                                + "\",\"timestamp\":\"2026-01-02 03:04:05.678\"}");
        JsonNode delivery = success.path("delivery");
        assertThat(delivery.propertyNames())
                .containsExactly(
                        "deliveryId",
                        "destination",
                        "providerResponse",
                        "dwellTimeMs",
                        "attempts",
                        "statusCode");
        assertThat(delivery.path("destination").asString()).isEqualTo(SnsFixture.queueArn("one"));
        assertThat(success.path("status").asString()).isEqualTo("SUCCESS");
        JsonNode failure = logged(false).get(0);
        assertThat(failure.path("delivery").path("providerResponse").asString())
                .isEqualTo(
                        "{\"ErrorCode\":\"AWS.SimpleQueueService.NonExistentQueue\","
                                + "\"ErrorMessage\":\"The specified queue does not exist.\","
                                + "\"sqsRequestId\":\"Unrecoverable\"}");
        assertThat(failure.path("delivery").path("statusCode").asInt()).isEqualTo(400);
        assertThat(failure.path("status").asString()).isEqualTo("FAILURE");
    }

    @Test
    void logsHttpDeliveriesOnceTheyHaveEnded() {
        set("HTTPSuccessFeedbackRoleArn", ROLE);
        set("HTTPFailureFeedbackRoleArn", ROLE);
        subscribeHttp(Map.of());
        fixture.http.statuses.add(500);
        fixture.publish(topic, "hello");
        fixture.deliverDue();
        assertThat(logged(true)).isEmpty();
        fixture.clock.advance(Duration.ofSeconds(30));
        fixture.deliverDue();
        fixture.http.statuses.add(403);
        fixture.publish(topic, "hello");
        fixture.deliverDue();

        JsonNode success = logged(true).get(0).path("delivery");
        assertThat(success.path("destination").asString()).isEqualTo("http://example.com/hook");
        assertThat(success.path("attempts").asInt()).isEqualTo(2);
        assertThat(success.path("dwellTimeMs").asInt()).isEqualTo(30_000);
        assertThat(success.path("statusCode").asInt()).isEqualTo(200);
        assertThat(logged(false).get(0).path("delivery").path("statusCode").asInt()).isEqualTo(403);
        assertThat(fixture.http.posted.getLast().headers())
                .doesNotContainKeys("feedback", "md5", "published");
    }

    @Test
    void statusesAreInCloudWatchLogsToo() {
        set("SQSSuccessFeedbackRoleArn", ROLE);
        set("SQSFailureFeedbackRoleArn", ROLE);
        set("HTTPSuccessFeedbackRoleArn", ROLE);
        fixture.subscribeQueue(topic, "one", Map.of());
        fixture.subscribeQueue(topic, "missing", Map.of());
        subscribeHttp(Map.of());

        fixture.publish(topic, "hello");
        fixture.deliverDue();

        assertThat(inCloudWatchLogs("sns/us-east-1/000000000000/orders"))
                .hasSize(2)
                .allMatch(text -> text.contains("\"status\":\"SUCCESS\""))
                .anyMatch(text -> text.contains("http://example.com/hook"))
                .anyMatch(text -> text.contains(SnsFixture.queueArn("one")));
        assertThat(inCloudWatchLogs("sns/us-east-1/000000000000/orders/Failure"))
                .singleElement()
                .asString()
                .contains("\"status\":\"FAILURE\"");
    }

    private List<String> inCloudWatchLogs(String group) {
        var operation =
                Objects.requireNonNull(fixture.logs.service().operation(LogsApi.FILTER_LOG_EVENTS));
        return Objects.requireNonNull(
                        operation
                                .handle(
                                        SnsFixture.CALLER,
                                        FilterLogEventsRequest.builder()
                                                .logGroupName(group)
                                                .build())
                                .events())
                .stream()
                .map(FilteredLogEvent::message)
                .toList();
    }

    @Test
    void logsNothingUnaskedAndOnlyThePartThatIsAskedFor() {
        fixture.subscribeQueue(topic, "one", Map.of());
        fixture.publish(topic, "hello");
        assertThat(logged(true)).isEmpty();

        set("SQSSuccessFeedbackRoleArn", ROLE);
        set("SQSSuccessFeedbackSampleRate", "20");
        for (int i = 0; i < 500; i++) {
            fixture.publish(topic, "hello");
        }

        assertThat(logged(true).size()).isBetween(60, 140);
    }

    @Test
    void theLogIsBoundedByNumberAndAge() {
        set("SQSSuccessFeedbackRoleArn", ROLE);
        fixture.subscribeQueue(topic, "one", Map.of());
        for (int i = 0; i < 1010; i++) {
            fixture.publish(topic, "hello");
        }
        assertThat(logged(true).size()).isEqualTo(1000);

        fixture.clock.advance(Duration.ofHours(25));

        assertThat(logged(true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SQSSuccessFeedbackSampleRate, 101",
        "HTTPSuccessFeedbackSampleRate, -1",
        "LambdaSuccessFeedbackSampleRate, x",
        "FirehoseFailureFeedbackRoleArn, role",
        "ApplicationSuccessFeedbackRoleArn, arn:aws:iam::1:role/x"
    })
    void refusesSettingsThatAreNotValid(String name, String value) {
        assertThat(fixture.refusal(SnsApi.SET_TOPIC_ATTRIBUTES, setting(name, value)).message())
                .isEqualTo("Invalid parameter: " + name);
    }

    private JsonNode logged(boolean success) {
        String group = "sns/us-east-1/000000000000/orders" + (success ? "" : "/Failure");
        return page(
                        "/_millrace/sns/delivery-status",
                        "x=1&topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8))
                .path(group);
    }

    private JsonNode page(String path, String query) {
        for (Page page : fixture.monitoring.pages()) {
            if (page.pathPrefix().equals(path)) {
                Request request =
                        new Request(
                                "GET",
                                path,
                                query,
                                Headers.of(Map.of()),
                                "127.0.0.1",
                                InputStream::nullInputStream);
                return JSON.readTree(page.handler().handle(request).body());
            }
        }
        throw new AssertionError(path);
    }

    private void subscribeHttp(Map<String, String> attributes) {
        fixture.subscribe(topic, "http", "http://example.com/hook", new HashMap<>(attributes));
        fixture.deliverDue();
        JsonNode asked = JSON.readTree(fixture.http.posted.getLast().body());
        fixture.call(
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder()
                        .topicArn(topic)
                        .token(asked.path("Token").asString())
                        .build());
    }

    private void set(String name, String value) {
        fixture.call(SnsApi.SET_TOPIC_ATTRIBUTES, setting(name, value));
    }

    private SetTopicAttributesInput setting(String name, String value) {
        return SetTopicAttributesInput.builder()
                .topicArn(topic)
                .attributeName(name)
                .attributeValue(value)
                .build();
    }

    private static String redrive(String queue) {
        return "{\"deadLetterTargetArn\":\"" + SnsFixture.queueArn(queue) + "\"}";
    }
}

package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.PublishResponse;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.delivery.Message;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

final class FifoTopicTest {
    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders.fifo", Map.of("FifoTopic", "true"));
    private final String byContent =
            fixture.topic(
                    "content.fifo",
                    Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));

    @Test
    void deliversInOrderWithGroupAndDeduplicationId() {
        fixture.subscribeQueue(topic, "archive.fifo", Map.of("RawMessageDelivery", "true"));

        for (int i = 0; i < 20; i++) {
            publish(topic, "message-" + i, "group-" + i % 2, "id-" + i);
        }

        assertThat(fixture.messages("archive.fifo"))
                .extracting(Message::body, Message::groupId, Message::deduplicationId)
                .startsWith(
                        tuple("message-0", "group-0", "id-0"),
                        tuple("message-1", "group-1", "id-1"))
                .hasSize(20);
    }

    @Test
    void sequenceNumbersGrow() {
        String last = "";
        for (int i = 0; i < 20; i++) {
            String number = publish(topic, "m", "g", "id-" + i).sequenceNumber();
            assertThat(number).hasSize(20).isGreaterThan(last);
            last = number;
        }
    }

    @Test
    void theEnvelopeHasTheSequenceNumberAndNoSignature() {
        fixture.subscribeQueue(topic, "archive.fifo", Map.of());

        PublishResponse published = publish(topic, "hello", "g", "d");

        assertThat(fixture.bodies("archive.fifo").getFirst())
                .startsWith(
                        """
                        {
                          "Type" : "Notification",
                          "MessageId" : "%s",
                          "SequenceNumber" : "%s",
                          "TopicArn" : "%s",
                          "Message" : "hello",
                          "Timestamp" : "2026-01-02T03:04:05.678Z",
                          "UnsubscribeURL" :\
                        """
                                .formatted(
                                        published.messageId(), published.sequenceNumber(), topic))
                .doesNotContain("Signature");
    }

    @Test
    void aDuplicateWithinFiveMinutesIsAnsweredAndNotDelivered() {
        fixture.subscribeQueue(topic, "archive.fifo", Map.of());

        PublishResponse first = publish(topic, "one", "g", "same");
        fixture.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        PublishResponse second = publish(topic, "two", "other-group", "same");

        assertThat(second).isEqualTo(first);
        assertThat(fixture.messages("archive.fifo")).hasSize(1);
    }

    @Test
    void afterFiveMinutesItIsNoDuplicate() {
        fixture.subscribeQueue(topic, "archive.fifo", Map.of());

        for (int i = 0; i < 3; i++) {
            publish(topic, "one", "g", "same");
            fixture.clock.advance(Duration.ofMinutes(5));
        }

        assertThat(fixture.messages("archive.fifo")).hasSize(3);
    }

    @Test
    void theContentDeduplicatesWhereTheTopicSaysSo() {
        fixture.subscribeQueue(byContent, "archive.fifo", Map.of("RawMessageDelivery", "true"));

        publish(byContent, "one", "g", null);
        publish(byContent, "one", "g", null);
        publish(byContent, "two", "g", null);
        publish(byContent, "two", "g", "explicit");

        assertThat(fixture.bodies("archive.fifo")).containsExactly("one", "two", "two");
        assertThat(fixture.messages("archive.fifo").getFirst().deduplicationId())
                .isEqualTo("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
    }

    @Test
    void theScopeOfDeduplicationMayBeTheGroup() {
        String topicArn =
                fixture.topic(
                        "groups.fifo",
                        Map.of("FifoTopic", "true", "FifoThroughputScope", "MessageGroup"));
        fixture.subscribeQueue(topicArn, "archive.fifo", Map.of());

        publish(topicArn, "one", "a", "same");
        publish(topicArn, "one", "b", "same");
        publish(topicArn, "one", "b", "same");

        assertThat(fixture.messages("archive.fifo")).hasSize(2);
    }

    @Test
    void aStandardQueueGetsNoDeduplicationId() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        publish(topic, "hello", "g", "d");

        assertThat(fixture.messages("archive").getFirst().deduplicationId()).isNull();
    }

    @Test
    void refusesAMessageWithoutGroup() {
        assertThat(refusal(topic, null, "d"))
                .isEqualTo(
                        "Invalid parameter: The MessageGroupId parameter is required for FIFO"
                                + " topics");
    }

    @Test
    void refusesAMessageWithoutDeduplication() {
        assertThat(refusal(topic, "g", null))
                .isEqualTo(
                        "Invalid parameter: The topic should either have ContentBasedDeduplication"
                                + " enabled or MessageDeduplicationId provided explicitly");
    }

    @Test
    void refusesIdsThatAreNotValid() {
        assertThat(refusal(topic, "g", "a b")).startsWith("Invalid parameter: MessageDedup");
        assertThat(refusal(topic, "g".repeat(129), "d")).startsWith("Invalid parameter: MessageG");
    }

    @Test
    void refusesHttpEndpoints() {
        assertThat(
                        fixture.refusal(
                                        SnsApi.SUBSCRIBE,
                                        SubscribeInput.builder()
                                                .topicArn(topic)
                                                .protocol("http")
                                                .endpoint("http://example.com")
                                                .build())
                                .message())
                .contains("Please use FIFO SQS queue");
    }

    @Test
    void refusesAHundredAndFirstSubscription() {
        for (int i = 0; i < 100; i++) {
            fixture.subscribeQueue(topic, "queue-" + i + ".fifo", Map.of());
        }

        assertThat(
                        fixture.refusal(
                                        SnsApi.SUBSCRIBE,
                                        SubscribeInput.builder()
                                                .topicArn(topic)
                                                .protocol("sqs")
                                                .endpoint(SnsFixture.queueArn("more.fifo"))
                                                .build())
                                .error()
                                .code())
                .isEqualTo("SubscriptionLimitExceeded");
    }

    private PublishResponse publish(
            String topicArn, String message, String group, @Nullable String deduplicationId) {
        return fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .topicArn(topicArn)
                        .message(message)
                        .messageGroupId(group)
                        .messageDeduplicationId(deduplicationId)
                        .build());
    }

    private String refusal(
            String topicArn, @Nullable String group, @Nullable String deduplicationId) {
        return fixture.refusal(
                        SnsApi.PUBLISH,
                        PublishInput.builder()
                                .topicArn(topicArn)
                                .message("hello")
                                .messageGroupId(group)
                                .messageDeduplicationId(deduplicationId)
                                .build())
                .message();
    }
}

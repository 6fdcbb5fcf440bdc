package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.api.sns.GetTopicAttributesInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.Archive.Entry;
import io.millrace.service.sns.Archive.Position;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is kept of a FIFO topic's messages, and for how long.
final class ArchiveTest {
    private static final String THIRTY_DAYS = "{\"MessageRetentionPeriod\":\"30\"}";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic =
            fixture.topic("orders.fifo", Map.of("FifoTopic", "true", "ArchivePolicy", THIRTY_DAYS));

    @Test
    void isShownWithItsBeginning() {
        assertThat(attributes(topic))
                .containsEntry("ArchivePolicy", THIRTY_DAYS)
                .containsEntry("BeginningArchiveTime", "2026-01-02T03:04:05.678Z");

        fixture.clock.advance(Duration.ofDays(40));

        assertThat(attributes(topic))
                .containsEntry("BeginningArchiveTime", "2026-01-12T03:04:05.678Z");
    }

    @Test
    void keepsMessagesInTheirOrderEvenWhenTheClockGoesBack() {
        publish("one");
        fixture.clock.advance(Duration.ofMinutes(-1));
        publish("two");
        fixture.clock.advance(Duration.ofMinutes(10));
        publish("three");

        assertThat(bodies()).containsExactly("one", "two", "three");
    }

    @Test
    void aDuplicateIsKeptOnce() {
        publish("one");
        publish("one");

        assertThat(bodies()).containsExactly("one");
    }

    @Test
    void keepsNothingBeforeAndAfterThePolicy() {
        String other = fixture.topic("later.fifo", Map.of("FifoTopic", "true"));
        publish(other, "before");
        set(other, "{\"MessageRetentionPeriod\":1}");
        publish(other, "during");
        assertThat(bodies(other)).containsExactly("during");

        set(other, "{}");

        assertThat(bodies(other)).isEmpty();
        assertThat(attributes(other)).doesNotContainKeys("ArchivePolicy", "BeginningArchiveTime");
        publish(other, "after");
        assertThat(bodies(other)).isEmpty();
    }

    @Test
    void forgetsWhatIsOlderThanTheRetention() {
        publish("old");
        fixture.clock.advance(Duration.ofDays(20));
        publish("young");
        fixture.clock.advance(Duration.ofDays(11));

        ReplaysTest.replays(fixture).trim();

        assertThat(bodies()).containsExactly("young");
    }

    @Test
    void aLongerRetentionBringsNothingBack() {
        fixture.clock.advance(Duration.ofDays(40));
        set(topic, "{\"MessageRetentionPeriod\":\"365\"}");

        assertThat(attributes(topic))
                .containsEntry("BeginningArchiveTime", "2026-01-12T03:04:05.678Z");
    }

    @Test
    void aTopicWithAnArchiveIsNotDeleted() {
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.DELETE_TOPIC, DeleteTopicInput.builder().topicArn(topic).build());
        assertThat(refusal.error().code()).isEqualTo("InvalidState");
        assertThat(refusal.message())
                .isEqualTo("Invalid state: Cannot delete a topic with an ArchivePolicy");

        set(topic, "");
        fixture.call(SnsApi.DELETE_TOPIC, DeleteTopicInput.builder().topicArn(topic).build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|ArchivePolicy: Unable to parse JSON",
                "[]|ArchivePolicy: JSON is missing required fields",
                "{\"Days\":3}|ArchivePolicy: JSON is missing required fields",
                "{\"MessageRetentionPeriod\":0}|ArchivePolicy: MessageRetentionPeriod value is"
                        + " invalid",
                "{\"MessageRetentionPeriod\":\"366\"}|ArchivePolicy: MessageRetentionPeriod value"
                        + " is invalid",
                "{\"MessageRetentionPeriod\":1.5}|ArchivePolicy: MessageRetentionPeriod value is"
                        + " invalid"
            })
    void refusesAPolicyThatIsNotValid(String policy, String why) {
        assertThat(fixture.refusal(SnsApi.SET_TOPIC_ATTRIBUTES, setting(topic, policy)).message())
                .isEqualTo("Invalid parameter: " + why);
    }

    @Test
    void aStandardTopicHasNoArchive() {
        String standard = fixture.topic("standard");

        assertThat(
                        fixture.refusal(SnsApi.SET_TOPIC_ATTRIBUTES, setting(standard, THIRTY_DAYS))
                                .message())
                .isEqualTo("Invalid parameter: AttributeName");
    }

    private void publish(String message) {
        publish(topic, message);
    }

    private void publish(String arn, String message) {
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .topicArn(arn)
                        .message(message)
                        .messageGroupId("g")
                        .messageDeduplicationId(message)
                        .build());
    }

    private List<String> bodies() {
        return bodies(topic);
    }

    private List<String> bodies(String arn) {
        return fixture.store.read(snapshot -> {
            Topic found =
                    Objects.requireNonNull(Topics.find(snapshot, Arn.parse(arn).orElseThrow()));
            return Archive.page(snapshot, found.number(), new Position(0, 0), null)
                    .entries()
                    .stream()
                    .map(Entry::publication)
                    .map(publication -> publication.body("sqs"))
                    .toList();
        });
    }

    private Map<String, String> attributes(String arn) {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.GET_TOPIC_ATTRIBUTES,
                                GetTopicAttributesInput.builder().topicArn(arn).build())
                        .attributes());
    }

    private void set(String arn, String policy) {
        fixture.call(SnsApi.SET_TOPIC_ATTRIBUTES, setting(arn, policy));
    }

    private static SetTopicAttributesInput setting(String arn, String policy) {
        return SetTopicAttributesInput.builder()
                .topicArn(arn)
                .attributeName("ArchivePolicy")
                .attributeValue(policy)
                .build();
    }
}

package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.api.sns.PublishBatchInput;
import io.millrace.api.sns.PublishBatchRequestEntry;
import io.millrace.api.sns.PublishBatchResponse;
import io.millrace.api.sns.PublishBatchResultEntry;
import io.millrace.api.sns.SnsApi;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class PublishBatchTest {
    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void publishesInOrderAndAnswersById() {
        fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));

        PublishBatchResponse response = publish(List.of(entry("a", "one"), entry("b", "two")));

        assertThat(response.successful())
                .extracting(PublishBatchResultEntry::id)
                .containsExactly("a", "b");
        assertThat(response.failed()).isEmpty();
        assertThat(fixture.bodies("archive")).containsExactly("one", "two");
    }

    @Test
    void filtersEachMessageOfItsOwn() {
        fixture.subscribeQueue(
                topic,
                "big",
                Map.of("RawMessageDelivery", "true", "FilterPolicy", "{\"size\":[\"big\"]}"));

        publish(List.of(entry("a", "one"), entry("b", "two", "size", "big")));

        assertThat(fixture.bodies("big")).containsExactly("two");
    }

    @Test
    void refusesAnEmptyBatch() {
        assertRefused(
                List.of(), "EmptyBatchRequest", "The batch request doesn't contain any entries.");
    }

    @Test
    void refusesMoreThanTenEntries() {
        List<PublishBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            entries.add(entry("id-" + i, "x"));
        }

        assertRefused(
                entries,
                "TooManyEntriesInBatchRequest",
                "The batch request contains more entries than permissible.");
        assertThat(publish(entries.subList(0, 10)).successful()).hasSize(10);
    }

    @Test
    void refusesIdsThatAreNotDistinct() {
        assertRefused(
                List.of(entry("a", "x"), entry("a", "y")),
                "BatchEntryIdsNotDistinct",
                "Two or more batch entries in the request have the same Id.");
    }

    @Test
    void refusesIdsThatAreNotValid() {
        assertRefused(
                List.of(entry("a b", "x")),
                "InvalidBatchEntryId",
                "The Id of a batch entry in the batch request contains an impermissible character:"
                        + " a b");
        assertRefused(
                List.of(entry("a".repeat(81), "x")),
                "InvalidBatchEntryId",
                "The Id of a batch entry in the batch request is too long: " + "a".repeat(81));
    }

    @Test
    void refusesBatchesOfMoreThan256Kib() {
        assertRefused(
                List.of(entry("a", "x".repeat(131_072)), entry("b", "x".repeat(131_073))),
                "BatchRequestTooLong",
                "The length of all the messages put together is more than the limit.");
        assertThat(publish(List.of(entry("a", "x".repeat(262_144)))).successful()).hasSize(1);
    }

    @Test
    void oneInvalidMessageRefusesTheBatch() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        assertRefused(
                List.of(entry("a", "x"), entry("b", "")),
                "InvalidParameter",
                "Invalid parameter: Empty message");
        assertThat(fixture.messages("archive")).isEmpty();
    }

    @Test
    void refusesATopicThatIsNotThere() {
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.PUBLISH_BATCH,
                        PublishBatchInput.builder()
                                .topicArn(topic + "-not")
                                .publishBatchRequestEntries(List.of(entry("a", "x")))
                                .build());

        assertThat(refusal.error().code()).isEqualTo("NotFound");
    }

    private PublishBatchResponse publish(List<PublishBatchRequestEntry> entries) {
        return fixture.call(SnsApi.PUBLISH_BATCH, input(entries));
    }

    private void assertRefused(
            List<PublishBatchRequestEntry> entries, String code, String message) {
        ServiceException refusal = fixture.refusal(SnsApi.PUBLISH_BATCH, input(entries));

        assertThat(refusal.error().code()).isEqualTo(code);
        assertThat(refusal.message()).isEqualTo(message);
    }

    private PublishBatchInput input(List<PublishBatchRequestEntry> entries) {
        return PublishBatchInput.builder()
                .topicArn(topic)
                .publishBatchRequestEntries(entries)
                .build();
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private static PublishBatchRequestEntry entry(
            String id, String message, String name, String value) {
        return PublishBatchRequestEntry.builder()
                .id(id)
                .message(message)
                .messageAttributes(
                        Map.of(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(value)
                                        .build()))
                .build();
    }
}

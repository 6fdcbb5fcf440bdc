package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageBatchResult;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SendMessageResult;
import io.millrace.api.sqs.SetQueueAttributesRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class FifoQueueTest {
    private static final Map<String, String> HIGH_THROUGHPUT =
            Map.of(
                    "DeduplicationScope",
                    "messageGroup",
                    "FifoThroughputLimit",
                    "perMessageGroupId");

    private final QueueFixture fixture = new QueueFixture();

    @Test
    void keepsTheOrderInAGroup() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        for (int i = 0; i < 25; i++) {
            fixture.sendFifo(url, "m" + i, "g", "id" + i);
        }

        List<String> received = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            Message message = fixture.receiveOne(url);
            received.add(String.valueOf(message.body()));
            fixture.delete(url, message);
        }

        assertThat(received).hasSize(25).first().isEqualTo("m0");
        assertThat(received).last().isEqualTo("m24");
        assertThat(received).isEqualTo(received.stream().distinct().toList());
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void blocksAGroupWhileOneOfItIsInFlightAndNoOther() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        fixture.sendFifo(url, "a1", "a", "1");
        fixture.sendFifo(url, "a2", "a", "2");
        fixture.sendFifo(url, "b1", "b", "3");

        Message first = fixture.receiveOne(url);
        List<String> others = fixture.bodies(url);

        assertThat(first.body()).isEqualTo("a1");
        assertThat(others).containsExactly("b1");
        assertThat(fixture.receive(url)).isEmpty();
        fixture.sendFifo(url, "a3", "a", "4");
        assertThat(fixture.receive(url)).isEmpty();
        fixture.delete(url, first);
        assertThat(fixture.bodies(url)).containsExactly("a2", "a3");
    }

    @Test
    void staysBlockedUntilAllOfABatchAreDone() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        for (int i = 1; i <= 4; i++) {
            fixture.sendFifo(url, "m" + i, "g", "id" + i);
        }
        List<Message> batch = fixture.receive(QueueFixture.receiving(url).maxNumberOfMessages(2));

        fixture.delete(url, batch.get(0));
        assertThat(fixture.receive(url)).isEmpty();
        fixture.changeVisibility(url, batch.get(1), 0);

        assertThat(fixture.counts(url)).isEqualTo("3 0 0");
        assertThat(fixture.bodies(url)).containsExactly("m2", "m3", "m4");
    }

    @Test
    void givesAgainWhatIsVisibleOfABatchUpToWhatIsInFlight() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        for (int i = 1; i <= 4; i++) {
            fixture.sendFifo(url, "m" + i, "g", "id" + i);
        }
        List<Message> batch = fixture.receive(QueueFixture.receiving(url).maxNumberOfMessages(3));

        fixture.changeVisibility(url, batch.get(0), 0);
        fixture.changeVisibility(url, batch.get(2), 0);

        assertThat(fixture.counts(url)).isEqualTo("2 2 0");
        assertThat(fixture.bodies(url)).containsExactly("m1");
        assertThat(fixture.counts(url)).isEqualTo("1 3 0");
        fixture.delete(url, batch.get(1));
        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(30);
        assertThat(fixture.bodies(url)).containsExactly("m1", "m3", "m4");
    }

    @Test
    void redeliversInOrderAfterTheVisibilityTimeout() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        for (int i = 1; i <= 3; i++) {
            fixture.sendFifo(url, "m" + i, "g", "id" + i);
        }
        List<Message> batch = fixture.receive(QueueFixture.receiving(url).maxNumberOfMessages(2));
        fixture.changeVisibility(url, batch.get(0), 60);
        fixture.clock.passSeconds(30);

        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(30);
        assertThat(fixture.counts(url)).isEqualTo("3 0 0");
        List<Message> again = fixture.receive(url);

        assertThat(QueueFixture.bodies(again)).containsExactly("m1", "m2", "m3");
        assertThat(QueueFixture.attribute(again.get(0), "ApproximateReceiveCount")).isEqualTo("2");
        assertThat(QueueFixture.attribute(again.get(2), "ApproximateReceiveCount")).isEqualTo("1");
        assertThat(fixture.counts(url)).isEqualTo("0 3 0");
    }

    @Test
    void receivesAgainAtOnceWithoutVisibilityTimeout() {
        String url = fixture.createFifo("orders.fifo", Map.of("VisibilityTimeout", "0"));
        fixture.sendFifo(url, "m1", "g", "1");

        for (int i = 0; i < 3; i++) {
            assertThat(fixture.bodies(url)).containsExactly("m1");
            assertThat(fixture.counts(url)).isEqualTo("1 0 0");
        }
    }

    @Test
    void refusesAHandleWhoseReceiptIsOver() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        fixture.sendFifo(url, "m1", "g", "1");
        Message message = fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        var refusal =
                fixture.refused(
                        SqsApi.DELETE_MESSAGE,
                        DeleteMessageRequest.builder()
                                .queueUrl(url)
                                .receiptHandle(message.receiptHandle())
                                .build());

        assertThat(refusal)
                .hasMessage(
                        "Value "
                                + message.receiptHandle()
                                + " for parameter ReceiptHandle is invalid. Reason: The receipt"
                                + " handle has expired.");
        fixture.delete(url, fixture.receiveOne(url));
        fixture.delete(url, message);
    }

    @Test
    void acceptsADeduplicationIdOnceInFiveMinutes() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        SendMessageResult first = fixture.sendFifo(url, "m1", "g", "id");
        fixture.clock.passSeconds(299);
        SendMessageResult again = fixture.sendFifo(url, "other body", "h", "id");

        assertThat(again.messageId()).isEqualTo(first.messageId());
        assertThat(again.sequenceNumber()).isEqualTo(first.sequenceNumber()).hasSize(20);
        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
        Message received = fixture.receiveOne(url);
        assertThat(QueueFixture.attribute(received, "SequenceNumber"))
                .isEqualTo(first.sequenceNumber());
        fixture.delete(url, received);
        fixture.sendFifo(url, "m1", "g", "id");
        assertThat(fixture.receive(url)).isEmpty();

        fixture.clock.passSeconds(1);
        SendMessageResult later = fixture.sendFifo(url, "m2", "g", "id");

        assertThat(later.messageId()).isNotEqualTo(first.messageId());
        assertThat(later.sequenceNumber()).isGreaterThan(first.sequenceNumber());
        fixture.sqs.cleanUp();
        SendMessageResult last = fixture.sendFifo(url, "m2", "g", "id");
        assertThat(last.sequenceNumber()).isEqualTo(later.sequenceNumber());
        assertThat(fixture.bodies(url)).containsExactly("m2");
    }

    @Test
    void deduplicatesByContent() {
        String url = fixture.createFifo("orders.fifo", Map.of("ContentBasedDeduplication", "true"));
        SendMessageRequest request =
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("same")
                        .messageGroupId("g")
                        .build();

        SendMessageResult first = fixture.call(SqsApi.SEND_MESSAGE, request);
        SendMessageResult second = fixture.call(SqsApi.SEND_MESSAGE, request);
        fixture.sendFifo(url, "same", "g", "explicit");

        assertThat(second.messageId()).isEqualTo(first.messageId());
        List<Message> messages = fixture.receive(url);
        assertThat(messages).hasSize(2);
        assertThat(QueueFixture.attribute(messages.getFirst(), "MessageDeduplicationId"))
                .isEqualTo("0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5");
    }

    @Test
    void deduplicatesByGroupWhereThatIsTheScope() {
        String url =
                fixture.createFifo("orders.fifo", Map.of("DeduplicationScope", "messageGroup"));

        fixture.sendFifo(url, "a", "a", "id");
        fixture.sendFifo(url, "b", "b", "id");
        fixture.sendFifo(url, "a again", "a", "id");

        assertThat(fixture.bodies(url)).containsExactly("a", "b");
    }

    @Test
    void changesBetweenNormalAndHighThroughput() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        fixture.sendFifo(url, "a", "a", "id");
        fixture.sendFifo(url, "lost", "b", "id");

        assertThat(refusal(url, Map.of("FifoThroughputLimit", "perMessageGroupId")))
                .isEqualTo("InvalidAttributeValue");
        setAll(url, HIGH_THROUGHPUT);
        fixture.sendFifo(url, "b", "b", "id");
        assertThat(refusal(url, Map.of("DeduplicationScope", "queue")))
                .isEqualTo("InvalidAttributeValue");
        assertThat(fixture.attributes(url)).containsAllEntriesOf(HIGH_THROUGHPUT);
        setAll(url, Map.of("DeduplicationScope", "queue", "FifoThroughputLimit", "perQueue"));
        fixture.sendFifo(url, "lost", "c", "id");

        assertThat(fixture.bodies(url)).containsExactly("a", "b");
    }

    @Test
    void refusesThroughputSettingsThatDoNotExist() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        String standard = fixture.create("orders");

        assertThat(refusal(url, Map.of("DeduplicationScope", "perGroup")))
                .isEqualTo("InvalidAttributeValue");
        assertThat(refusal(url, Map.of("FifoThroughputLimit", "perMessageGroup")))
                .isEqualTo("InvalidAttributeValue");
        assertThat(refusal(standard, Map.of("DeduplicationScope", "queue")))
                .isEqualTo("InvalidAttributeName");
        assertThat(refusal(standard, Map.of("FifoThroughputLimit", "perQueue")))
                .isEqualTo("InvalidAttributeName");
    }

    @Test
    void deduplicatesInsideABatchAndNumbersItsMessages() {
        String url = fixture.createFifo("orders.fifo", Map.of());

        SendMessageBatchResult result =
                fixture.call(
                        SqsApi.SEND_MESSAGE_BATCH,
                        SendMessageBatchRequest.builder()
                                .queueUrl(url)
                                .entries(List.of(entry("1", "x"), entry("2", "x"), entry("3", "y")))
                                .build());

        var sent = result.successful();
        assertThat(sent).hasSize(3);
        assertThat(sent.get(1).messageId()).isEqualTo(sent.get(0).messageId());
        assertThat(sent.get(1).sequenceNumber()).isEqualTo(sent.get(0).sequenceNumber());
        assertThat(sent.get(2).sequenceNumber()).isGreaterThan(sent.get(0).sequenceNumber());
        assertThat(fixture.bodies(url)).containsExactly("body 1", "body 3");
    }

    @Test
    void keepsTheOrderOfDeliveriesInOneTransaction() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        fixture.openToServices(url);
        Arn arn = Arn.of("sqs", "us-east-1", "000000000000", "orders.fifo");

        List<Outcome> outcomes =
                fixture.store.write(tx -> {
                    List<Outcome> all = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        var message =
                                new io.millrace.delivery.Message(
                                        "m" + i,
                                        Map.of(),
                                        null,
                                        "g",
                                        "id" + i,
                                        null,
                                        "s",
                                        QueueFixture.TOPIC);
                        all.add(fixture.sqs.target().deliver(tx, arn, message));
                    }
                    return all;
                });

        assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
        Message first = fixture.receiveOne(url);
        assertThat(first.body()).isEqualTo("m0");
        assertThat(fixture.receive(url)).isEmpty();
        fixture.delete(url, first);
        assertThat(fixture.bodies(url)).containsExactly("m1", "m2", "m3", "m4");
    }

    @Test
    void takesAnIdAgainAfterAPurge() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        String first = String.valueOf(fixture.sendFifo(url, "m1", "g", "1").messageId());
        fixture.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(url).build());

        String second = String.valueOf(fixture.sendFifo(url, "m2", "g", "1").messageId());
        String again = String.valueOf(fixture.sendFifo(url, "m3", "g", "1").messageId());

        assertThat(second).isNotEqualTo(first).isEqualTo(again);
        assertThat(fixture.bodies(url)).containsExactly("m2");
    }

    @Test
    void delaysWithTheWholeQueue() {
        String url = fixture.createFifo("orders.fifo", Map.of("DelaySeconds", "10"));
        fixture.sendFifo(url, "m1", "g", "1");
        fixture.clock.passSeconds(5);
        fixture.sendFifo(url, "m2", "g", "2");

        assertThat(fixture.counts(url)).isEqualTo("0 0 2");
        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(5);
        assertThat(fixture.counts(url)).isEqualTo("1 0 1");
        Message first = fixture.receiveOne(url);
        assertThat(first.body()).isEqualTo("m1");
        fixture.delete(url, first);
        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(5);
        assertThat(fixture.bodies(url)).containsExactly("m2");
    }

    @Test
    void movesToAFifoDeadLetterQueueAndGoesOn() {
        String dead = fixture.createFifo("dead.fifo", Map.of());
        String url =
                fixture.createFifo(
                        "orders.fifo",
                        Map.of(
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\""
                                        + QueueFixture.arn("dead.fifo")
                                        + "\",\"maxReceiveCount\":1}"));
        fixture.sendFifo(url, "poison", "g", "1");
        fixture.sendFifo(url, "good", "g", "2");
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        assertThat(fixture.bodies(url)).containsExactly("good");
        Message moved = fixture.receiveOne(dead);

        assertThat(moved.body()).isEqualTo("poison");
        assertThat(QueueFixture.attribute(moved, "MessageGroupId")).isEqualTo("g");
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
    }

    @Test
    void expiresTheHeadOfAGroup() {
        String url = fixture.createFifo("orders.fifo", Map.of("MessageRetentionPeriod", "60"));
        fixture.sendFifo(url, "old", "g", "1");
        fixture.clock.passSeconds(30);
        fixture.sendFifo(url, "young", "g", "2");
        fixture.sendFifo(url, "young", "h", "3");
        fixture.clock.passSeconds(30);

        fixture.sqs.cleanUp();

        assertThat(fixture.counts(url)).isEqualTo("2 0 0");
        assertThat(fixture.bodies(url)).containsExactly("young", "young");
        fixture.clock.passSeconds(30);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        fixture.sendFifo(url, "new", "g", "4");
        assertThat(fixture.bodies(url)).containsExactly("new");
    }

    @Test
    void refusesWhatAFifoQueueNeedsOrCannotHave() {
        String url = fixture.createFifo("orders.fifo", Map.of());
        String standard = fixture.create("orders");
        SendMessageRequest.Builder send =
                SendMessageRequest.builder().queueUrl(url).messageBody("x");

        assertThat(refusal(send.build()))
                .isEqualTo(
                        "MissingParameter: The request must contain the parameter MessageGroupId.");
        send.messageGroupId("g");
        assertThat(refusal(send.build()))
                .isEqualTo(
                        "InvalidParameterValue: The queue should either have"
                                + " ContentBasedDeduplication enabled or MessageDeduplicationId"
                                + " provided explicitly");
        send.messageDeduplicationId("id");
        assertThat(refusal(send.delaySeconds(2).build()))
                .isEqualTo(
                        "InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid."
                                + " Reason: The request include parameter that is not valid for"
                                + " this queue type.");
        assertThat(refusal(send.delaySeconds(null).messageGroupId("g g").build()))
                .isEqualTo(
                        "InvalidParameterValue: Value g g for parameter MessageGroupId is invalid."
                                + " Reason: MessageGroupId can only include alphanumeric and"
                                + " punctuation characters. 1 to 128 in length.");
        assertThat(refusal(send.queueUrl(standard).messageGroupId(null).build()))
                .isEqualTo(
                        "InvalidParameterValue: Value id for parameter MessageDeduplicationId is"
                                + " invalid. Reason: The request includes a parameter that is not"
                                + " valid for this queue type.");
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    private void setAll(String url, Map<String, String> attributes) {
        fixture.call(SqsApi.SET_QUEUE_ATTRIBUTES, setting(url, attributes));
    }

    private String refusal(String url, Map<String, String> attributes) {
        return fixture.refused(SqsApi.SET_QUEUE_ATTRIBUTES, setting(url, attributes))
                .error()
                .queryCodeOrCode();
    }

    private static SetQueueAttributesRequest setting(String url, Map<String, String> attributes) {
        return SetQueueAttributesRequest.builder().queueUrl(url).attributes(attributes).build();
    }

    private String refusal(SendMessageRequest request) {
        var refusal = fixture.refused(SqsApi.SEND_MESSAGE, request);
        return refusal.error().queryCodeOrCode() + ": " + refusal.message();
    }

    private static SendMessageBatchRequestEntry entry(String id, String deduplicationId) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody("body " + id)
                .messageGroupId("g")
                .messageDeduplicationId(deduplicationId)
                .build();
    }
}

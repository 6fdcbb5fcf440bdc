package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.BatchResultErrorEntry;
import io.millrace.api.sqs.DeleteMessageBatchRequest;
import io.millrace.api.sqs.DeleteMessageBatchRequestEntry;
import io.millrace.api.sqs.DeleteMessageBatchResult;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SendMessageResult;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What receivers of a FIFO queue get, how long their handles are good, and what numbers and order
/// the messages have.
class FifoReceiptTest {
    private final QueueFixture fixture = new QueueFixture();
    private final String url = fixture.createFifo("orders.fifo", Map.of());

    @Test
    void ignoresAVisibilityChangeByAHandleWhoseReceiptIsOver() {
        fixture.sendFifo(url, "m1", "g", "1");
        Message first = fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        fixture.changeVisibility(url, first, 600);
        Message second = fixture.receiveOne(url);
        fixture.changeVisibility(url, first, 0);

        assertThat(second.body()).isEqualTo("m1");
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        assertThat(fixture.receive(url)).isEmpty();
        fixture.delete(url, second);
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void refusesAnExpiredHandleInABatchWithItsOwnCodeAndDeletesTheOthers() {
        fixture.sendFifo(url, "m1", "g", "1");
        Message expired = fixture.receiveOne(url);
        fixture.clock.passSeconds(30);
        fixture.sendFifo(url, "m2", "h", "2");
        List<Message> messages = fixture.receive(url);
        Message other =
                messages.stream().filter(message -> "m2".equals(message.body())).toList().get(0);

        DeleteMessageBatchResult result =
                fixture.call(
                        SqsApi.DELETE_MESSAGE_BATCH,
                        DeleteMessageBatchRequest.builder()
                                .queueUrl(url)
                                .entries(List.of(entry("a", expired), entry("b", other)))
                                .build());

        assertThat(result.successful()).singleElement().extracting("id").isEqualTo("b");
        BatchResultErrorEntry failed = result.failed().getFirst();
        assertThat(failed.id()).isEqualTo("a");
        assertThat(failed.code()).isEqualTo("ReceiptHandleIsInvalid");
        assertThat(failed.message()).isEqualTo("The receipt handle has expired");
        assertThat(failed.senderFault()).isTrue();
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
    }

    @Test
    void handsOutTenOfOneGroupAtMostAndThoseOfOthersAfterThem() {
        for (int i = 0; i < 12; i++) {
            fixture.sendFifo(url, "a" + i, "a", "a" + i);
        }
        fixture.sendFifo(url, "b0", "b", "b0");

        List<Message> first = fixture.receive(url);

        assertThat(QueueFixture.bodies(first))
                .containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9");
        assertThat(fixture.bodies(url)).containsExactly("b0");
        first.forEach(message -> fixture.delete(url, message));
        assertThat(fixture.bodies(url)).containsExactly("a10", "a11");
    }

    @Test
    void numbersMessagesWithTwentyDigitsThatGrowOverRestarts() {
        QueueFixture later = fixture.afterRestart();
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            QueueFixture server = i % 2 == 0 ? fixture : later;
            SendMessageResult sent = server.sendFifo(url, "m" + i, "g" + i % 3, "id" + i);
            numbers.add(Objects.requireNonNull(sent.sequenceNumber()));
        }

        assertThat(numbers)
                .allMatch(number -> number.matches("[0-9]{20}"))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsTheOrderOfAGroupInTheDeadLetterQueue() {
        String dead = fixture.createFifo("dead.fifo", Map.of());
        fixture.set(
                url,
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":1}"
                        .formatted(QueueFixture.arn("dead.fifo")));
        for (int i = 0; i < 8; i++) {
            fixture.sendFifo(url, "m" + i, "g", "id" + i);
        }
        fixture.receive(QueueFixture.receiving(url).maxNumberOfMessages(3));
        fixture.clock.passSeconds(30);
        List<Message> next = fixture.receive(QueueFixture.receiving(url).maxNumberOfMessages(2));
        fixture.clock.passSeconds(30);

        assertThat(QueueFixture.bodies(next)).containsExactly("m3", "m4");
        assertThat(fixture.bodies(url)).containsExactly("m5", "m6", "m7");
        List<Message> moved = fixture.receive(dead);
        assertThat(QueueFixture.bodies(moved)).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(moved.stream().map(message -> number(message)).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(fixture.receive(dead)).isEmpty();
    }

    @Test
    void takesADelayOfNothingOnly() {
        var send =
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("m")
                        .messageGroupId("g")
                        .messageDeduplicationId("1");

        fixture.call(SqsApi.SEND_MESSAGE, send.delaySeconds(0).build());
        var refusal = fixture.refused(SqsApi.SEND_MESSAGE, send.delaySeconds(1).build());

        assertThat(refusal.error().queryCodeOrCode()).isEqualTo("InvalidParameterValue");
        assertThat(fixture.bodies(url)).containsExactly("m");
    }

    /// As a pipe does that leads from a queue to itself.
    @Test
    void aGroupGoesOnWithWhatATransactionAddsThatTakesItsLast() {
        fixture.openToServices(url);
        fixture.sendFifo(url, "m1", "g", "1");
        Message first = fixture.receiveOne(url);
        deliverAndDelete("m2", first);

        assertThat(fixture.bodies(url)).containsExactly("m2");
        fixture.sendFifo(url, "m3", "g", "3");
        fixture.clock.passSeconds(30);
        QueueFixture later = fixture.afterRestart();
        List<Message> again = later.receive(url);
        assertThat(QueueFixture.bodies(again)).containsExactly("m2", "m3");
        again.forEach(message -> later.delete(url, message));
        assertThat(later.counts(url)).isEqualTo("0 0 0");
        later.sendFifo(url, "m4", "g", "4");
        assertThat(later.bodies(url)).containsExactly("m4");
    }

    @Test
    void whatATransactionAddsThatTakesTheLastOfItsGroupIsDelayedWithTheQueue() {
        fixture.openToServices(url);
        fixture.sendFifo(url, "m1", "g", "1");
        Message first = fixture.receiveOne(url);
        fixture.set(url, "DelaySeconds", "10");
        deliverAndDelete("m2", first);

        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(10);
        assertThat(fixture.bodies(url)).containsExactly("m2");
    }

    private void deliverAndDelete(String body, Message received) {
        Arn arn = Arn.of("sqs", "us-east-1", "000000000000", "orders.fifo");
        var message =
                new io.millrace.delivery.Message(
                        body, Map.of(), null, "g", body, null, "s", QueueFixture.TOPIC);
        fixture.store.write(tx -> {
            Outcome outcome = fixture.sqs.target().deliver(tx, arn, message);
            fixture.sqs.source().delete(tx, arn, QueueFixture.handle(received));
            return assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        });
    }

    private static String number(Message message) {
        return QueueFixture.attribute(message, "SequenceNumber");
    }

    private static DeleteMessageBatchRequestEntry entry(String id, Message message) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(QueueFixture.handle(message))
                .build();
    }
}

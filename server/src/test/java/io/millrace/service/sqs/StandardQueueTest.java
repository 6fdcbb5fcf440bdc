package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.ChangeMessageVisibilityRequest;
import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class StandardQueueTest {
    private final QueueFixture fixture = new QueueFixture();

    @Test
    void handsOutAMessageUntilItIsDeleted() {
        String url = fixture.create("orders");
        fixture.send(url, "one");

        Message message = fixture.receiveOne(url);

        assertThat(message.body()).isEqualTo("one");
        assertThat(message.md5OfBody()).isEqualTo("f97c5d29941bfb1b2fdab0874906ab82");
        assertThat(QueueFixture.attribute(message, "ApproximateReceiveCount")).isEqualTo("1");
        assertThat(QueueFixture.attribute(message, "SenderId")).isEqualTo("AIDAEXAMPLE");
        assertThat(QueueFixture.attribute(message, "SentTimestamp"))
                .isEqualTo(Long.toString(fixture.clock.millis()));
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        fixture.delete(url, message);
        fixture.clock.passSeconds(31);
        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void hidesAMessageForTheVisibilityTimeoutAndNotLonger() {
        String url = fixture.create("orders", Map.of("VisibilityTimeout", "10"));
        fixture.send(url, "one");
        Message first = fixture.receiveOne(url);
        long firstReceived = fixture.clock.millis();

        fixture.clock.pass(Duration.ofMillis(9_999));
        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        fixture.clock.pass(Duration.ofMillis(1));
        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
        Message second = fixture.receiveOne(url);

        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(QueueFixture.attribute(second, "ApproximateReceiveCount")).isEqualTo("2");
        assertThat(QueueFixture.attribute(second, "ApproximateFirstReceiveTimestamp"))
                .isEqualTo(Long.toString(firstReceived));
    }

    @Test
    void deletesByAnOlderHandle() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message first = fixture.receiveOne(url);
        fixture.clock.passSeconds(30);
        fixture.receiveOne(url);

        fixture.delete(url, first);

        fixture.clock.passSeconds(30);
        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void deletesOnceAndThenDoesNothing() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);

        fixture.delete(url, message);
        fixture.delete(url, message);

        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void deletesAMessageWhoseVisibilityTimeoutIsOver() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);
        fixture.clock.passSeconds(60);

        fixture.delete(url, message);

        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void receivesInTheOrderOfSendingAndEachOnce() {
        String url = fixture.create("orders");
        List<String> sent = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        sent.forEach(body -> fixture.send(url, body));

        List<String> received = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            received.addAll(fixture.bodies(url));
        }

        assertThat(received).isEqualTo(sent);
        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 200 0");
    }

    @Test
    void delaysAMessage() {
        String url = fixture.create("orders", Map.of("DelaySeconds", "5"));
        fixture.send(url, "queue's delay");
        fixture.sendDelayed(url, "none", 0);
        fixture.sendDelayed(url, "longer", 900);

        assertThat(fixture.counts(url)).isEqualTo("1 0 2");
        assertThat(fixture.bodies(url)).containsExactly("none");
        fixture.clock.passSeconds(5);
        assertThat(fixture.counts(url)).isEqualTo("1 1 1");
        assertThat(fixture.bodies(url)).containsExactly("queue's delay");
        assertThat(fixture.counts(url)).isEqualTo("0 2 1");
        fixture.clock.passSeconds(895);
        assertThat(fixture.bodies(url)).hasSize(3).contains("longer");
        assertThat(fixture.counts(url)).isEqualTo("0 3 0");
    }

    @Test
    void changesVisibilityBothWays() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);

        fixture.changeVisibility(url, message, 100);
        fixture.clock.passSeconds(99);
        assertThat(fixture.receive(url)).isEmpty();
        fixture.changeVisibility(url, message, 0);

        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
        assertThat(fixture.bodies(url)).containsExactly("one");
    }

    @Test
    void ignoresAVisibilityChangeThatComesTooLate() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        fixture.changeVisibility(url, message, 100);

        assertThat(fixture.bodies(url)).containsExactly("one");
    }

    @Test
    void changesVisibilityByAnOlderHandleToo() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message first =
                fixture.receive(QueueFixture.receiving(url).visibilityTimeout(0)).getFirst();
        fixture.receiveOne(url);

        fixture.changeVisibility(url, first, 0);

        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
        assertThat(fixture.bodies(url)).containsExactly("one");
    }

    @Test
    void refusesAVisibilityChangeOfADeletedMessage() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);
        fixture.delete(url, message);

        var refusal = fixture.refused(SqsApi.CHANGE_MESSAGE_VISIBILITY, change(url, message, 5));

        assertThat(refusal.error().queryCodeOrCode()).isEqualTo("InvalidParameterValue");
        assertThat(refusal)
                .hasMessage(
                        "Value "
                                + message.receiptHandle()
                                + " for parameter ReceiptHandle is invalid. Reason: Message does"
                                + " not exist or is not available for visibility timeout change.");
    }

    @Test
    void refusesVisibilityBeyondTwelveHoursAfterReceipt() {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);
        fixture.clock.passSeconds(10);

        var refusal =
                fixture.refused(SqsApi.CHANGE_MESSAGE_VISIBILITY, change(url, message, 43_200));

        assertThat(refusal)
                .hasMessage(
                        "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total"
                                + " VisibilityTimeout for the message is beyond the limit [43200"
                                + " seconds]");
        fixture.changeVisibility(url, message, 43_190);
    }

    @Test
    void refusesAHandleThatIsNoneAndOneOfAnotherQueue() {
        String url = fixture.create("orders");
        String other = fixture.create("others");
        fixture.send(other, "one");
        Message message = fixture.receiveOne(other);

        for (String handle : List.of("garbage", QueueFixture.handle(message), "AQEBAAAA")) {
            var refusal =
                    fixture.refused(
                            SqsApi.DELETE_MESSAGE,
                            DeleteMessageRequest.builder()
                                    .queueUrl(url)
                                    .receiptHandle(handle)
                                    .build());

            assertThat(refusal.error()).isEqualTo(SqsApi.Errors.RECEIPT_HANDLE_IS_INVALID);
            assertThat(refusal)
                    .hasMessage(
                            "The input receipt handle \""
                                    + handle
                                    + "\" is not a valid receipt handle.");
        }
    }

    @Test
    void expiresMessagesByTheRetentionOfNow() {
        String url = fixture.create("orders");
        fixture.send(url, "old");
        fixture.sendDelayed(url, "old and delayed", 900);
        fixture.clock.passSeconds(50);
        fixture.send(url, "young");
        fixture.set(url, "MessageRetentionPeriod", "60");
        fixture.clock.passSeconds(10);

        assertThat(fixture.bodies(url)).containsExactly("young");
        assertThat(fixture.counts(url)).isEqualTo("0 1 1");
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        fixture.clock.passSeconds(50);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        fixture.clock.passSeconds(900);
        assertThat(fixture.receive(url)).isEmpty();
    }

    @Test
    void movesAMessageToItsDeadLetterQueueWhenItWasReceivedTooOften() {
        String dead = fixture.create("dead");
        String url =
                fixture.create(
                        "orders",
                        Map.of(
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\""
                                        + QueueFixture.arn("dead")
                                        + "\",\"maxReceiveCount\":2}"));
        fixture.send(url, "poison");
        String sent = Long.toString(fixture.clock.millis());
        fixture.clock.passSeconds(1);
        Message first = fixture.receiveOne(url);
        String received = Long.toString(fixture.clock.millis());
        fixture.clock.passSeconds(30);
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        assertThat(fixture.receive(url)).isEmpty();
        Message moved = fixture.receiveOne(dead);

        assertThat(moved.messageId()).isEqualTo(first.messageId());
        assertThat(QueueFixture.attribute(moved, "SentTimestamp")).isEqualTo(sent);
        assertThat(QueueFixture.attribute(moved, "ApproximateFirstReceiveTimestamp"))
                .isEqualTo(received);
        assertThat(QueueFixture.attribute(moved, "ApproximateReceiveCount")).isEqualTo("3");
        assertThat(QueueFixture.attribute(moved, "DeadLetterQueueSourceArn"))
                .isEqualTo(QueueFixture.arn("orders"));
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        assertThat(fixture.counts(dead)).isEqualTo("0 1 0");
    }

    @Test
    void keepsHandingOutWhenTheDeadLetterQueueIsGone() {
        String dead = fixture.create("dead");
        String url =
                fixture.create(
                        "orders",
                        Map.of(
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\""
                                        + QueueFixture.arn("dead")
                                        + "\",\"maxReceiveCount\":\"1\"}"));
        fixture.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(dead).build());
        fixture.send(url, "poison");
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        assertThat(fixture.bodies(url)).containsExactly("poison");
    }

    @Test
    void doesNotLetAMessageThatAlwaysFailsHoldUpTheOthers() {
        String url = fixture.create("orders");
        fixture.send(url, "poison");
        fixture.send(url, "good");
        fixture.send(url, "better");

        List<String> received = new ArrayList<>();
        for (int i = 0; i < 6 && received.size() < 2; i++) {
            Message message = fixture.receiveOne(url);
            if ("poison".equals(message.body())) {
                fixture.changeVisibility(url, message, 0);
            } else {
                received.add(String.valueOf(message.body()));
            }
        }

        assertThat(received).containsExactly("good", "better");
    }

    @Test
    void purgesEverythingWhereverItIs() {
        String url = fixture.create("orders");
        fixture.send(url, "in flight");
        Message inFlight = fixture.receiveOne(url);
        fixture.send(url, "ready");
        fixture.sendDelayed(url, "delayed", 10);

        fixture.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(url).build());

        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        fixture.clock.passSeconds(40);
        assertThat(fixture.receive(url)).isEmpty();
        fixture.delete(url, inFlight);
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        fixture.send(url, "new");
        assertThat(fixture.bodies(url)).containsExactly("new");
    }

    @Test
    void refusesASecondPurgeWithinAMinute() {
        String url = fixture.create("orders");
        PurgeQueueRequest request = PurgeQueueRequest.builder().queueUrl(url).build();
        fixture.call(SqsApi.PURGE_QUEUE, request);
        fixture.clock.passSeconds(59);

        var refusal = fixture.refused(SqsApi.PURGE_QUEUE, request);

        assertThat(refusal.error()).isEqualTo(SqsApi.Errors.PURGE_QUEUE_IN_PROGRESS);
        assertThat(refusal)
                .hasMessage("Only one PurgeQueue operation on orders is allowed every 60 seconds.");
        fixture.clock.passSeconds(1);
        fixture.call(SqsApi.PURGE_QUEUE, request);
    }

    @Test
    void startsEmptyWhenMadeAgain() {
        String url = fixture.create("orders");
        fixture.send(url, "old");
        fixture.send(url, "old too");
        Message old = fixture.receiveOne(url);
        fixture.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(url).build());
        fixture.clock.passSeconds(60);

        fixture.create("orders");

        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        assertThat(fixture.refused(SqsApi.CHANGE_MESSAGE_VISIBILITY, change(url, old, 0)).error())
                .isEqualTo(SqsApi.Errors.RECEIPT_HANDLE_IS_INVALID);
    }

    @Test
    void seesEverythingAfterARestart() {
        String url = fixture.create("orders");
        fixture.send(url, "consumed");
        fixture.delete(url, fixture.receiveOne(url));
        fixture.send(url, "in flight");
        Message inFlight = fixture.receiveOne(url);
        fixture.send(url, "ready");

        Sqs restarted = fixture.restarted();

        ReceiveMessageRequest receive = QueueFixture.receiving(url).build();
        List<Message> messages =
                QueueFixture.call(restarted, SqsApi.RECEIVE_MESSAGE, receive).messages();
        assertThat(QueueFixture.bodies(messages == null ? List.of() : messages))
                .containsExactly("ready");
        fixture.delete(url, inFlight);
        fixture.clock.passSeconds(30);
        assertThat(fixture.bodies(url)).containsExactly("ready");
    }

    @Test
    void deliversInTheTransactionOfAnotherService() {
        String url = fixture.create("orders");
        fixture.openToServices(url);
        Arn arn = Arn.of("sqs", "us-east-1", "000000000000", "orders");
        Arn unknown = Arn.of("sqs", "us-east-1", "000000000000", "nobody");

        List<Outcome> outcomes =
                fixture.store.write(tx ->
                        List.of(
                                deliver(tx, arn, "one"),
                                deliver(tx, arn, "two"),
                                deliver(tx, unknown, "three"),
                                deliver(tx, arn, "\u0000")));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcomes.get(2))
                .isEqualTo(
                        new Outcome.Refused(
                                "AWS.SimpleQueueService.NonExistentQueue",
                                "The specified queue does not exist."));
        assertThat(outcomes.get(3)).isInstanceOf(Outcome.Refused.class);
        assertThat(fixture.bodies(url)).containsExactly("one", "two");
    }

    @Test
    void findsAQueueByUrlsOfAllForms() {
        fixture.create("orders");
        for (String url :
                List.of(
                        "http://localhost:4566/000000000000/orders",
                        "https://sqs.us-east-1.amazonaws.com/000000000000/orders",
                        "https://us-east-1.queue.amazonaws.com/000000000000/orders",
                        "https://queue.amazonaws.com/000000000000/orders/",
                        "http://localhost:4566/queue/us-east-1/000000000000/orders",
                        "/000000000000/orders",
                        "orders")) {
            assertThat(fixture.send(url, url).messageId()).isNotNull();
        }
        for (String url : List.of("http://localhost:4566/111111111111/orders", "")) {
            assertThat(refusedTo(url).error()).isEqualTo(SqsApi.Errors.QUEUE_DOES_NOT_EXIST);
        }
        for (String url : List.of("http://h", "http://h/", "http://h/orders")) {
            ServiceException refusal = refusedTo(url);
            assertThat(refusal.error()).isEqualTo(SqsApi.Errors.INVALID_ADDRESS);
            assertThat(refusal)
                    .hasMessage("The address " + url + " is not valid for this endpoint.");
        }
    }

    private ServiceException refusedTo(String url) {
        return fixture.refused(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder().queueUrl(url).messageBody("x").build());
    }

    private Outcome deliver(Transaction tx, Arn arn, String body) {
        return fixture.sqs
                .target()
                .deliver(
                        tx,
                        arn,
                        io.millrace.delivery.Message.of(body, "sender").from(QueueFixture.TOPIC));
    }

    private static ChangeMessageVisibilityRequest change(String url, Message message, int seconds) {
        return ChangeMessageVisibilityRequest.builder()
                .queueUrl(url)
                .receiptHandle(message.receiptHandle())
                .visibilityTimeout(seconds)
                .build();
    }
}

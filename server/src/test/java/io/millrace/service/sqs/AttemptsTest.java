package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Repeating a receive by its `ReceiveRequestAttemptId`.
class AttemptsTest {
    private final QueueFixture fixture = new QueueFixture();
    private final String url = fixture.createFifo("orders.fifo", Map.of("VisibilityTimeout", "30"));

    @BeforeEach
    void sendThree() {
        fixture.sendFifo(url, "one", "g", "1");
        fixture.sendFifo(url, "two", "g", "2");
        fixture.sendFifo(url, "three", "h", "3");
    }

    @Test
    void receivesTheSameMessagesWithTheSameHandlesAgain() {
        List<Message> first = fixture.receive(attempt("a"));
        fixture.clock.passSeconds(20);

        List<Message> second = fixture.receive(attempt("a"));

        assertThat(QueueFixture.bodies(first)).containsExactly("one", "two", "three");
        assertThat(second).isEqualTo(first);
        assertThat(fixture.receive(attempt("b"))).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 3 0");
        second.forEach(message -> fixture.delete(url, message));
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void remembersAcrossARestart() {
        List<Message> first = fixture.receive(attempt("a"));

        assertThat(fixture.afterRestart().receive(attempt("a"))).isEqualTo(first);
    }

    @Test
    void beginsTheVisibilityTimeoutAnew() {
        fixture.receive(attempt("a"));
        fixture.clock.passSeconds(20);
        fixture.receive(attempt("a"));

        fixture.clock.passSeconds(20);
        assertThat(fixture.receive(url)).isEmpty();
        fixture.clock.passSeconds(10);
        assertThat(fixture.bodies(url)).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void takesTheVisibilityTimeoutOfTheRepetition() {
        fixture.receive(attempt("a"));
        fixture.receive(attempt("a").visibilityTimeout(5));

        fixture.clock.passSeconds(5);

        assertThat(fixture.receive(url)).hasSize(3);
    }

    @Test
    void receivesAnewWhenTheVisibilityTimeoutIsOver() {
        List<Message> first = fixture.receive(attempt("a"));
        fixture.clock.passSeconds(30);

        List<Message> second = fixture.receive(attempt("a"));

        assertThat(QueueFixture.bodies(second)).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(second.getFirst().receiptHandle())
                .isNotEqualTo(first.getFirst().receiptHandle());
        assertThat(fixture.receive(attempt("a"))).isEqualTo(second);
    }

    @Test
    void receivesAnewAfterFiveMinutesHoweverOftenItWasRepeated() {
        fixture.receive(attempt("a").visibilityTimeout(200));
        fixture.clock.passSeconds(199);
        assertThat(fixture.receive(attempt("a").visibilityTimeout(200))).hasSize(3);
        fixture.clock.passSeconds(100);
        assertThat(fixture.receive(attempt("a").visibilityTimeout(200))).hasSize(3);

        fixture.clock.passSeconds(1);

        assertThat(fixture.receive(attempt("a"))).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 3 0");
    }

    @Test
    void refusesWhenAMessageWasDeleted() {
        fixture.delete(url, fixture.receive(attempt("a")).getFirst());

        assertThat(refused("a").message())
                .isEqualTo(
                        "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The"
                                + " receiveRequestAttemptId is not valid anymore since the receive"
                                + " call is not retryable.");
        assertThat(fixture.counts(url)).isEqualTo("0 2 0");
    }

    @Test
    void refusesWhenAVisibilityWasChanged() {
        fixture.changeVisibility(url, fixture.receive(attempt("a")).getLast(), 60);

        assertThat(refused("a").error().queryCodeOrCode()).isEqualTo("InvalidParameterValue");
    }

    @Test
    void refusesWhenAMessageIsWithAnotherReceiverNow() {
        List<Message> first = fixture.receive(attempt("a"));
        fixture.changeVisibility(url, first.getLast(), 0);
        assertThat(fixture.receive(url)).hasSize(1);

        refused("a");
    }

    @Test
    void receivesAnewAfterAPurge() {
        fixture.receive(attempt("a"));
        fixture.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(url).build());
        fixture.sendFifo(url, "four", "g", "4");

        assertThat(QueueFixture.bodies(fixture.receive(attempt("a")))).containsExactly("four");
    }

    @Test
    void remembersNothingOfAnEmptyReceive() {
        fixture.receive(url).forEach(message -> fixture.delete(url, message));
        assertThat(fixture.receive(attempt("a"))).isEmpty();
        fixture.sendFifo(url, "four", "g", "4");

        assertThat(QueueFixture.bodies(fixture.receive(attempt("a")))).containsExactly("four");
    }

    @Test
    void countsARepetitionAsTheSameReceipt() {
        fixture.receive(attempt("a"));

        Message again = fixture.receive(attempt("a")).getFirst();

        assertThat(QueueFixture.attribute(again, "ApproximateReceiveCount")).isEqualTo("1");
    }

    @Test
    void keepsTheGroupClosedWhileItIsRepeated() {
        List<Message> first = fixture.receive(attempt("a").maxNumberOfMessages(1));
        fixture.clock.passSeconds(29);
        fixture.receive(attempt("a").maxNumberOfMessages(1));
        fixture.clock.passSeconds(29);

        assertThat(fixture.bodies(url)).containsExactly("three");
        fixture.delete(url, first.getFirst());
        assertThat(fixture.bodies(url)).containsExactly("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank", "ä"})
    void refusesAnIdWithOtherCharacters(String id) {
        assertThat(refused(id).message())
                .isEqualTo(
                        "Value "
                                + id
                                + " for parameter ReceiveRequestAttemptId is invalid. Reason:"
                                + " ReceiveRequestAttemptId can only include alphanumeric and"
                                + " punctuation characters. 1 to 128 in length.");
    }

    @Test
    void refusesAnIdOfMoreThan128Characters() {
        assertThat(fixture.receive(attempt("x".repeat(128)))).hasSize(3);
        refused("x".repeat(129));
    }

    @Test
    void meansNothingInAStandardQueue() {
        String standard = fixture.create("orders");
        fixture.send(standard, "one");
        ReceiveMessageRequest.Builder request =
                QueueFixture.receiving(standard).receiveRequestAttemptId("a");

        assertThat(fixture.receive(request)).hasSize(1);
        assertThat(fixture.receive(request)).isEmpty();
    }

    @Test
    void forgetsAttemptsWhenTheirTimeIsOver() {
        for (int i = 0; i < 150; i++) {
            fixture.receive(attempt("a" + i).maxNumberOfMessages(1));
            fixture.clock.passSeconds(1);
        }
        assertThat(entries()).isPositive();

        fixture.clock.passSeconds(300);
        fixture.sqs.cleanUp();

        assertThat(entries()).isZero();
    }

    /// Fails when the transaction that receives does not look for the attempt itself. Each round
    /// leaves messages for all eight, since one that finds none meanwhile is answered with none.
    @Test
    @Timeout(60)
    void givesOneSetOfMessagesToAttemptsAtTheSameTime() throws Exception {
        for (int i = 0; i < 200; i++) {
            fixture.sendFifo(url, "m" + i, "g" + i, "m" + i);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 12; round++) {
                String id = "a" + round;
                List<Future<List<Message>>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(threads.submit(() -> fixture.receive(attempt(id))));
                }
                List<List<Message>> answers = new ArrayList<>();
                for (Future<List<Message>> each : all) {
                    answers.add(each.get());
                }
                assertThat(new HashSet<>(answers)).as("round " + round).hasSize(1);
            }
        }
    }

    private ReceiveMessageRequest.Builder attempt(String id) {
        return QueueFixture.receiving(url).receiveRequestAttemptId(id);
    }

    private ServiceException refused(String id) {
        return fixture.refused(SqsApi.RECEIVE_MESSAGE, attempt(id).build());
    }

    private int entries() {
        return fixture.store.read(tx -> count(tx, (byte) 0x60) + count(tx, (byte) 0x61));
    }

    private static int count(Snapshot tx, byte prefix) {
        byte[] from = {prefix};
        int count = 0;
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(from), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }
}

package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Waiting for messages. Whether a poll already waits when the message comes is left to chance: it
/// must be right in both cases, and none takes as long as its patience.
@Timeout(60)
class LongPollTest {
    private final QueueFixture fixture = new QueueFixture();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void wakesForAMessage() throws Exception {
        String url = fixture.create("orders");
        for (int i = 0; i < 200; i++) {
            Future<List<String>> poll = poll(url, 20);
            if (i % 2 == 0) {
                awaitWaiter(fixture);
            }
            fixture.send(url, "m" + i);

            assertThat(poll.get()).containsExactly("m" + i);
        }
    }

    @Test
    void hasTheMessageInFlightWhenItsSenderIsAnswered() throws Exception {
        String url = fixture.create("orders");
        Future<List<String>> poll = poll(url, 20);
        awaitWaiter(fixture);

        fixture.send(url, "one");

        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        assertThat(poll.get()).containsExactly("one");
    }

    @Test
    void takesAsManyOfABatchAsItWants() throws Exception {
        String url = fixture.create("orders");
        Future<List<Message>> poll =
                threads.submit(() ->
                        fixture.receive(
                                QueueFixture.receiving(url)
                                        .maxNumberOfMessages(2)
                                        .waitTimeSeconds(20)));
        awaitWaiter(fixture);

        sendBatch(url, null, "1", "2", "3");

        assertThat(QueueFixture.bodies(poll.get())).containsExactly("m1", "m2");
        assertThat(fixture.counts(url)).isEqualTo("1 2 0");
        assertThat(fixture.bodies(url)).containsExactly("m3");
    }

    @Test
    void isHandedAMessageThatBlocksItsGroup() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of("VisibilityTimeout", "30"));
        Future<List<String>> poll = poll(url, 20);
        awaitWaiter(fixture);

        fixture.sendFifo(url, "m1", "g", "1");

        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
        assertThat(poll.get()).containsExactly("m1");
        fixture.sendFifo(url, "m2", "g", "2");
        fixture.sendFifo(url, "other", "h", "3");
        assertThat(fixture.bodies(url)).containsExactly("other");
        fixture.clock.passSeconds(30);
        assertThat(fixture.bodies(url)).containsExactlyInAnyOrder("m1", "m2", "other");
    }

    @Test
    void takesAsManyOfAGroupsBatchAsItWantsInTheirOrder() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of());
        Future<List<Message>> poll =
                threads.submit(() ->
                        fixture.receive(
                                QueueFixture.receiving(url)
                                        .maxNumberOfMessages(2)
                                        .waitTimeSeconds(20)));
        awaitWaiter(fixture);

        sendBatch(url, "g", "1", "2", "3");

        List<Message> handed = poll.get();
        assertThat(QueueFixture.bodies(handed)).containsExactly("m1", "m2");
        assertThat(fixture.bodies(url)).isEmpty();
        fixture.delete(url, handed.getFirst());
        assertThat(fixture.bodies(url)).isEmpty();
        fixture.delete(url, handed.getLast());
        assertThat(fixture.bodies(url)).containsExactly("m3");
    }

    @Test
    void isHandedNothingOfADelayedFifoQueueThoughTheSenderNamesNoDelay() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of("DelaySeconds", "5"));
        Future<List<String>> poll = poll(url, 1);
        awaitWaiter(fixture);

        fixture.call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("late")
                        .messageGroupId("g")
                        .messageDeduplicationId("1")
                        .delaySeconds(0)
                        .build());

        assertThat(fixture.counts(url)).isEqualTo("0 0 1");
        assertThat(poll.get()).isEmpty();
        fixture.clock.passSeconds(5);
        assertThat(fixture.bodies(url)).containsExactly("late");
    }

    @Test
    void aSecondPollIsHandedNothingOfABlockedGroup() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of());
        List<Future<List<String>>> polls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            polls.add(
                    threads.submit(() ->
                            QueueFixture.bodies(
                                    fixture.receive(
                                            QueueFixture.receiving(url)
                                                    .maxNumberOfMessages(1)
                                                    .waitTimeSeconds(1)))));
        }
        Eventually.holds("two polls that wait", () -> fixture.sqs.waiterCount() == 2);

        sendBatch(url, "g", "1", "2", "3");

        assertThat(List.of(polls.get(0).get(), polls.get(1).get()))
                .containsExactlyInAnyOrder(List.of("m1"), List.of());
    }

    @Test
    void servesAnAttemptThatCanBeRepeated() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of());
        var attempt =
                QueueFixture.receiving(url).receiveRequestAttemptId("again").waitTimeSeconds(20);
        Future<List<Message>> poll = threads.submit(() -> fixture.receive(attempt));
        awaitWaiter(fixture);

        fixture.sendFifo(url, "m1", "g", "1");

        assertThat(QueueFixture.bodies(poll.get())).containsExactly("m1");
        assertThat(QueueFixture.bodies(fixture.receive(attempt))).containsExactly("m1");
    }

    @Test
    void canDeleteWhatItWasHandedAndSeesTheRestAgain() throws Exception {
        String url = fixture.create("orders");
        for (String body : List.of("deleted", "seen again")) {
            Future<List<Message>> poll =
                    threads.submit(() ->
                            fixture.receive(
                                    QueueFixture.receiving(url)
                                            .visibilityTimeout(60)
                                            .waitTimeSeconds(20)));
            awaitWaiter(fixture);
            fixture.send(url, body);
            if (body.equals("deleted")) {
                fixture.delete(url, poll.get().getFirst());
            }
        }
        fixture.clock.passSeconds(59);
        assertThat(fixture.bodies(url)).isEmpty();

        fixture.clock.passSeconds(1);

        assertThat(fixture.bodies(url)).containsExactly("seen again");
    }

    @Test
    void isHandedNothingThatTheQueuesPolicyKeepsFromIt() throws Exception {
        String url = fixture.create("orders");
        Future<List<String>> poll = poll(url, 1);
        awaitWaiter(fixture);
        String deny =
                """
                {"Statement":{"Effect":"Deny","Principal":"*","Action":"sqs:ReceiveMessage",
                "Resource":"*"}}
                """;
        fixture.set(url, "Policy", deny);

        fixture.send(url, "one");

        assertThatThrownBy(poll::get).hasCauseInstanceOf(ServiceException.class);
        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
    }

    @Test
    void waitsAsTheQueueSaysWhenTheCallerDoesNot() throws Exception {
        String url = fixture.create("orders", Map.of("ReceiveMessageWaitTimeSeconds", "20"));
        Future<List<String>> poll = threads.submit(() -> fixture.bodies(url));

        fixture.send(url, "one");

        assertThat(poll.get()).containsExactly("one");
    }

    @Test
    void endsWithoutAMessageWhenTheTimeIsOver() throws Exception {
        String url = fixture.create("orders");

        assertThat(poll(url, 1).get()).isEmpty();
    }

    @Test
    void wakesWhenAnotherGivesAMessageBack() throws Exception {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        var message = fixture.receiveOne(url);
        Future<List<String>> poll = poll(url, 20);

        fixture.changeVisibility(url, message, 0);

        assertThat(poll.get()).containsExactly("one");
    }

    @Test
    void wakesWhenAGroupIsFreeAgain() throws Exception {
        String url = fixture.createFifo("orders.fifo", Map.of());
        fixture.sendFifo(url, "one", "g", "1");
        fixture.sendFifo(url, "two", "g", "2");
        var message = fixture.receiveOne(url);
        Future<List<String>> poll = poll(url, 20);

        fixture.delete(url, message);

        assertThat(poll.get()).containsExactly("two");
    }

    @Test
    void servesManyPollsWithManyMessagesEachOnce() throws Exception {
        String url = fixture.create("orders");
        List<Future<List<String>>> polls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            polls.add(
                    threads.submit(() ->
                            QueueFixture.bodies(
                                    fixture.receive(
                                            QueueFixture.receiving(url)
                                                    .maxNumberOfMessages(1)
                                                    .waitTimeSeconds(20)))));
        }
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add("m" + i);
            fixture.send(url, "m" + i);
        }

        List<String> received = new ArrayList<>();
        for (Future<List<String>> poll : polls) {
            received.addAll(poll.get());
        }

        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void tellsAWaitingPollThatItsQueueIsDeleted() {
        String url = fixture.create("orders");
        Future<List<String>> poll = poll(url, 20);

        fixture.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(url).build());

        assertThatThrownBy(poll::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ServiceException.class)
                .hasMessage("The specified queue does not exist.");
    }

    /// Which would wait for it for ever.
    @Test
    void staysInLineWhenASenderFailsToClaimIt() {
        String url = fixture.create("orders");
        Queue queue =
                fixture.store.read(tx ->
                        Objects.requireNonNull(
                                Queues.byName(tx, "000000000000", "us-east-1", "orders")));
        Waiters waiters =
                new Waiters(
                        fixture.store,
                        fixture.clock,
                        QueueFixture.RENDERINGS,
                        new Backlogs(fixture.store));
        Waiters.Ticket ticket =
                waiters.join(
                        new Receiver.Call(
                                QueueFixture.CALLER, QueueFixture.receiving(url).build(), queue));
        Future<Boolean> woken = threads.submit(() -> ticket.await(Duration.ofSeconds(20)));
        Eventually.holds("a poll that waits", () -> waiters.count() == 1);
        Transaction failing =
                (Transaction)
                        Proxy.newProxyInstance(
                                Transaction.class.getClassLoader(),
                                new Class<?>[] {Transaction.class},
                                (_, method, _) -> {
                                    if (method.getName().equals("hashCode")) {
                                        return 1;
                                    }
                                    throw new InternalError(method.getName());
                                });

        assertThatThrownBy(() -> waiters.claim(failing, queue)).hasMessageContaining("claim");

        assertThat(ticket.isInLine()).isTrue();
        waiters.close();
        assertThat(woken).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(false);
    }

    @Test
    void keepsNothingInMemoryOfAQueueThatIsDeletedWhileAPollWaits() throws Exception {
        String url = fixture.create("orders");
        fixture.send(url, "m");
        fixture.delete(url, fixture.receiveOne(url));
        fixture.send(url, "m");
        fixture.sqs.cleanUp();
        fixture.delete(url, fixture.receiveOne(url));
        Future<List<String>> poll = poll(url, 20);
        awaitWaiter(fixture);

        fixture.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(url).build());
        assertThatThrownBy(poll::get).hasCauseInstanceOf(ServiceException.class);
        fixture.sqs.cleanUp();

        assertThat(fixture.sqs.keptCount()).isZero();
    }

    @Test
    void doesNotFeedAnOldPollFromAQueueMadeAgain() throws Exception {
        QueueFixture free = new QueueFixture(new MemoryStore(), false);
        String url = free.create("orders");
        Future<?> stale =
                threads.submit(() -> free.receive(QueueFixture.receiving(url).waitTimeSeconds(20)));
        awaitWaiter(free);

        free.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(url).build());
        free.create("orders");
        free.send(url, "new");

        assertThatThrownBy(stale::get).hasCauseInstanceOf(ServiceException.class);
        assertThat(free.bodies(url)).containsExactly("new");
    }

    @Test
    void wakesByTimeAloneWhenADelayEnds() throws Exception {
        var store = new MemoryStore();
        var ids = new Ids(new Random(1));
        var sqs =
                new Sqs(
                        store,
                        InstantSource.system(),
                        ids,
                        QueueFixture.RENDERINGS,
                        CustomerKeys.ANY,
                        true);
        String url = fixture.create("delayed");
        QueueFixture.call(
                sqs,
                SqsApi.CREATE_QUEUE,
                CreateQueueRequest.builder().queueName("delayed").build());
        QueueFixture.call(
                sqs,
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("late")
                        .delaySeconds(1)
                        .build());
        long start = System.nanoTime();

        var messages =
                QueueFixture.call(
                                sqs,
                                SqsApi.RECEIVE_MESSAGE,
                                QueueFixture.receiving(url).waitTimeSeconds(20).build())
                        .messages();

        assertThat(messages).hasSize(1);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void wakesWhenTheClockIsMovedPastAVisibilityTimeout() throws Exception {
        String url = fixture.create("orders");
        fixture.send(url, "one");
        fixture.receiveOne(url);
        Future<List<String>> poll = poll(url, 20);
        awaitWaiter(fixture);

        fixture.clock.passSeconds(30);
        fixture.sqs.clockMoved();

        // the poll's own patience is over by then, but it looks before it leaves
        assertThat(poll.get()).containsExactly("one");
    }

    @Test
    void endsWithTheServer() throws Exception {
        String url = fixture.create("orders");
        Future<List<String>> poll = poll(url, 20);

        fixture.sqs.close();

        assertThat(poll.get()).isEmpty();
        assertThat(poll(url, 20).get()).isEmpty();
    }

    private Future<List<String>> poll(String url, int seconds) {
        return threads.submit(() ->
                QueueFixture.bodies(
                        fixture.receive(QueueFixture.receiving(url).waitTimeSeconds(seconds))));
    }

    /// Of bodies `m` and the id.
    private void sendBatch(String url, @Nullable String group, String... ids) {
        fixture.call(
                SqsApi.SEND_MESSAGE_BATCH,
                SendMessageBatchRequest.builder()
                        .queueUrl(url)
                        .entries(
                                Stream.of(ids)
                                        .map(id ->
                                                SendMessageBatchRequestEntry.builder()
                                                        .id(id)
                                                        .messageBody("m" + id)
                                                        .messageGroupId(group)
                                                        .messageDeduplicationId(
                                                                group == null ? null : id)
                                                        .build())
                                        .toList())
                        .build());
    }

    private static void awaitWaiter(QueueFixture queues) {
        Eventually.holds("a poll that waits", queues.sqs::hasWaiters);
    }
}

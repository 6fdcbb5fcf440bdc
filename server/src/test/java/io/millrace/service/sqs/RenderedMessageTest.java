package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.Rendering;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Messages that another service left to be made when they are read.
final class RenderedMessageTest {
    private final QueueFixture fixture = new QueueFixture(new MemoryStore(), false);

    @Test
    void isMadeWhenItIsReceivedAndTheSameEachTime() {
        String url = fixture.create("orders", Map.of("VisibilityTimeout", "30"));

        deliver("orders", "own", "shared", 10);

        Message first = fixture.receiveOne(url);
        assertThat(first.body()).isEqualTo("own:shared");
        assertThat(first.md5OfBody())
                .isEqualTo(MessageMd5.ofBody("own:shared".getBytes(StandardCharsets.UTF_8)));
        fixture.clock.passSeconds(31);
        assertThat(fixture.afterRestart().receiveOne(url).md5OfBody()).isEqualTo(first.md5OfBody());
    }

    @Test
    void countsWithTheLengthThatItWillHave() {
        fixture.create("small", Map.of("MaximumMessageSize", "1024"));

        assertThat(deliver("small", "a", "b", 1024)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deliver("small", "a", "b", 1025)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void movesToTheDeadLetterQueueAsItIs() {
        String dead = fixture.create("dead", Map.of());
        String url =
                fixture.create(
                        "orders",
                        Map.of(
                                "VisibilityTimeout",
                                "30",
                                "RedrivePolicy",
                                """
                                {"deadLetterTargetArn":"%s","maxReceiveCount":1}\
                                """
                                        .formatted(QueueFixture.arn("dead"))));
        deliver("orders", "own", "shared", 10);
        fixture.receiveOne(url);
        fixture.clock.passSeconds(31);
        assertThat(fixture.receive(url)).isEmpty();

        assertThat(fixture.bodies(dead)).isEqualTo(List.of("own:shared"));
    }

    @Test
    void aFifoQueueTellsContentsApart() {
        String url =
                fixture.create(
                        "q.fifo", Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true"));

        deliver("q.fifo", "a", "shared", 8);
        deliver("q.fifo", "a", "shared", 8);
        deliver("q.fifo", "b", "shared", 8);

        assertThat(fixture.bodies(url)).isEqualTo(List.of("a:shared", "b:shared"));
    }

    @Test
    @Timeout(60)
    void isMadeForAPollThatWaitsBeforeItsSenderHasCommitted() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        Renderings telling =
                new Renderings(
                        Map.of(
                                "joined",
                                (own, _) -> {
                                    made.countDown();
                                    return new String(own, StandardCharsets.UTF_8);
                                }));
        Ids ids = new Ids(new Random(1));
        Sqs sqs = new Sqs(fixture.store, fixture.clock, ids, telling, CustomerKeys.ANY, false);
        String url = fixture.create("orders");
        FutureTask<List<Message>> poll =
                new FutureTask<>(() ->
                        QueueFixture.call(
                                        sqs,
                                        SqsApi.RECEIVE_MESSAGE,
                                        QueueFixture.receiving(url).waitTimeSeconds(20).build())
                                .messages());
        Thread.ofVirtual().start(poll);
        Eventually.holds("a poll that waits", sqs::hasWaiters);

        boolean beforeTheCommit =
                fixture.store.write(tx -> {
                    deliver(sqs, tx, "orders", message("orders", "own", "shared", 3));
                    return await(made);
                });

        assertThat(beforeTheCommit).isTrue();
        assertThat(QueueFixture.bodies(poll.get())).containsExactly("own");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome deliver(String queue, String own, String shared, int length) {
        io.millrace.delivery.Message message = message(queue, own, shared, length);
        return fixture.store.write(tx -> deliver(fixture.sqs, tx, queue, message));
    }

    private static Outcome deliver(
            Sqs sqs, Transaction tx, String queue, io.millrace.delivery.Message message) {
        return sqs.target().deliver(tx, Arn.parse(QueueFixture.arn(queue)).orElseThrow(), message);
    }

    private static io.millrace.delivery.Message message(
            String queue, String own, String shared, int length) {
        return new io.millrace.delivery.Message(
                "",
                Map.of(),
                null,
                queue.endsWith(".fifo") ? "group" : null,
                null,
                null,
                "sender",
                null,
                new Rendering(
                        "joined",
                        own.getBytes(StandardCharsets.UTF_8),
                        shared.getBytes(StandardCharsets.UTF_8),
                        length));
    }
}

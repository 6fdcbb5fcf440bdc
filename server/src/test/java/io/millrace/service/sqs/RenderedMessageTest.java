package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.Message;
import io.millrace.delivery.Rendering;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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

    private Outcome deliver(String queue, String own, String shared, int length) {
        io.millrace.delivery.Message message =
                new io.millrace.delivery.Message(
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
        return fixture.store.write(tx ->
                fixture.sqs
                        .target()
                        .deliver(tx, Arn.parse(QueueFixture.arn(queue)).orElseThrow(), message));
    }
}

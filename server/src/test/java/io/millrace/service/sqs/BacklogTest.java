package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ForwardingStore;
import io.millrace.api.sqs.Message;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What a receive knows without a look at the store, also beside another server.
final class BacklogTest {

    /// Counts the ranges that are read outside of transactions, and fails as often as it is told.
    private record Looks(Store store, AtomicInteger count, AtomicInteger failing)
            implements ForwardingStore {

        @Override
        public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
            return store.<T>read(snapshot -> body.apply(new Look(snapshot, count, failing)));
        }
    }

    private record Look(Snapshot snapshot, AtomicInteger count, AtomicInteger failing)
            implements Snapshot {

        @Override
        public byte @Nullable [] get(byte[] key) {
            return snapshot.get(key);
        }

        @Override
        public Cursor range(byte[] from, byte[] to, Direction direction) {
            count.incrementAndGet();
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) == 1) {
                throw new IllegalStateException("planted");
            }
            return snapshot.range(from, to, direction);
        }

        @Override
        public long version() {
            return snapshot.version();
        }
    }

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger failing = new AtomicInteger();
    private final QueueFixture fixture =
            new QueueFixture(new Looks(new MemoryStore(), looks, failing), true);
    private final QueueFixture other = fixture.afterRestart();

    @Test
    void isToldWhatIsSentAndReadsNoList() {
        String url = fixture.create("q");
        fixture.receive(url);
        looks.set(0);

        for (int i = 0; i < 20; i++) {
            (i % 2 == 0 ? fixture : other).send(url, "m" + i);
            Message message = fixture.receiveOne(url);
            assertThat(message.body()).isEqualTo("m" + i);
            fixture.delete(url, message);
            assertThat(fixture.receive(url)).isEmpty();
            fixture.clock.pass(Duration.ofMillis(10));
        }

        assertThat(looks).hasValue(0);
    }

    @Test
    void isToldGroupsOfAFifoQueue() {
        String url = fixture.createFifo("q.fifo", Map.of());
        fixture.receive(url);
        looks.set(0);

        for (int i = 0; i < 20; i++) {
            (i % 2 == 0 ? fixture : other).sendFifo(url, "m" + i, "g" + i % 3, "" + i);
            Message message = fixture.receiveOne(url);
            assertThat(message.body()).isEqualTo("m" + i);
            fixture.delete(url, message);
        }

        assertThat(looks).hasValue(0);
    }

    @Test
    void isToldLanesThatAreOpened() {
        String url = fixture.create("q");
        fixture.receive(url);

        other.sendInGroup(url, "one", "g", 0);
        other.sendInGroup(url, "two", "h", 0);

        assertThat(fixture.bodies(url)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void readsTheReadyListAgainWhenMoreCameThanItKeeps() {
        String url = fixture.create("q");
        fixture.receive(url);
        List<String> sent = IntStream.range(0, 1500).mapToObj(i -> "m" + i).toList();

        List<String> received = new ArrayList<>();
        for (String body : sent) {
            other.send(url, body);
            if (received.size() < 20) { // then nobody receives for a while
                received.addAll(fixture.bodies(url));
            }
        }
        for (List<String> some = fixture.bodies(url); !some.isEmpty(); some = fixture.bodies(url)) {
            received.addAll(some);
        }

        assertThat(received).containsExactlyElementsOf(sent);
        other.send(url, "last");
        assertThat(fixture.bodies(url)).containsExactly("last");
    }

    @Test
    void findsWhatAnotherServerReceivedOrDelayedWhenItsTimeHasCome() {
        String url = fixture.create("q");
        fixture.receive(url);

        other.send(url, "in flight");
        other.receive(QueueFixture.receiving(url).visibilityTimeout(5));
        other.sendDelayed(url, "delayed", 3);
        fixture.clock.pass(Duration.ofMillis(2_999));
        assertThat(fixture.bodies(url)).isEmpty();
        fixture.clock.pass(Duration.ofMillis(1));
        assertThat(fixture.bodies(url)).containsExactly("delayed");
        fixture.clock.pass(Duration.ofMillis(1_999));
        assertThat(fixture.bodies(url)).isEmpty();
        fixture.clock.pass(Duration.ofMillis(1));
        assertThat(fixture.bodies(url)).containsExactly("in flight");
    }

    @Test
    void findsWhatAnotherServerMadeVisible() {
        String url = fixture.create("q");
        fixture.send(url, "one");
        Message message = fixture.receiveOne(url);
        assertThat(fixture.bodies(url)).isEmpty();

        other.changeVisibility(url, message, 0);

        assertThat(fixture.bodies(url)).containsExactly("one");
    }

    @Test
    void findsAGroupThatAnotherServerMadeVisible() {
        String url = fixture.createFifo("q.fifo", Map.of());
        fixture.sendFifo(url, "one", "g", "1");
        Message message = fixture.receiveOne(url);
        assertThat(fixture.bodies(url)).isEmpty();

        other.changeVisibility(url, message, 2);
        fixture.clock.pass(Duration.ofSeconds(2));

        assertThat(fixture.bodies(url)).containsExactly("one");
    }

    @Test
    void looksAgainAfterALookThatFailed() {
        String url = fixture.create("q");
        other.send(url, "due");
        other.receive(QueueFixture.receiving(url).visibilityTimeout(0));
        other.send(url, "ready");
        for (int failure = 1; failure <= 2; failure++) { // that at the due, and the ready list
            failing.set(failure);
            assertThatThrownBy(() -> fixture.receive(url)).hasMessage("planted");
        }

        assertThat(fixture.bodies(url)).containsExactlyInAnyOrder("due", "ready");
    }

    /// The line of long polls looks without a receive that would notice.
    @Test
    void readsTheReadyListAgainAfterAFaultOverWhatItWasTold() {
        String url = fixture.create("q");
        Queue queue = queue("q");
        Backlog backlog =
                new Backlog(fixture.store, queue.number(), new Arrivals(new AtomicInteger()));
        assertThat(backlog.take(queue, 1, fixture.clock.millis())).isEmpty();
        backlog.arrivals().ready(new byte[0], new byte[] {'g'}); // no key of an opener
        fixture.send(url, "m"); // of which nobody tells it

        assertThatThrownBy(() -> backlog.take(queue, 1, fixture.clock.millis()))
                .isInstanceOf(RuntimeException.class);

        assertThat(backlog.take(queue, 1, fixture.clock.millis())).hasSize(1);
    }

    @Test
    void manyQueuesThatNobodyReceivesFromTakeNoMoreThanTheirBound() {
        try (Backlogs backlogs = new Backlogs(fixture.store, 10)) {
            for (int i = 0; i < 4; i++) {
                String url = fixture.create("q" + i);
                Queue queue = queue("q" + i);
                assertThat(backlogs.of(queue.number()).take(queue, 1, fixture.clock.millis()))
                        .isEmpty();
                for (int n = 0; n < 4; n++) {
                    fixture.send(url, "m");
                    assertThat(backlogs.arrivalsKept()).isLessThanOrEqualTo(10);
                }
            }
            assertThat(backlogs.arrivalsKept()).isPositive();

            for (int i = 0; i < 4; i++) {
                Queue queue = queue("q" + i);
                assertThat(backlogs.of(queue.number()).take(queue, 10, fixture.clock.millis()))
                        .hasSize(4);
                backlogs.forget(queue.number());
            }
            assertThat(backlogs.arrivalsKept()).isZero();
        }
    }

    private Queue queue(String name) {
        return fixture.store.read(
                tx -> Objects.requireNonNull(Queues.byName(tx, "000000000000", "us-east-1", name)));
    }
}

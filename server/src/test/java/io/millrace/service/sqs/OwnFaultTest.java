package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.FaultyStore;
import io.millrace.ForwardingStore;
import io.millrace.Unreadable;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Faults of ours in what works in the background.
@Timeout(60)
class OwnFaultTest {

    /// A store that fails as often as it is told to whoever watches for the polls of a line, at
    /// last for want of memory, and so in a read that it is told.
    private static final class Faulty implements ForwardingStore {
        private final Store store = new MemoryStore();
        private final AtomicInteger faults = new AtomicInteger();
        private final AtomicInteger readsToFault = new AtomicInteger();

        @Override
        public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
            if (readsToFault.getAndUpdate(count -> Math.max(0, count - 1)) == 1) {
                throw new InternalError("planted");
            }
            return store.<T>read(body);
        }

        @Override
        public <T extends @Nullable Object> T peek(Function<? super Snapshot, ? extends T> body) {
            boolean isWatcher = Thread.currentThread().getName().equals("sqs-waiters");
            int left = isWatcher ? faults.getAndUpdate(count -> Math.max(0, count - 1)) : 0;
            if (left > 1) {
                throw new IllegalStateException("planted");
            }
            if (left == 1) {
                throw new InternalError("planted");
            }
            return store.<T>peek(body);
        }

        @Override
        public Store store() {
            return store;
        }
    }

    @Test
    void keepsNoPollFromTheMessagesThatComeAfterwards() throws Exception {
        Faulty store = new Faulty();
        QueueFixture fixture = new QueueFixture(store, true);
        String url = fixture.create("orders");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> poll =
                    threads.submit(() ->
                            QueueFixture.bodies(
                                    fixture.receive(
                                            QueueFixture.receiving(url)
                                                    .visibilityTimeout(0) // handed nothing
                                                    .waitTimeSeconds(20))));
            Eventually.holds("a poll that waits", fixture.sqs::hasWaiters);
            store.faults.set(2);
            fixture.sqs.clockMoved();
            Eventually.holds("the fault", () -> store.faults.get() == 0);
            fixture.send(url, "one");

            assertThat(poll.get()).containsExactly("one");
        }
    }

    /// Whatever it was that the look could not read.
    @Test
    void whileALookForMessagesIsUnderWayKeepsNoneOfThemFromLaterLooks() {
        for (int good = 0; good < 10; good++) {
            FaultyStore store = new FaultyStore(new MemoryStore());
            QueueFixture fixture = new QueueFixture(store, true);
            String url = fixture.create("orders");
            fixture.sendInGroup(url, "of a group", "g", 0);
            fixture.send(url, "of none");
            store.failReadsAfter(good, 1);

            try {
                fixture.receive(url);
            } catch (InternalError e) {
                assertThat(e).hasMessage("planted");
            }
            store.failReads(0);
            fixture.clock.passSeconds(30);

            assertThat(fixture.bodies(url))
                    .as("after %d good reads", good)
                    .containsExactlyInAnyOrder("of a group", "of none");
        }
    }

    @Test
    void inOneQueueKeepsNoOtherFromItsCleanup() {
        QueueFixture fixture = new QueueFixture();
        String first = fixture.create("a");
        String second = fixture.create("b");
        fixture.send(first, "damaged");
        fixture.send(second, "old");
        fixture.store.write(tx -> {
            Queue queue = Queues.byName(tx, "000000000000", "us-east-1", "a");
            byte[] messages = SqsKeys.messages(Objects.requireNonNull(queue).number());
            try (Cursor cursor = tx.prefix(messages)) {
                assertThat(cursor.next()).isTrue();
                tx.put(cursor.key(), new byte[] {1});
            }
            return 0;
        });
        fixture.clock.pass(Duration.ofDays(4));

        fixture.sqs.cleanUp();

        assertThat(fixture.counts(first)).isEqualTo("1 0 0");
        assertThat(fixture.counts(second)).isEqualTo("0 0 0");
    }

    @Test
    void wantOfMemoryInOneQueueKeepsNoOtherFromItsCleanup() {
        Faulty store = new Faulty();
        QueueFixture fixture = new QueueFixture(store, true);
        fixture.create("a");
        String second = fixture.create("b");
        fixture.send(second, "old");
        fixture.clock.pass(Duration.ofDays(4));
        store.readsToFault.set(2); // the first of all finds the queues

        fixture.sqs.cleanUp();

        assertThat(fixture.counts(second)).isEqualTo("0 0 0");
    }

    @Test
    void inOneMoveTaskThatCannotBeReadKeepsNoOtherFromItsTurnNorFromBeingStarted() {
        QueueFixture fixture = new QueueFixture();
        DeadLetters queues = new DeadLetters(fixture);
        String destination = fixture.create("destination");
        for (String dead : List.of("dead-a", "dead-b")) {
            fixture.send(fixture.create(dead), dead);
            queues.source("source-of-" + dead, dead);
        }
        queues.start("dead-a", "destination", null);
        byte[] key = Unreadable.first(fixture.store, SqsKeys.activeMoves());
        queues.start("dead-b", "destination", null);

        fixture.sqs.moveMessages();

        assertThat(fixture.counts(destination)).isEqualTo("1 0 0");
        assertThat(Unreadable.setAside(fixture.store)).containsExactly(key);
    }

    @Test
    void wantOfMemoryForOneMoveTaskKeepsNoOtherFromItsTurn() {
        FaultyStore store = new FaultyStore(new MemoryStore());
        QueueFixture fixture = new QueueFixture(store, true);
        DeadLetters queues = new DeadLetters(fixture);
        String destination = fixture.create("destination");
        for (String dead : List.of("dead-a", "dead-b")) {
            fixture.send(fixture.create(dead), dead);
            queues.source("source-of-" + dead, dead);
            queues.start(dead, "destination", null);
        }
        store.failWrites(1);

        fixture.sqs.moveMessages();

        assertThat(fixture.counts(destination)).isEqualTo("1 0 0");
        fixture.sqs.moveMessages();
        assertThat(fixture.counts(destination)).isEqualTo("2 0 0");
    }
}

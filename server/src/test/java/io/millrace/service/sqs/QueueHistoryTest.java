package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.Message;
import io.millrace.engine.RocksStore;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many producers and consumers at once, on the real store, while time passes: some consumers
/// forget to delete. A checker reads the history: nothing lost, nothing redelivered before its
/// time, nothing back after its delete, and groups in order.
@Timeout(120)
class QueueHistoryTest {

    private static final int PRODUCERS = 3;
    private static final int CONSUMERS = 6;
    private static final int PER_PRODUCER = 60;
    private static final int VISIBILITY_SECONDS = 20;

    /// One receipt or delete of one message, with the numbers of events around it.
    private record Event(
            String body,
            int receiveCount,
            long begun,
            long ended,
            long clockBegun,
            long clockEnded) {}

    @TempDir private Path directory;
    private final AtomicLong events = new AtomicLong();
    private final AtomicInteger handling = new AtomicInteger();
    private final List<Event> receipts = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Event> deletes = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothingAndRedeliversNothingEarly(boolean fifo) throws Exception {
        try (RocksStore store = RocksStore.open(directory)) {
            QueueFixture fixture = new QueueFixture(store, true);
            Map<String, String> attributes =
                    Map.of("VisibilityTimeout", Integer.toString(VISIBILITY_SECONDS));
            String url =
                    fifo
                            ? fixture.createFifo("q.fifo", attributes)
                            : fixture.create("q", attributes);

            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < PRODUCERS; i++) {
                    int producer = i;
                    all.add(threads.submit(() -> produce(fixture, url, producer, fifo)));
                }
                for (int i = 0; i < CONSUMERS; i++) {
                    int consumer = i;
                    all.add(threads.submit(() -> consume(fixture, url, consumer)));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            }

            assertThat(deletes).hasSize(PRODUCERS * PER_PRODUCER);
            assertThat(fixture.counts(url)).isEqualTo("0 0 0");
            fixture.clock.passSeconds(VISIBILITY_SECONDS);
            assertThat(fixture.receive(url)).isEmpty();
        }
        checkReceipts();
        if (fifo) {
            checkGroups();
        }
    }

    private void produce(QueueFixture fixture, String url, int producer, boolean fifo) {
        for (int i = 0; i < PER_PRODUCER; i++) {
            String body = producer + "-" + i;
            if (fifo) {
                fixture.sendFifo(url, body, "g" + producer, body);
            } else {
                fixture.send(url, body);
            }
        }
    }

    private void consume(QueueFixture fixture, String url, int consumer) {
        Random random = new Random(consumer);
        while (deletes.size() < PRODUCERS * PER_PRODUCER) { // most tries delete
            long begun = events.incrementAndGet();
            long clockBegun = fixture.clock.millis();
            List<Message> messages =
                    fixture.receive(
                            QueueFixture.receiving(url).maxNumberOfMessages(1 + random.nextInt(4)));
            long clockEnded = fixture.clock.millis();
            long ended = events.incrementAndGet();
            // on a slow disk, time must not pass faster than consumers delete
            if (messages.isEmpty() && (handling.get() == 0 || random.nextInt(100) == 0)) {
                fixture.clock.pass(Duration.ofSeconds(2));
            }
            handling.incrementAndGet();
            for (Message message : messages) {
                String body = String.valueOf(message.body());
                int count =
                        Integer.parseInt(
                                QueueFixture.attribute(message, "ApproximateReceiveCount"));
                receipts.add(new Event(body, count, begun, ended, clockBegun, clockEnded));
                if (random.nextInt(10) > 0) {
                    delete(fixture, url, message, body);
                }
            }
            handling.decrementAndGet();
        }
    }

    private void delete(QueueFixture fixture, String url, Message message, String body) {
        long begun = events.incrementAndGet();
        long clockBegun = fixture.clock.millis();
        try {
            fixture.delete(url, message);
        } catch (ServiceException _) {
            return; // a FIFO queue refuses a receipt whose time is over
        }
        Event event = new Event(body, 0, begun, events.incrementAndGet(), clockBegun, 0);
        // the delete of a message that is gone succeeds too: what counts is the earliest of all
        deletes.merge(body, event, QueueHistoryTest::earliest);
    }

    private static Event earliest(Event one, Event other) {
        return new Event(
                one.body(),
                0,
                Math.min(one.begun(), other.begun()),
                Math.min(one.ended(), other.ended()),
                Math.min(one.clockBegun(), other.clockBegun()),
                0);
    }

    private void checkReceipts() {
        Map<String, Event> last = new ConcurrentHashMap<>();
        receipts.stream()
                .sorted((a, b) -> Integer.compare(a.receiveCount(), b.receiveCount()))
                .forEach(receipt -> {
                    Event before = last.put(receipt.body(), receipt);
                    if (before != null) {
                        assertThat(receipt.receiveCount()).isGreaterThan(before.receiveCount());
                        assertThat(receipt.clockEnded())
                                .as("redelivery of " + receipt.body())
                                .isGreaterThanOrEqualTo(
                                        before.clockBegun() + VISIBILITY_SECONDS * 1000L);
                    }
                    Event delete = deletes.get(receipt.body());
                    if (delete != null) {
                        assertThat(receipt.begun())
                                .as("receipt of deleted " + receipt.body())
                                .isLessThan(delete.ended());
                    }
                });
    }

    /// A message is only handed out when all before it in its group are being deleted at least, or
    /// come with it.
    private void checkGroups() {
        for (Event receipt : receipts) {
            int dash = receipt.body().indexOf('-');
            int number = Integer.parseInt(receipt.body().substring(dash + 1));
            for (int i = 0; i < number; i++) {
                String earlier = receipt.body().substring(0, dash + 1) + i;
                Event delete = deletes.get(earlier);
                boolean deleted = delete != null && delete.begun() < receipt.ended();
                boolean together =
                        receipts.stream()
                                .anyMatch(other ->
                                        other.body().equals(earlier)
                                                && other.begun() == receipt.begun());
                assertThat(deleted || together).as(receipt + " before " + earlier).isTrue();
            }
        }
    }
}

package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.engine.MemoryStore;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Jobs of one target and one key are delivered one after the other, over retries.
final class OrderedLanesTest {

    /// Refuses each job once, if it is told to, and then takes it.
    private static final class FakeHandler implements JobHandler {
        private final BlockingQueue<String> attempted = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
        private final Map<String, Integer> refusals = Collections.synchronizedMap(new HashMap<>());
        private volatile boolean refusesForGood;

        @Override
        public Attempt attempt(Job job) {
            String text = new String(job.payload(), StandardCharsets.UTF_8);
            attempted.add(text);
            Integer left = refusals.get(text);
            if (left != null && left > 0) {
                refusals.put(text, left - 1);
                return new Attempt.Failed("503", "busy", !refusesForGood);
            }
            delivered.add(text);
            return new Attempt.Delivered();
        }

        @Override
        public Message deadLetter(Job job, Attempt.Failed failure) {
            return Message.of("", "outbox");
        }
    }

    private static final RetryPolicy POLICY =
            RetryPolicy.of(RetryPolicy.Phase.steady(2, Duration.ofHours(1)));

    private final MemoryStore store = new MemoryStore();
    private final FakeHandler handler = new FakeHandler();
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final Outbox outbox =
            new Outbox(
                    store,
                    () -> now,
                    new Ids(new Random(7)),
                    new Random(8),
                    new Targets(Map.of()),
                    Map.of("test", handler));

    @Test
    @Timeout(60)
    void deliversTheJobsOfAKeyInTheOrderInWhichTheyWereOwed() throws InterruptedException {
        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            for (int i = 0; i < 300; i += 3) {
                int first = i;
                store.write(tx -> { // three in one transaction keep their order, too
                    for (int sequence = 0; sequence < 3; sequence++) {
                        int number = first + sequence;
                        outbox.add(tx, job("k" + number % 2, text(number), sequence));
                    }
                    return first;
                });
            }

            Map<Integer, List<String>> byKey = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                String text = handler.delivered.poll(20, TimeUnit.SECONDS);
                assertThat(text).isNotNull();
                byKey.computeIfAbsent(Integer.parseInt(text) % 2, _ -> new ArrayList<>()).add(text);
            }
            assertThat(byKey.get(0)).hasSize(150).isSorted();
            assertThat(byKey.get(1)).hasSize(150).isSorted();
        }
    }

    @Test
    @Timeout(60)
    void aRetryHoldsUpItsKeyAndNoOther() throws InterruptedException {
        handler.refusals.put("0001", 1);
        add("a", 1);
        add("a", 2);
        add("a", 3);
        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            assertThat(handler.attempted.poll(20, TimeUnit.SECONDS)).isEqualTo("0001");

            add("b", 4);
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0004");
            assertThat(handler.delivered).isEmpty();
            pass(workers, Duration.ofHours(2), "0001");

            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0002");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0003");
        }
    }

    @Test
    @Timeout(60)
    void theOrderSurvivesARestartInTheMiddleOfARetry() throws InterruptedException {
        handler.refusals.put("0001", 1);
        add("a", 1);
        add("a", 2);
        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            assertThat(handler.attempted.poll(20, TimeUnit.SECONDS)).isEqualTo("0001");
        }
        assertThat(handler.delivered).isEmpty();

        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            pass(workers, Duration.ofHours(2), "0001");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0002");
        }
    }

    @Test
    @Timeout(60)
    void whatFailsForGoodLetsTheNextOneGo() throws InterruptedException {
        handler.refusals.put("0001", 1);
        handler.refusesForGood = true;
        add("a", 1);
        add("a", 2);
        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0002");
            assertThat(outbox.failed(10)).hasSize(1);

            outbox.redrive(outbox.failed(10).getFirst().id());
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("0001");
        }
    }

    /// Moves the clock until a job is delivered: its attempt before may not be settled yet.
    private void pass(OutboxWorkers workers, Duration duration, String expected)
            throws InterruptedException {
        String delivered = null;
        while (delivered == null) {
            now = now.plus(duration);
            workers.clockMoved();
            delivered = handler.delivered.poll(100, TimeUnit.MILLISECONDS);
        }
        assertThat(delivered).isEqualTo(expected);
    }

    private void add(String key, int number) {
        store.write(tx -> {
            outbox.add(tx, job(key, text(number), 0));
            return number;
        });
    }

    private static String text(int number) {
        return "%04d".formatted(number);
    }

    private static Job job(String key, String text, int sequence) {
        return new Job(
                        "test",
                        "target",
                        Map.of(),
                        text.getBytes(StandardCharsets.UTF_8),
                        POLICY,
                        null)
                .ordered(new Job.Order(key, sequence));
    }
}

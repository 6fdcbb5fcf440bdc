package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.RetryPolicy.Phase;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class OutboxTest {
    private static final String DEAD_LETTERS = "arn:aws:sqs:us-east-1:000000000000:dead";
    private static final Attempt DELIVERED = new Attempt.Delivered();
    private static final Attempt BUSY = new Attempt.Failed("503", "busy", true);
    private static final Attempt GONE = new Attempt.Failed("410", "gone", false);

    /// A clock that is moved by hand.
    private static final class ManualClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }
    }

    /// Answers as told, and remembers what it was given.
    private static final class FakeHandler implements JobHandler {
        private final List<String> attempted = new ArrayList<>();
        private final List<Attempt> answers = new ArrayList<>();

        @Override
        public Attempt attempt(Job job) {
            attempted.add(text(job));
            return answers.isEmpty() ? DELIVERED : answers.removeFirst();
        }

        @Override
        public Message deadLetter(Job job, Attempt.Failed failure) {
            return Message.of(text(job) + " " + failure.errorCode(), "outbox");
        }
    }

    /// One queue, in the store.
    private static final class FakeQueue implements StoreTarget {
        private boolean missing;

        @Override
        public Outcome deliver(Transaction tx, Arn target, Message message) {
            if (missing) {
                return new Outcome.Refused("NonExistentQueue", "gone");
            }
            tx.put(
                    ("?" + message.body()).getBytes(StandardCharsets.UTF_8),
                    message.body().getBytes(StandardCharsets.UTF_8));
            return new Outcome.Delivered("id");
        }
    }

    private final MemoryStore store = new MemoryStore();
    private final ManualClock clock = new ManualClock();
    private final FakeHandler handler = new FakeHandler();
    private final FakeQueue queue = new FakeQueue();
    private final Outbox outbox = outbox(handler);

    @Test
    void deliversOnceAndForgets() {
        add(job("a", "one", RetryPolicy.of(), null));

        assertThat(OutboxSteps.attemptDue(outbox)).isEqualTo(1);
        assertThat(OutboxSteps.attemptDue(outbox)).isZero();

        assertThat(handler.attempted).containsExactly("one");
        assertThat(keyCount(0x08)).isZero();
        assertThat(keyCount(0x09)).isZero();
    }

    @Test
    void aTransactionThatFailsOwesNothing() {
        assertThatThrownBy(() ->
                        store.write(tx -> {
                            outbox.add(tx, job("a", "one", RetryPolicy.of(), null));
                            throw new IllegalStateException("no");
                        }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(OutboxSteps.attemptDue(outbox)).isZero();
    }

    @Test
    void keepsTheOrderOfCommitsWithinATarget() {
        for (int i = 0; i < 20; i++) {
            add(job("a", "message-%02d".formatted(i), RetryPolicy.of(), null));
        }

        OutboxSteps.attemptDue(outbox);

        assertThat(handler.attempted).hasSize(20).isSorted();
    }

    @Test
    void triesAgainWhenThePolicySaysSo() {
        add(job("a", "one", seconds(10, 2), null));
        handler.answers.addAll(List.of(BUSY, BUSY, DELIVERED));

        OutboxSteps.attemptDue(outbox);
        clock.advance(Duration.ofSeconds(8));
        assertThat(OutboxSteps.attemptDue(outbox)).isZero();
        clock.advance(Duration.ofSeconds(4));
        assertThat(OutboxSteps.attemptDue(outbox)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(12));
        assertThat(OutboxSteps.attemptDue(outbox)).isEqualTo(1);

        assertThat(handler.attempted).hasSize(3);
        assertThat(outbox.failed(10)).isEmpty();
        assertThat(keyCount(0x08)).isZero();
    }

    @Test
    void whatFailsForGoodBecomesADeadLetterInTheSameTransaction() {
        add(job("a", "one", seconds(10, 1), DEAD_LETTERS));
        handler.answers.addAll(List.of(BUSY, BUSY));

        OutboxSteps.attemptDue(outbox);
        clock.advance(Duration.ofSeconds(12));
        OutboxSteps.attemptDue(outbox);

        assertThat(deadLetters()).containsExactly("one 503");
        assertThat(keyCount(0x08)).isZero();
        assertThat(keyCount(0x09)).isZero();
        assertThat(outbox.failed(10)).isEmpty();
    }

    @Test
    void aRefusalForGoodIsNotTriedAgain() {
        add(job("a", "one", seconds(10, 5), DEAD_LETTERS));
        handler.answers.add(GONE);

        OutboxSteps.attemptDue(outbox);

        assertThat(deadLetters()).containsExactly("one 410");
    }

    @Test
    void withoutDeadLetterQueueItStaysVisibleAndCanBeRedriven() {
        add(job("a", "one", RetryPolicy.of(), null));
        handler.answers.add(GONE);
        OutboxSteps.attemptDue(outbox);

        FailedJob failed = outbox.failed(10).getFirst();
        assertThat(text(failed.job())).isEqualTo("one");
        assertThat(failed.failed()).isEqualTo(clock.instant());
        assertThat(failed.failure().errorMessage()).isEqualTo("gone");

        assertThat(outbox.redrive(failed.id())).isTrue();
        assertThat(outbox.redrive(failed.id())).isFalse();
        OutboxSteps.attemptDue(outbox);
        assertThat(handler.attempted).containsExactly("one", "one");
        assertThat(outbox.failed(10)).isEmpty();
    }

    @Test
    void aMissingDeadLetterQueueLosesNothing() {
        queue.missing = true;
        add(job("a", "one", RetryPolicy.of(), DEAD_LETTERS));
        handler.answers.add(GONE);

        OutboxSteps.attemptDue(outbox);

        assertThat(outbox.failed(10)).hasSize(1);
    }

    @Test
    void failedJobsAgeOut() {
        for (int i = 0; i < 3; i++) {
            add(job("a", "old-" + i, RetryPolicy.of(), null));
            handler.answers.add(GONE);
        }
        OutboxSteps.attemptDue(outbox);
        clock.advance(Duration.ofDays(14).plusMillis(1));
        add(job("a", "new", RetryPolicy.of(), null));
        handler.answers.add(GONE);

        OutboxSteps.attemptDue(outbox);

        assertThat(outbox.failed(10))
                .singleElement()
                .satisfies(failed -> assertThat(text(failed.job())).isEqualTo("new"));
        assertThat(keyCount(0x08)).isEqualTo(1);
    }

    @Test
    void anExceptionCountsAsAFailureThatMayBeRetried() {
        JobHandler broken =
                new JobHandler() {
                    @Override
                    public Attempt attempt(Job job) {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public Message deadLetter(Job job, Attempt.Failed failure) {
                        return Message.of("", "outbox");
                    }
                };
        Outbox owing = outbox(broken);
        store.<@Nullable Void>write(tx -> {
            owing.add(tx, job("a", "one", seconds(10, 1), null));
            return null;
        });

        OutboxSteps.attemptDue(owing);

        assertThat(keyCount(0x09)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(12));
        OutboxSteps.attemptDue(owing);
        assertThat(owing.failed(1).getFirst().failure().errorMessage()).contains("broken");
    }

    @Test
    void aCrashBetweenDeliveryAndRemovalDeliversOnceMore() throws InterruptedException {
        add(job("a", "one", RetryPolicy.of(), null));
        DeliveryKeys.Due due = outbox.next(Outbox.lane("a"), 0, 1).getFirst();
        outbox.attempt(outbox.load(due).orElseThrow());

        FakeHandler after = new FakeHandler();
        Outbox restarted = outbox(after);
        OutboxSteps.attemptDue(restarted);

        assertThat(handler.attempted).containsExactly("one");
        assertThat(after.attempted).containsExactly("one");
        assertThat(OutboxSteps.attemptDue(restarted)).isZero();
    }

    @Test
    void aLaneIsForgottenOnlyWhenItIsEmpty() {
        add(job("a", "one", RetryPolicy.of(), null));
        DeliveryKeys.Lane lane = Outbox.lane("a");

        assertThat(outbox.close(lane)).isFalse();
        OutboxSteps.attemptDue(outbox);
        assertThat(outbox.close(lane)).isTrue();
        assertThat(outbox.lanes(lane.shard())).isEmpty();
    }

    @Test
    @Timeout(30)
    void workersDeliverWhatIsAddedBeforeAndAfterTheirStart() throws InterruptedException {
        BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
        Outbox owing = outbox(collecting(delivered));
        add(job("a", "before", RetryPolicy.of(), null));
        try (OutboxWorkers workers = new OutboxWorkers(owing)) {
            workers.start();
            assertThat(delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("before");

            Set<String> expected = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 500; i++) {
                add(job("target-" + i % 7, "message-" + i, RetryPolicy.of(), null));
                expected.add("message-" + i);
            }
            for (int i = 0; i < 500; i++) {
                String next = delivered.poll(20, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                assertThat(expected.remove(next)).as(next).isTrue();
            }
        }
    }

    @Test
    @Timeout(30)
    void aMovedClockWakesALaneThatWaits() throws InterruptedException {
        BlockingQueue<String> attempted = new LinkedBlockingQueue<>();
        AtomicInteger attempts = new AtomicInteger();
        JobHandler failingOnce =
                new JobHandler() {
                    @Override
                    public Attempt attempt(Job job) {
                        attempted.add(text(job));
                        return attempts.incrementAndGet() == 1 ? BUSY : DELIVERED;
                    }

                    @Override
                    public Message deadLetter(Job job, Attempt.Failed failure) {
                        return Message.of(text(job), "outbox");
                    }
                };
        add(job("a", "one", seconds(3600, 2), null));
        try (OutboxWorkers workers = new OutboxWorkers(outbox(failingOnce))) {
            workers.start();
            assertThat(attempted.poll(20, TimeUnit.SECONDS)).isEqualTo("one");

            String again = null;
            while (again == null) { // the first attempt may not be settled yet
                clock.advance(Duration.ofHours(2));
                workers.clockMoved();
                again = attempted.poll(100, TimeUnit.MILLISECONDS);
            }
            assertThat(again).isEqualTo("one");
        }
    }

    @Test
    @Timeout(30)
    void aSlowTargetHasBoundedAttemptsAndDelaysNobodyElse() throws InterruptedException {
        AtomicInteger slowNow = new AtomicInteger();
        AtomicInteger slowMost = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(DeliveryLimits.ATTEMPTS_PER_TARGET);
        Semaphore release = new Semaphore(0);
        BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
        JobHandler slow =
                new JobHandler() {
                    @Override
                    public Attempt attempt(Job job) throws InterruptedException {
                        if (job.target().equals("slow")) {
                            slowMost.accumulateAndGet(slowNow.incrementAndGet(), Math::max);
                            started.countDown();
                            release.acquire();
                            slowNow.decrementAndGet();
                        }
                        delivered.add(text(job));
                        return DELIVERED;
                    }

                    @Override
                    public Message deadLetter(Job job, Attempt.Failed failure) {
                        return Message.of("", "outbox");
                    }
                };
        Outbox owing = outbox(slow);
        try (OutboxWorkers workers = new OutboxWorkers(owing)) {
            workers.start();
            for (int i = 0; i < 50; i++) {
                add(job("slow", "slow-" + i, RetryPolicy.of(), null));
            }
            started.await();
            add(job("quick", "quick", RetryPolicy.of(), null));

            assertThat(delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");
            release.release(50);
            for (int i = 0; i < 50; i++) {
                assertThat(delivered.poll(20, TimeUnit.SECONDS)).startsWith("slow-");
            }
            assertThat(slowMost).hasValue(DeliveryLimits.ATTEMPTS_PER_TARGET);
        }
    }

    private static JobHandler collecting(BlockingQueue<String> delivered) {
        return new JobHandler() {
            @Override
            public Attempt attempt(Job job) {
                delivered.add(text(job));
                return DELIVERED;
            }

            @Override
            public Message deadLetter(Job job, Attempt.Failed failure) {
                return Message.of("", "outbox");
            }
        };
    }

    private Outbox outbox(JobHandler jobs) {
        return new Outbox(
                store,
                clock,
                new Ids(new SplittableRandom(1)),
                new SplittableRandom(2),
                new Targets(Map.of("sqs", queue)),
                Map.of("test", jobs));
    }

    private void add(Job job) {
        store.<@Nullable Void>write(tx -> {
            outbox.add(tx, job);
            return null;
        });
    }

    private static RetryPolicy seconds(int delaySeconds, int retryCount) {
        return RetryPolicy.of(Phase.steady(retryCount, Duration.ofSeconds(delaySeconds)));
    }

    private static Job job(
            String target, String text, RetryPolicy policy, @Nullable String deadLetterArn) {
        return new Job(
                "test",
                target,
                Map.of("key", "value"),
                text.getBytes(StandardCharsets.UTF_8),
                policy,
                deadLetterArn);
    }

    private static String text(Job job) {
        return new String(job.payload(), StandardCharsets.UTF_8);
    }

    private List<String> deadLetters() {
        return store.read(snapshot -> {
            List<String> bodies = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(new byte[] {'?'})) {
                while (cursor.next()) {
                    bodies.add(new String(cursor.value(), StandardCharsets.UTF_8));
                }
            }
            return bodies;
        });
    }

    private int keyCount(int prefix) {
        return store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor = snapshot.prefix(new byte[] {(byte) prefix})) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }
}

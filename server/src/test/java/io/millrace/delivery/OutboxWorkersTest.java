package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.FaultyStore;
import io.millrace.delivery.DeliveryKeys.Due;
import io.millrace.delivery.DeliveryKeys.Lane;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

final class OutboxWorkersTest {
    private static final int HANGING = 400;
    private static final int JOBS_EACH = 10;

    /// Hangs at every target but `quick`.
    private static final class Hanging implements JobHandler {
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final CountDownLatch release = new CountDownLatch(1);
        private final BlockingQueue<String> hung = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();

        @Override
        public Attempt attempt(Job job) throws InterruptedException {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            try {
                if (!job.target().equals("quick")) {
                    hung.add(job.target());
                    release.await();
                }
            } finally {
                underWay.decrementAndGet();
            }
            delivered.add(job.target());
            return new Attempt.Delivered();
        }

        @Override
        public Message deadLetter(Job job, Attempt.Failed failure) {
            return Message.of("", "outbox");
        }
    }

    private final MemoryStore store = new MemoryStore();
    private final Hanging handler = new Hanging();
    private final Outbox outbox =
            new Outbox(
                    store,
                    () -> Instant.parse("2026-01-02T03:04:05Z"),
                    new Ids(new SplittableRandom(1)),
                    new SplittableRandom(2),
                    new Targets(Map.of()),
                    Map.of("test", handler));

    /// Fails when each target that hangs takes ten attempts, and where what hangs keeps its place.
    @Test
    @Timeout(60)
    void manyTargetsThatHangDelayNobodyElse() throws InterruptedException {
        for (int i = 0; i < HANGING; i++) {
            for (int j = 0; j < JOBS_EACH; j++) {
                add("hanging-" + i);
            }
        }
        try (OutboxWorkers workers = new OutboxWorkers(outbox)) {
            workers.start();
            int hung = 0;
            Set<String> targets = new HashSet<>();
            while (targets.size() < HANGING) {
                String target = handler.hung.poll(20, TimeUnit.SECONDS);
                assertThat(target).as("after %d attempts at %d", hung, targets.size()).isNotNull();
                targets.add(String.valueOf(target));
                hung++;
            }

            add("quick");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");

            handler.release.countDown();
            for (int i = 0; i < HANGING * JOBS_EACH; i++) { // and nothing is forgotten
                assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).startsWith("hanging-");
            }
        }
        assertThat(handler.most)
                .hasValueLessThanOrEqualTo(
                        (DeliveryLimits.QUICK_ATTEMPTS
                                                + DeliveryLimits.SLOW_ATTEMPTS
                                                + DeliveryLimits.HANGING_ATTEMPTS)
                                        / 2
                                + HANGING * 3);
    }

    /// Fails when an attempt that hangs keeps its place: there are fewer places than targets.
    @Test
    @Timeout(120)
    void moreTargetsThatHangThanThereArePlacesDelayNobodyElse() throws InterruptedException {
        int count = 3 * DeliveryLimits.QUICK_ATTEMPTS;
        for (int i = 0; i < count; i++) {
            add("hanging-" + i);
        }
        try (OutboxWorkers workers =
                new OutboxWorkers(outbox, Duration.ofMillis(10), Duration.ofMillis(1))) {
            workers.start();
            awaitHung(count);

            for (int i = 0; i < count; i++) { // now they are known to be slow
                add("hanging-" + i);
            }
            awaitHung(DeliveryLimits.SLOW_ATTEMPTS / DeliveryLimits.PARTS_FOR_FURTHER);
            add("quick");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");

            handler.release.countDown();
            for (int i = 0; i < 2 * count; i++) { // and nothing is forgotten
                assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).startsWith("hanging-");
            }
        }
    }

    /// Fails when no attempt is called off: they are more than may be under way.
    @Test
    @Timeout(120)
    void moreTargetsThatHangThanMayBeUnderWayDelayNobodyElse() throws InterruptedException {
        int count = DeliveryLimits.ATTEMPTS + 2 * DeliveryLimits.QUICK_ATTEMPTS;
        for (int i = 0; i < count; i++) {
            add("hanging-" + i);
        }
        try (OutboxWorkers workers =
                new OutboxWorkers(outbox, Duration.ofMillis(10), Duration.ofMillis(1))) {
            workers.start();
            Set<String> targets = new HashSet<>();
            while (targets.size() < count) {
                String target = handler.hung.poll(20, TimeUnit.SECONDS);
                assertThat(target).as("after %d targets", targets.size()).isNotNull();
                targets.add(String.valueOf(target));
            }
            add("quick");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");

            handler.release.countDown();
            Set<String> delivered = new HashSet<>(); // what was called off is not forgotten
            while (delivered.size() < count) {
                String target = handler.delivered.poll(20, TimeUnit.SECONDS);
                assertThat(target).as("after %d targets", delivered.size()).isNotNull();
                assertThat(delivered.add(String.valueOf(target))).isTrue();
            }
        }
        assertThat(handler.most)
                .hasValueLessThanOrEqualTo(
                        DeliveryLimits.ATTEMPTS
                                + DeliveryLimits.SLOW_ATTEMPTS
                                + DeliveryLimits.HANGING_ATTEMPTS);
    }

    /// Fails when a target that was slow once waits for those that hang.
    @Test
    @Timeout(60)
    void whoWasLateOnceDoesNotWaitForWhatHangs() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        AttemptPlaces places = new AttemptPlaces(Duration.ofSeconds(1), nanos::get);
        AttemptPlaces.Tempo late = new AttemptPlaces.Tempo();
        AttemptPlaces.Tempo hanging = new AttemptPlaces.Tempo();
        AttemptPlaces.Place first = places.take(late);
        AttemptPlaces.Place second = places.take(hanging);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        first.leave();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        second.leave();

        for (int i = 0; i < DeliveryLimits.HANGING_ATTEMPTS; i++) {
            places.take(hanging);
        }

        assertThat(places.tryTake(hanging)).isNull();
        places.take(late).leave();
    }

    /// Fails when further attempts at some take what is for the first ones at others.
    @Test
    @Timeout(60)
    void furtherAttemptsLeaveHalfOfThePlaces() throws InterruptedException {
        AttemptPlaces places = new AttemptPlaces(Duration.ofHours(1), System::nanoTime);
        AttemptPlaces.Tempo busy = new AttemptPlaces.Tempo();
        places.take(busy).leave();
        places.take(busy);
        List<AttemptPlaces.Place> further = new ArrayList<>();
        for (AttemptPlaces.Place place = places.tryTake(busy);
                place != null;
                place = places.tryTake(busy)) {
            further.add(place);
        }

        assertThat(further)
                .hasSize(DeliveryLimits.QUICK_ATTEMPTS / DeliveryLimits.PARTS_FOR_FURTHER);
        places.take(new AttemptPlaces.Tempo()).leave();
        further.getFirst().leave();
        assertThat(places.tryTake(busy)).isNotNull();
    }

    private void awaitHung(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(handler.hung.poll(20, TimeUnit.SECONDS)).as("after %d", i).isNotNull();
        }
    }

    /// Fails when a target that was quick waits for those of which nothing is known.
    @Test
    @Timeout(60)
    void whoWasQuickDoesNotWaitForTheUnknown() throws InterruptedException {
        AttemptPlaces places = new AttemptPlaces(Duration.ofHours(1), System::nanoTime);
        AttemptPlaces.Tempo quick = new AttemptPlaces.Tempo();
        places.take(quick).leave();

        for (int i = 0; i < DeliveryLimits.UNKNOWN_ATTEMPTS; i++) {
            places.take(new AttemptPlaces.Tempo());
        }

        assertThat(places.tryTake(new AttemptPlaces.Tempo())).isNull();
        places.take(quick).leave();
    }

    @Test
    void aTargetsPaceIsKnownWhileItIsOwedNothing() throws InterruptedException {
        AttemptPlaces places = new AttemptPlaces(Duration.ofSeconds(1), System::nanoTime);
        Lane lane = new Lane(0, 1);
        AttemptPlaces.Tempo tempo = places.recall(lane);
        places.remember(lane, tempo);
        assertThat(places.recall(lane)).isNotSameAs(tempo);

        places.take(tempo).leave();
        places.remember(lane, tempo);
        assertThat(places.recall(lane)).isSameAs(tempo);

        for (int i = 0; i <= DeliveryLimits.KNOWN_TARGETS; i++) {
            places.remember(new Lane(1, i), tempo);
        }
        assertThat(places.recall(new Lane(1, 0))).isNotSameAs(tempo);
        assertThat(places.recall(new Lane(1, 1))).isSameAs(tempo);
    }

    /// Fails when payloads that hang take all the memory: a third one does not fit.
    @Test
    @Timeout(60)
    void payloadsThatHangAreBoundedTogether() throws InterruptedException {
        AttemptPlaces places = new AttemptPlaces(Duration.ofHours(1), System::nanoTime);
        AttemptPlaces.Place first = places.take(new AttemptPlaces.Tempo());
        AttemptPlaces.Place second = places.take(new AttemptPlaces.Tempo());
        AttemptPlaces.Place third = places.take(new AttemptPlaces.Tempo());
        int half = DeliveryLimits.PAYLOAD_BYTES / 2;

        assertThat(first.tryHold(half)).isTrue();
        assertThat(second.tryHold(half)).isTrue();
        assertThat(third.tryHold(half)).isFalse();
        assertThat(third.tryHold(DeliveryLimits.PAYLOAD_BYTES_FREE)).isTrue();

        first.leave();
        assertThat(places.take(new AttemptPlaces.Tempo()).tryHold(half)).isTrue();
    }

    /// It is not its target that is slow.
    @Test
    @Timeout(60)
    void whoWaitsForRoomIsNotCalledOff() throws InterruptedException {
        AttemptPlaces places =
                new AttemptPlaces(Duration.ofNanos(1), new AtomicLong()::incrementAndGet);
        AttemptPlaces.Place waiting = places.take(new AttemptPlaces.Tempo());
        AttemptPlaces.Place holding = places.take(new AttemptPlaces.Tempo());
        assertThat(holding.tryHold(DeliveryLimits.PAYLOAD_BYTES)).isTrue();
        Thread waiter = Thread.ofVirtual().start(() -> hold(waiting));
        Eventually.holds("it waits", () -> waiter.getState() == Thread.State.WAITING);
        places.giveUpOldest();
        places.giveUpOldest();
        for (int i = 2; i < DeliveryLimits.ATTEMPTS; i++) {
            places.take(new AttemptPlaces.Tempo());
            places.giveUpOldest();
        }

        Thread more = Thread.ofVirtual().start(() -> take(places));
        Eventually.holds("one is called off", holding::isCalledOff);
        assertThat(waiting.isCalledOff()).isFalse();

        holding.leave();
        waiter.join();
        more.join();
    }

    private static void hold(AttemptPlaces.Place place) {
        try {
            place.hold(DeliveryLimits.PAYLOAD_BYTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void take(AttemptPlaces places) {
        try {
            places.take(new AttemptPlaces.Tempo());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Each of them would keep a slot of its target, which has fewer.
    @Test
    @Timeout(60)
    void jobsThatCannotBeReadDelayNobodyElseAndAreDeliveredOnceTheyCan()
            throws InterruptedException {
        Outbox owing = outbox(store, handler);
        List<byte[]> whole = new ArrayList<>();
        for (int i = 0; i <= DeliveryLimits.ATTEMPTS_PER_TARGET; i++) {
            add("quick");
        }
        List<Due> unreadable = owing.next(Outbox.lane("quick"), 0, 100);
        for (Due due : unreadable) {
            byte[] key = DeliveryKeys.job(due.job());
            whole.add(store.read(snapshot -> Objects.requireNonNull(snapshot.get(key))));
            put(key, new byte[] {'?'});
        }
        add("quick");

        try (OutboxWorkers workers = workers(owing)) {
            workers.start();
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");
            assertThat(handler.delivered).isEmpty();

            for (int i = 0; i < whole.size(); i++) {
                put(DeliveryKeys.job(unreadable.get(i).job()), whole.get(i));
            }
            for (int i = 0; i < whole.size(); i++) {
                assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");
            }
        }
    }

    @Test
    @Timeout(60)
    void aJobWhoseEndCannotBeWrittenIsTriedAgainAsItsPolicySays() throws InterruptedException {
        BlockingQueue<Integer> attempted = new LinkedBlockingQueue<>();
        JobHandler broken =
                new JobHandler() {
                    @Override
                    public Attempt attempt(Job job) {
                        attempted.add(attempted.size());
                        return new Attempt.Failed("ERROR", "no", false);
                    }

                    @Override
                    public Message deadLetter(Job job, Attempt.Failed failure) {
                        throw new IllegalStateException("planted");
                    }
                };
        Outbox owing = outbox(store, broken);
        RetryPolicy once = RetryPolicy.of(RetryPolicy.Phase.steady(1, Duration.ofMillis(1)));
        add(owing, "a", once, "arn:aws:sqs:us-east-1:000000000000:dead");

        try (OutboxWorkers workers = workers(owing)) {
            workers.start();

            Eventually.holds("it is given up", () -> owing.failed(10).size() == 1);
            assertThat(attempted).hasSize(2);
            assertThat(owing.failed(10).getFirst().failure().errorMessage()).contains("planted");
        }
    }

    /// As where memory is short for a while: neither how the attempt ended can be written, nor that
    /// this could not.
    @Test
    @Timeout(60)
    void aJobIsTriedAgainWhoseEndCouldNotBeWrittenForAWhile() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(store);
        AtomicInteger count = new AtomicInteger();
        BlockingQueue<Integer> attempted = new LinkedBlockingQueue<>();
        JobHandler writesFail =
                new JobHandler() {
                    @Override
                    public Attempt attempt(Job job) {
                        int earlier = count.getAndIncrement();
                        faulty.failWrites(earlier == 0 ? 3 : 0);
                        attempted.add(earlier);
                        return new Attempt.Delivered();
                    }

                    @Override
                    public Message deadLetter(Job job, Attempt.Failed failure) {
                        throw new IllegalStateException("nothing fails");
                    }
                };
        Outbox owing = outbox(faulty, writesFail);
        add(owing, "a", RetryPolicy.of(RetryPolicy.Phase.steady(1, Duration.ofMillis(1))), null);

        try (OutboxWorkers workers = workers(owing)) {
            workers.start();

            assertThat(attempted.poll(20, TimeUnit.SECONDS)).isZero();
            assertThat(attempted.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void aFaultEndsNeitherTheDispatchersNorALane() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(store);
        faulty.failReads(2 * DeliveryKeys.SHARD_COUNT); // each dispatcher's first
        try (OutboxWorkers workers = workers(outbox(faulty, handler))) {
            workers.start();
            add("quick");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");

            faulty.failReads(1); // the lane's, which waits for more
            add("quick");
            assertThat(handler.delivered.poll(20, TimeUnit.SECONDS)).isEqualTo("quick");
        }
    }

    private static OutboxWorkers workers(Outbox outbox) {
        return new OutboxWorkers(outbox, DeliveryLimits.SLOW_AFTER, Duration.ofMillis(1));
    }

    private static Outbox outbox(Store store, JobHandler handler) {
        return new Outbox(
                store,
                InstantSource.system(),
                new Ids(new SplittableRandom(1)),
                new SplittableRandom(2),
                new Targets(Map.of()),
                Map.of("test", handler));
    }

    private void put(byte[] key, byte[] value) {
        store.write(tx -> {
            tx.put(key, value);
            return key;
        });
    }

    private void add(String target) {
        add(outbox, target, RetryPolicy.of(), null);
    }

    private void add(
            Outbox owing, String target, RetryPolicy policy, @Nullable String deadLetterArn) {
        Job job =
                new Job(
                        "test",
                        target,
                        Map.of(),
                        target.getBytes(StandardCharsets.UTF_8),
                        policy,
                        deadLetterArn);
        store.write(tx -> {
            owing.add(tx, job);
            return job;
        });
    }
}

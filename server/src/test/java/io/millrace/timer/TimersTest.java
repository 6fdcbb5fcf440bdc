package io.millrace.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.FaultyStore;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

final class TimersTest {
    private static final byte[] FIRED = {0x7f};
    private static final byte[] NONE = {};

    private final Store store = new MemoryStore();
    private final AtomicLong nowMillis =
            new AtomicLong(Instant.parse("2026-03-04T05:06:07Z").toEpochMilli());

    @Test
    void firesOnceWhenItIsDueAndNotBefore() {
        Timers timers = timers(this::record);
        set(timers, "one", 1_000);

        assertThat(timers.fireDue()).isZero();
        nowMillis.addAndGet(1_000);
        assertThat(timers.fireDue()).isEqualTo(1);
        assertThat(timers.fireDue()).isZero();

        assertThat(fired()).containsExactly("one");
    }

    @Test
    void anOwnerHasOneTimer() {
        Timers timers = timers(this::record);
        set(timers, "one", 1_000);
        set(timers, "one", 5_000);
        set(timers, "two", 1_000);
        store.write(tx -> {
            timers.cancel(tx, "two");
            return tx;
        });

        nowMillis.addAndGet(1_000);
        assertThat(timers.fireDue()).isZero();
        nowMillis.addAndGet(4_000);
        assertThat(timers.fireDue()).isEqualTo(1);

        assertThat(fired()).containsExactly("one");
    }

    @Test
    void aFaultOfAShardDoesNotEndIt() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(store);
        CountDownLatch fired = new CountDownLatch(1);
        try (Timers timers =
                new Timers(
                        faulty,
                        clock(),
                        Timers.Kind.RULE,
                        (_, _) -> fired.countDown(),
                        Duration.ofMillis(1))) {
            set(timers, "one", 0);
            faulty.failReads(TimerKeys.SHARD_COUNT); // each shard's first
            timers.start();

            assertThat(fired.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void twoServersOnOneStoreFireOnce() throws InterruptedException {
        Timers first = timers(this::record);
        Timers second = timers(this::record);
        for (int i = 0; i < 500; i++) {
            set(first, "owner-" + i, 1_000);
        }
        nowMillis.addAndGet(1_000);

        Thread other = Thread.ofVirtual().start(second::fireDue);
        first.fireDue();
        other.join();

        assertThat(fired()).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void whatARestartFindsDueIsFiredAndLongAgoIsMissed() {
        List<Boolean> missed = new ArrayList<>();
        set(timers(this::record), "one", 1_000);
        nowMillis.addAndGet(30_000);
        timers((_, firing) -> missed.add(firing.missed())).fireDue();
        set(timers(this::record), "two", 1_000);
        nowMillis.addAndGet(300_000);
        timers((_, firing) -> missed.add(firing.missed())).fireDue();

        assertThat(missed).containsExactly(false, true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterAFailureOfOneTheOthersFireAndItIsTriedAgain(boolean wantsMemory) {
        AtomicBoolean broken = new AtomicBoolean(true);
        Timers timers =
                timers((tx, firing) -> {
                    if (firing.owner().equals("bad") && broken.get()) {
                        if (wantsMemory) {
                            throw new InternalError("planted");
                        }
                        throw new IllegalStateException("ours");
                    }
                    record(tx, firing);
                });
        for (String owner : List.of("a", "bad", "b", "c")) {
            set(timers, owner, 1_000);
        }

        nowMillis.addAndGet(1_000);
        timers.fireDue();
        assertThat(fired()).containsExactlyInAnyOrder("a", "b", "c");
        broken.set(false);
        nowMillis.addAndGet(TimerLimits.RETRY_PAUSE.toMillis());
        timers.fireDue();

        assertThat(fired()).containsExactlyInAnyOrder("a", "b", "c", "bad");
    }

    @Test
    void threadsFireWhatIsDueAndWakeWhenTheClockIsMoved() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(2);
        Timers timers =
                timers((tx, firing) -> {
                    record(tx, firing);
                    done.countDown();
                });
        timers.start();
        try {
            set(timers, "now", 0);
            set(timers, "later", Duration.ofDays(400).toMillis());
            nowMillis.addAndGet(Duration.ofDays(400).toMillis());
            timers.clockMoved();

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            timers.close();
        }
        assertThat(fired()).containsExactlyInAnyOrder("now", "later");
    }

    @Test
    void whatIsOnItsWayWhenTheClockIsMovedFires(@TempDir Path folder) throws InterruptedException {
        CountDownLatch set = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        try (RocksStore real = RocksStore.open(folder)) {
            Timers timers = new Timers(real, clock(), Timers.Kind.RULE, (_, _) -> {});
            Thread setter =
                    Thread.ofVirtual()
                            .start(() ->
                                    real.write(tx -> {
                                        timers.set(tx, "one", nowMillis.get(), NONE);
                                        set.countDown();
                                        passes(looked);
                                        return tx;
                                    }));
            try {
                assertThat(set.await(30, TimeUnit.SECONDS)).isTrue();
                nowMillis.addAndGet(Duration.ofDays(1).toMillis());

                assertThat(timers.fireDue()).isZero(); // it is not visible yet
            } finally {
                looked.countDown();
                setter.join();
            }

            assertThat(timers.fireDue()).isEqualTo(1);
        }
    }

    @Test
    void whatWaitsIsNotRead() {
        CountingStore counting = new CountingStore(store);
        Timers timers = new Timers(counting, clock(), Timers.Kind.RULE, this::record);
        for (int i = 0; i < 20_000; i++) {
            set(timers, "waiting-" + i, Duration.ofDays(1).toMillis() + i);
        }
        set(timers, "due", 1_000);
        nowMillis.addAndGet(1_000);
        counting.entries().set(0);

        assertThat(timers.fireDue()).isEqualTo(1);
        assertThat(counting.entries()).hasValue(1);
        assertThat(fired()).containsExactly("due");
    }

    private static void passes(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Timers timers(Timers.Handler handler) {
        return new Timers(store, clock(), Timers.Kind.RULE, handler);
    }

    private InstantSource clock() {
        return () -> Instant.ofEpochMilli(nowMillis.get());
    }

    private void set(Timers timers, String owner, long inMillis) {
        store.write(tx -> {
            timers.set(tx, owner, nowMillis.get() + inMillis, NONE);
            return tx;
        });
    }

    /// One entry for each firing that was committed.
    private void record(Transaction tx, Firing firing) {
        byte[] owner = firing.owner().getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[9 + owner.length];
        key[0] = FIRED[0];
        System.arraycopy(owner, 0, key, 9, owner.length);
        tx.putStamped(key, 1, owner, Transaction.NO_STAMP);
    }

    private List<String> fired() {
        return store.read(snapshot -> {
            List<String> fired = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(FIRED)) {
                while (cursor.next()) {
                    fired.add(new String(cursor.value(), StandardCharsets.UTF_8));
                }
            }
            return fired;
        });
    }
}

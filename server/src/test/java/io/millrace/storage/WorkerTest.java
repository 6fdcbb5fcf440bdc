package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

final class WorkerTest {
    private static final byte[] WATCHED = {0x7f};
    private static final Duration LONG = Duration.ofDays(1);

    private final Store store = new MemoryStore();

    static Stream<Throwable> faults() {
        return Stream.of(new IllegalStateException("ours"), new OutOfMemoryError("planted"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aStepThatFailsIsTakenAgainAndHearsOfChanges(Throwable fault) throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        Worker.Step step =
                changes -> {
                    if (steps.incrementAndGet() == 1) {
                        switch (fault) {
                            case Error error -> throw error;
                            case RuntimeException exception -> throw exception;
                            default -> throw new IllegalArgumentException(fault);
                        }
                    }
                    again.countDown();
                    if (changes.await(LONG)) {
                        woken.countDown();
                    }
                };

        try (Worker worker = new Worker(store, "worker", WATCHED, step, Duration.ofMillis(1))) {
            worker.start();
            assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
            store.write(tx -> {
                tx.put(WATCHED, WATCHED);
                return tx;
            });

            assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWorkerThatPausesAfterAFailureIsClosed() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        CountDownLatch failing = new CountDownLatch(1);
        Worker.Step step =
                _ -> {
                    steps.incrementAndGet();
                    failing.countDown();
                    throw new IllegalStateException("ours");
                };
        Worker worker = new Worker(store, "worker", WATCHED, step, LONG);
        worker.start();
        assertThat(failing.await(30, TimeUnit.SECONDS)).isTrue();

        worker.close();

        assertThat(steps).hasValue(1);
    }
}

package io.millrace.wire;

import io.millrace.http.Client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds the requests that are in work at a time, and so what they hold in memory and what waits
/// to be committed; a few more wait for a place, for a moment. Whoever finds the line full, or
/// waits for too long, is refused: an answer that comes too late is work for nobody.
///
/// A long poll that has nothing to do gives its place back, and needs none when it wakes up: as
/// many wake up as there is something for. Thread-safe. Measured in decision 12.
public final class Admission {

    /// How much is admitted.
    ///
    /// @param inWorkMax requests in work
    /// @param waitingMax requests in line
    /// @param patience how long one stays in line
    /// @param slow when who got a place last had waited for longer, and others wait still, nobody
    ///   more may wait: a burst passes, a line that stays is kept short
    public record Limits(int inWorkMax, int waitingMax, Duration patience, Duration slow) {

        public static final Limits DEFAULT =
                new Limits(256, 1024, Duration.ofMillis(500), Duration.ofMillis(100));
    }

    private final Limits limits;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long waitedNanos;

    Admission(Limits limits) {
        this.limits = limits;
        this.places = new Semaphore(limits.inWorkMax(), true);
    }

    /// Whether whoever comes is refused, so that nobody need read it: the line is full, or who got
    /// a place last had waited for long.
    boolean isFull() {
        int line = waiting.get();
        return (line >= limits.waitingMax() || (line > 0 && waitedNanos > limits.slow().toNanos()))
                && places.availablePermits() == 0;
    }

    /// A place, perhaps after waiting; null for who is refused.
    @Nullable Place enter(Client client) {
        if (places.tryAcquire() || (!isFull() && acquire())) {
            return new Place(client);
        }
        return null;
    }

    private boolean acquire() {
        if (waiting.getAndIncrement() == 0) {
            waitedNanos = 0; // a new line
        }
        long since = System.nanoTime();
        try {
            boolean entered = places.tryAcquire(limits.patience().toNanos(), TimeUnit.NANOSECONDS);
            waitedNanos = System.nanoTime() - since;
            return entered;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the server stops
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    int waiting() {
        return waiting.get();
    }

    int inWork() {
        return limits.inWorkMax() - places.availablePermits();
    }

    /// A request's place among those in work, until it is closed or its client is waited for.
    final class Place implements Client, AutoCloseable {
        private final Client client;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(Client client) {
            this.client = client;
        }

        @Override
        public void watch(Runnable hangUp) {
            close();
            client.watch(hangUp);
        }

        @Override
        public boolean hasHungUp() {
            return client.hasHungUp();
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        }
    }
}

package io.millrace.http;

import io.helidon.webserver.CloseConnectionException;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Lets connections rest whose request was refused for want of capacity, until what refusing took
/// is paid for with a tenth of the processors' time: however many connections there are and however
/// soon they ask again, the rest is left for those that are served. Clients that wait before they
/// try again, as SDKs do, do not notice.
///
/// One gets up at a time, by a platform thread, and the next when that one runs. Thousands that get
/// up by timers of their own fill a queue of the scheduler of virtual threads, and a carrier leaves
/// such a queue only when it is empty: those whose commit became durable, woken through another
/// queue, would not run. Thread-safe.
final class Rests implements AutoCloseable {
    private static final int SHARE = 10;

    /// What a refusal takes beside what is measured: to be scheduled, read and put to rest.
    private static final long NANOS_BESIDE = 50_000;

    /// What a refusal takes at most; more is time in which the processor was another's.
    private static final long NANOS_EACH_MAX = 1_000_000;

    private static final long REST_NANOS_MAX = Duration.ofSeconds(10).toNanos();

    private final int processors;
    private final AtomicLong paidNanos;
    private final Queue<Rest> resting = new ConcurrentLinkedQueue<>();
    final Thread waker = // seen by the test
            Thread.ofPlatform().name("http-waker").daemon().unstarted(this::wake);
    private volatile boolean closed;

    /// One connection's; by the system's timer.
    static final class Rest {
        private final Thread thread = Thread.currentThread();
        private final long untilNanos;
        private volatile boolean over;
        private volatile boolean up;

        private Rest(long untilNanos) {
            this.untilNanos = untilNanos;
        }

        boolean isOver() {
            return over;
        }
    }

    Rests() {
        this(Runtime.getRuntime().availableProcessors(), System.nanoTime());
    }

    /// @param nowNanos of the system's timer
    Rests(int processors, long nowNanos) {
        this.processors = processors;
        this.paidNanos = new AtomicLong(nowNanos);
    }

    void start() {
        waker.start();
    }

    /// Lets everyone get up.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(waker);
    }

    /// Rests.
    ///
    /// @param nanos what the refusal took
    /// @throws CloseConnectionException when the server stops
    void rest(long nanos) {
        Rest rest = lieDown(nanos);
        try {
            while (!rest.over && !closed) { // ends: the waker wakes all, one after the other
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw new CloseConnectionException("the server stops");
                }
            }
        } finally {
            getUp(rest);
        }
    }

    /// Begins to rest; to be followed by [#getUp].
    Rest lieDown(long nanos) {
        long now = System.nanoTime();
        Rest rest = new Rest(now + Math.min(spend(now, nanos), REST_NANOS_MAX));
        resting.add(rest);
        LockSupport.unpark(waker);
        return rest;
    }

    void getUp(Rest rest) {
        rest.up = true;
        LockSupport.unpark(waker);
    }

    private void wake() {
        while (!closed || !resting.isEmpty()) { // ends with the server
            Rest next = resting.poll();
            if (next == null) {
                LockSupport.park(this);
                continue;
            }
            long left = next.untilNanos - System.nanoTime();
            while (left > 0 && !next.up && !closed) {
                LockSupport.parkNanos(this, left);
                left = next.untilNanos - System.nanoTime();
            }
            next.over = true;
            LockSupport.unpark(next.thread);
            while (!next.up && !closed) { // ends: who is woken runs
                LockSupport.park(this);
            }
        }
    }

    /// Counts what a refusal took, and tells when it is paid for, from now: one after the other.
    long spend(long nowNanos, long nanos) {
        long price = (Math.min(nanos, NANOS_EACH_MAX) + NANOS_BESIDE) * SHARE / processors;
        long paid =
                paidNanos.updateAndGet(until -> Math.max(until - nowNanos, 0) + nowNanos + price);
        return paid - nowNanos;
    }
}

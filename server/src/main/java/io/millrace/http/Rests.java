package io.millrace.http;

import io.helidon.webserver.CloseConnectionException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Lets connections rest whose request was refused for want of capacity, until what refusing took
/// is paid for with a tenth of the processors' time: however many connections there are and however
/// soon they ask again, the rest is left for those that are served. Clients that wait before they
/// try again, as SDKs do, do not notice. Thread-safe.
final class Rests {
    private static final int SHARE = 10;

    /// What a refusal takes at most; more is time in which the processor was another's.
    private static final long NANOS_EACH_MAX = 1_000_000;

    private static final long REST_NANOS_MAX = Duration.ofSeconds(2).toNanos();

    private final int processors;
    private final AtomicLong paidNanos;

    Rests() {
        this(Runtime.getRuntime().availableProcessors(), System.nanoTime());
    }

    /// @param nowNanos of the system's timer
    Rests(int processors, long nowNanos) {
        this.processors = processors;
        this.paidNanos = new AtomicLong(nowNanos);
    }

    /// Rests.
    ///
    /// @param nanos what the refusal took
    /// @throws CloseConnectionException when the server stops
    void rest(long nanos) {
        long rest = spend(System.nanoTime(), nanos);
        try {
            Thread.sleep(Duration.ofNanos(Math.min(rest, REST_NANOS_MAX)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the server stops");
        }
    }

    /// Counts what a refusal took, and tells when it is paid for, from now: one after the other.
    long spend(long nowNanos, long nanos) {
        long price = Math.min(nanos, NANOS_EACH_MAX) * SHARE / processors;
        long paid =
                paidNanos.updateAndGet(until -> Math.max(until - nowNanos, 0) + nowNanos + price);
        return paid - nowNanos;
    }
}

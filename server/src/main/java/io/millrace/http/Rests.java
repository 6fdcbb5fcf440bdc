package io.millrace.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets connections rest whose request was refused for want of capacity, the longer the more of
/// them there are: however many there are and however soon they ask again, a bounded number of
/// requests is read and refused in a second. Clients that wait before they try again, as SDKs do,
/// do not notice. Thread-safe.
final class Rests {
    private static final long NANOS_EACH = 250_000; // so, 4,000 refusals a second
    private static final long NANOS_MAX = Duration.ofSeconds(2).toNanos();

    private final AtomicInteger resting = new AtomicInteger();

    /// @throws InterruptedException when the connection is to end
    void rest() throws InterruptedException {
        int others = resting.getAndIncrement();
        try {
            Thread.sleep(duration(others));
        } finally {
            resting.decrementAndGet();
        }
    }

    static Duration duration(int others) {
        return Duration.ofNanos(Math.min(NANOS_MAX, others * NANOS_EACH));
    }
}

package io.millrace.http;

import java.time.Duration;

/// When a connection must have done what it is at. Set by the connection's thread, read by the
/// timer's.
final class Deadline {

    private static final long NEVER = Long.MAX_VALUE;

    private final long epochNanos = System.nanoTime();
    private volatile long nanos = NEVER; // since the epoch

    void after(Duration duration) {
        nanos = System.nanoTime() - epochNanos + duration.toNanos();
    }

    void never() {
        nanos = NEVER;
    }

    boolean hasPassed() {
        return System.nanoTime() - epochNanos > nanos;
    }
}

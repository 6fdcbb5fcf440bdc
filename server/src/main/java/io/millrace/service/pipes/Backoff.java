package io.millrace.service.pipes;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after failures in a row: twice as long each time, up to a fifth more or less.
final class Backoff {
    private static final double JITTER = 0.2;
    private static final int DOUBLINGS_MAX = 20;

    private Backoff() {}

    /// @param failureCount at least 1
    static Duration after(int failureCount, Duration max, RandomGenerator random) {
        long millis = PipesLimits.RETRY_MIN.toMillis() << Math.min(failureCount - 1, DOUBLINGS_MAX);
        double jitter = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.round(Math.min(millis, max.toMillis()) * jitter));
    }
}

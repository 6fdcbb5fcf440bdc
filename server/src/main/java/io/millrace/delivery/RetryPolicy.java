package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When a failed delivery is tried again: phases of retries, one after the other, and an age at
/// which it ends in any case.
///
/// @param maxAgeMillis counted from the job's first due time; null for no limit
/// @param attemptsPerSecond how fast one target is called at most; null for no limit
public record RetryPolicy(
        List<Phase> phases, @Nullable Long maxAgeMillis, @Nullable Double attemptsPerSecond) {

    /// How delays grow within a phase, from its first to its last retry.
    public enum Backoff {
        LINEAR,
        ARITHMETIC,
        GEOMETRIC,
        EXPONENTIAL
    }

    /// Some retries in a row.
    ///
    /// @param retryCount how many retries the phase has
    public record Phase(int retryCount, long minDelayMillis, long maxDelayMillis, Backoff backoff) {

        /// Retries that are equally far apart.
        public static Phase steady(int retryCount, Duration delay) {
            return new Phase(retryCount, delay.toMillis(), delay.toMillis(), Backoff.LINEAR);
        }

        /// The sum of the delays, each in whole seconds.
        public long totalSeconds() {
            long seconds = 0;
            for (int index = 0; index < retryCount; index++) {
                seconds += delayMillis(index) / 1000;
            }
            return seconds;
        }

        /// @param index which retry of this phase, from 0
        long delayMillis(int index) {
            if (retryCount <= 1 || minDelayMillis >= maxDelayMillis) {
                return minDelayMillis;
            }
            double way = (double) index / (retryCount - 1);
            double range = maxDelayMillis - minDelayMillis;
            double delay =
                    switch (backoff) {
                        case LINEAR -> minDelayMillis + range * way;
                        case ARITHMETIC -> minDelayMillis + range * way * (1 + way) / 2;
                        case GEOMETRIC -> minDelayMillis + range * way * way;
                        case EXPONENTIAL ->
                                Math.max(1, minDelayMillis)
                                        * Math.pow(
                                                maxDelayMillis
                                                        / (double) Math.max(1, minDelayMillis),
                                                way);
                    };
            return Math.round(delay);
        }
    }

    private static final double JITTER = 0.1;
    private static final int DOUBLINGS = 10;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LAST_DELAY = Duration.ofMinutes(8);

    public RetryPolicy {
        phases = List.copyOf(phases);
    }

    public static RetryPolicy of(Phase... phases) {
        return new RetryPolicy(List.of(phases), null, null);
    }

    /// As EventBridge retries: after a second, two, four, and so on up to eight minutes, and then
    /// every eight minutes, which makes 185 retries in a day.
    public static RetryPolicy backingOff(int retryCount, Duration maxAge) {
        int doublings = Math.min(retryCount, DOUBLINGS);
        List<Phase> phases = new ArrayList<>();
        if (doublings > 0) {
            long last = FIRST_DELAY.toMillis() << (doublings - 1);
            phases.add(new Phase(doublings, FIRST_DELAY.toMillis(), last, Backoff.EXPONENTIAL));
        }
        if (retryCount > doublings) {
            phases.add(Phase.steady(retryCount - doublings, LAST_DELAY));
        }
        return new RetryPolicy(phases, maxAge.toMillis(), null);
    }

    /// Whether there is another retry, if it is not too late for it.
    boolean hasRetry(int attemptCount) {
        return attemptCount <= phases.stream().mapToInt(Phase::retryCount).sum();
    }

    /// The delay before the next attempt, up to a tenth longer or shorter than the phase says;
    /// empty when there is none.
    ///
    /// @param attemptCount the attempts so far, at least 1
    /// @param ageMillis since the job's first due time
    /// @param atLeast how long the target wants to be left alone; null when it does not say
    Optional<Duration> delay(
            int attemptCount, long ageMillis, @Nullable Duration atLeast, RandomGenerator random) {
        int index = attemptCount - 1;
        for (Phase phase : phases) {
            if (index < phase.retryCount) {
                double jitter = 1 + JITTER * (2 * random.nextDouble() - 1);
                long delayMillis =
                        Math.max(
                                Math.round(phase.delayMillis(index) * jitter),
                                atLeast == null ? 0 : atLeast.toMillis());
                return maxAgeMillis != null && ageMillis + delayMillis > maxAgeMillis
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(delayMillis));
            }
            index -= phase.retryCount;
        }
        return Optional.empty();
    }
}

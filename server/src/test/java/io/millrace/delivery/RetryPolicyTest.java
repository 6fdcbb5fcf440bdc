package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

final class RetryPolicyTest {

    /// A tenth up or down is half of `nextDouble`.
    private static final RandomGenerator NO_JITTER =
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public double nextDouble() {
                    return 0.5;
                }
            };

    @Test
    void goesThroughAwsPhasesForItsOwnEndpoints() {
        RetryPolicy policy =
                RetryPolicy.of(
                        Phase.steady(3, Duration.ZERO),
                        Phase.steady(2, Duration.ofSeconds(1)),
                        new Phase(10, 1_000, 20_000, Backoff.EXPONENTIAL),
                        Phase.steady(100_000, Duration.ofSeconds(20)));

        List<Long> delays = delays(policy, 16);

        assertThat(delays.subList(0, 5)).containsExactly(0L, 0L, 0L, 1_000L, 1_000L);
        assertThat(delays.get(5)).isEqualTo(1_000);
        assertThat(delays.get(14)).isEqualTo(20_000);
        assertThat(delays.subList(5, 15)).isSorted();
        assertThat(delays.get(15)).isEqualTo(20_000);
        assertThat(policy.delay(100_015, 0, null, NO_JITTER)).isPresent();
        assertThat(policy.delay(100_016, 0, null, NO_JITTER)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backoff.class)
    void everyFunctionGrowsFromTheLeastDelayToTheGreatest(Backoff backoff) {
        List<Long> delays = delays(RetryPolicy.of(new Phase(10, 1_000, 60_000, backoff)), 10);

        assertThat(delays).isSorted();
        assertThat(delays.getFirst()).isEqualTo(1_000);
        assertThat(delays.getLast()).isEqualTo(60_000);
    }

    @Test
    void aPolicyWithoutPhasesNeverTriesAgain() {
        assertThat(RetryPolicy.of().delay(1, 0, null, NO_JITTER)).isEmpty();
    }

    @Test
    void theGreatestAgeEndsIt() {
        RetryPolicy policy =
                new RetryPolicy(List.of(Phase.steady(100, Duration.ofSeconds(20))), 60_000L, null);

        assertThat(policy.delay(1, 40_000, null, NO_JITTER)).contains(Duration.ofSeconds(20));
        assertThat(policy.delay(2, 40_001, null, NO_JITTER)).isEmpty();
    }

    @Test
    void jitterIsATenthAtMost() {
        RetryPolicy policy = RetryPolicy.of(Phase.steady(1, Duration.ofSeconds(10)));
        RandomGenerator random = new SplittableRandom(7);

        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            delays.add(policy.delay(1, 0, null, random).orElseThrow().toMillis());
        }

        assertThat(delays).allMatch(delay -> delay >= 9_000 && delay <= 11_000);
        assertThat(delays.stream().distinct().count()).isGreaterThan(500);
    }

    private static List<Long> delays(RetryPolicy policy, int count) {
        List<Long> delays = new ArrayList<>();
        for (int attempt = 1; attempt <= count; attempt++) {
            Optional<Duration> delay = policy.delay(attempt, 0, null, NO_JITTER);
            delays.add(delay.orElseThrow().toMillis());
        }
        return delays;
    }
}

package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class ReplayClockTest {
    private static final long START = 1_000_000_000;

    @Test
    void withoutAPaceEverythingIsDueAtOnce() {
        ReplayClock clock = new ReplayClock(null, ReplayClock.Place.START, START);

        clock.went(5);

        assertThat(clock.dueMillis(1_000_000)).isEqualTo(START);
    }

    @Test
    void keepsARate() {
        List<Long> went = run(new ReplayPacing(false, 4.0, null), List.of(0L, 0L, 0L, 0L, 0L));

        assertThat(went).containsExactly(0L, 250L, 500L, 750L, 1000L);
    }

    @Test
    void keepsTheEventsPaceTimesTheSpeed() {
        List<Long> times = List.of(100L, 100L, 1100L, 5100L);

        assertThat(run(new ReplayPacing(true, null, 1.0), times))
                .containsExactly(0L, 0L, 1000L, 5000L);
        assertThat(run(new ReplayPacing(true, null, 10.0), times))
                .containsExactly(0L, 0L, 100L, 500L);
    }

    @Test
    void theSlowerOfRateAndSpeedCountsFromWhereTheLastEventWent() {
        assertThat(run(new ReplayPacing(true, 2.0, 1.0), List.of(0L, 100L, 5000L)))
                .containsExactly(0L, 500L, 5400L);
    }

    @Test
    void afterAPauseItCatchesUpWithOneSecondAtMost() {
        ReplayPacing pacing = new ReplayPacing(false, 10.0, null);
        ReplayClock before = new ReplayClock(pacing, ReplayClock.Place.START, START);
        before.went(0);

        long later = START + 3_600_000;
        ReplayClock after = new ReplayClock(pacing, before.place(), later);
        int burst = 0;
        while (after.dueMillis(0) <= later) { // ends: each event is due later
            after.went(0);
            burst++;
        }

        assertThat(burst).isBetween(10, 11);
    }

    /// When each event goes, from the start on, when the clock is looked at each time one is due.
    private static List<Long> run(@Nullable ReplayPacing pacing, List<Long> eventMillis) {
        List<Long> went = new ArrayList<>();
        ReplayClock.Place place = ReplayClock.Place.START;
        long now = START;
        for (long event : eventMillis) {
            now = Math.max(now, new ReplayClock(pacing, place, now).dueMillis(event));
            ReplayClock clock = new ReplayClock(pacing, place, now);
            assertThat(clock.dueMillis(event)).isLessThanOrEqualTo(now);
            clock.went(event);
            went.add(now - START);
            place = clock.place();
        }
        return went;
    }
}

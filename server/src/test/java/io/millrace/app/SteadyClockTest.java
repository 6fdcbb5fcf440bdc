package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class SteadyClockTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir private Path data;
    private Instant system = NOON;
    private long nanos;

    private void pass(Duration time) {
        system = system.plus(time);
        nanos += time.toNanos();
    }

    private SteadyClock start() {
        return new SteadyClock(() -> system, () -> nanos, data);
    }

    @Test
    void goesOnAtHalfItsSpeedWhenTheSystemsClockIsPutBackUntilTheTwoMeet() {
        SteadyClock clock = start();

        system = system.minus(HOUR);

        assertThat(clock.instant()).isEqualTo(NOON);
        pass(Duration.ofSeconds(10));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(5));
        pass(HOUR);
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(5).plus(HOUR.dividedBy(2)));
        pass(HOUR);
        assertThat(clock.instant()).isEqualTo(system);
        pass(HOUR);
        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void aClockThatWasMoreThanADayAheadIsLeftAtOnce() {
        SteadyClock clock = start();

        system = system.minus(SteadyClock.AHEAD_MAX).minusSeconds(1);

        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void aRestartGoesOnWhereTheFilesSayThatTheLastServerWas() throws IOException {
        Path log = Files.createFile(data.resolve("000007.log"));
        Files.setLastModifiedTime(log, FileTime.from(NOON.plus(HOUR)));

        assertThat(start().instant()).isEqualTo(NOON.plus(HOUR));
        Files.setLastModifiedTime(log, FileTime.from(NOON.plus(SteadyClock.AHEAD_MAX)));
        assertThat(start().instant()).isEqualTo(NOON);
    }

    @Test
    void whileItIsAheadItKeepsAFileAsNewAsItself() throws IOException {
        SteadyClock clock = start();
        clock.look();
        assertThat(data).isEmptyDirectory();
        system = system.minus(HOUR);

        clock.look();
        pass(Duration.ofMinutes(10));
        clock.look();

        assertThat(start().instant()).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
    }

    @Test
    void followsAStepForwardAndTellsThoseWhoWait() {
        SteadyClock clock = start();
        AtomicInteger told = new AtomicInteger();
        clock.start(List.of(told::incrementAndGet));
        clock.close(); // waits for its own thread

        pass(HOUR);
        clock.look();
        assertThat(told).hasValue(0);
        system = system.plus(HOUR);
        clock.look();
        clock.look();

        assertThat(clock.instant()).isEqualTo(system);
        assertThat(told).hasValue(1);
    }
}

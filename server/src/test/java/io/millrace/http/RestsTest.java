package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestsTest {

    @Test
    void refusingTakesATenthOfTheProcessors() {
        Rests rests = new Rests(2, 1000);

        assertThat(rests.spend(1000, 20)).isEqualTo(100);
        assertThat(rests.spend(1050, 20)).isEqualTo(150);
        assertThat(rests.spend(1050, 20)).isEqualTo(250);
        assertThat(rests.spend(9000, 20)).isEqualTo(100); // time that was not used is gone
    }

    @Test
    void aRefusalThatWasInterruptedCountsForNoMoreThanAMillisecond() {
        Rests rests = new Rests(1, 0);

        assertThat(rests.spend(0, 70_000_000_000L)).isEqualTo(10_000_000);
    }

    @Test
    void aTimerThatRunsOverIsNoDebt() {
        Rests rests = new Rests(1, Long.MAX_VALUE - 50);

        assertThat(rests.spend(Long.MAX_VALUE - 50, 10)).isEqualTo(100);
        assertThat(rests.spend(Long.MIN_VALUE, 10)).isEqualTo(149);
        assertThat(rests.spend(Long.MIN_VALUE + 1000, 10)).isEqualTo(100);
    }
}

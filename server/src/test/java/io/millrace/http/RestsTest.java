package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RestsTest {

    @Test
    void fewHardlyRestAndManyRestNoLongerThanTwoSeconds() {
        assertThat(Rests.duration(0)).isZero();
        assertThat(Rests.duration(4)).isEqualTo(Duration.ofMillis(1));
        assertThat(Rests.duration(1_000_000)).isEqualTo(Duration.ofSeconds(2));
    }
}

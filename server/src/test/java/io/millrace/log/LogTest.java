package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class LogTest {

    @Test
    void wantOfMemoryForALineDoesNotEndWhoLogs() {
        Object large =
                new Object() {
                    @Override
                    public String toString() {
                        throw new OutOfMemoryError("planted");
                    }
                };

        assertThatCode(() -> Log.of(LogTest.class).warning("something large", "it", large))
                .doesNotThrowAnyException();
    }
}

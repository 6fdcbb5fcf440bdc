package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// What happens while a pass of the cleanup is under way.
final class CleanupTest {
    private static final int LOOKS_MAX = 100;

    private final QueueFixture fixture = new QueueFixture();

    @Test
    void endsItsPassWhenAQueueIsToKeepItsMessagesLongerMeanwhile() {
        String url = fixture.create("orders", Map.of("MessageRetentionPeriod", "60"));
        fixture.send(url, "m");
        fixture.clock.passSeconds(61);
        AtomicInteger looks = new AtomicInteger();
        InstantSource clock =
                () -> {
                    if (looks.incrementAndGet() == 2) { // the queues have been read
                        fixture.set(url, "MessageRetentionPeriod", "3600");
                    }
                    if (looks.get() > LOOKS_MAX) {
                        throw new IllegalStateException("an endless pass");
                    }
                    return fixture.clock.instant();
                };
        Cleanup cleanup = new Cleanup(fixture.store, clock, new Ordinals());

        long next = cleanup.sweep();

        Instant now = fixture.clock.instant();
        assertThat(looks.get()).isLessThan(LOOKS_MAX);
        assertThat(next).isLessThanOrEqualTo(now.toEpochMilli());
        assertThat(cleanup.sweep()).isEqualTo(now.plusSeconds(3600 - 61).toEpochMilli());
        assertThat(fixture.bodies(url)).containsExactly("m");
    }
}

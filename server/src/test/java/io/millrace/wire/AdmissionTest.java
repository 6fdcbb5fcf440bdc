package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class AdmissionTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private static Admission of(int inWork, int waiting, Duration patience) {
        return new Admission(new Admission.Limits(inWork, waiting, patience));
    }

    private static Admission.Place enter(Admission admission) {
        return Objects.requireNonNull(admission.enter(Client.UNSEEN));
    }

    @Test
    void admitsUpToItsLimitAndRefusesAtOnceBeyondTheLine() {
        Admission admission = of(2, 0, LONG);
        Admission.Place first = enter(admission);
        Admission.Place second = enter(admission);

        assertThat(admission.isFull()).isTrue();
        assertThat(admission.enter(Client.UNSEEN)).isNull();
        assertThat(admission.inWork()).isEqualTo(2);

        first.close();
        first.close(); // twice is once
        assertThat(admission.isFull()).isFalse();
        enter(admission).close();
        second.close();
        assertThat(admission.inWork()).isZero();
    }

    @Test
    void refusesWhoWaitedForTooLong() {
        Admission admission = of(1, 1, Duration.ofMillis(1));
        try (Admission.Place _ = enter(admission)) {
            assertThat(admission.enter(Client.UNSEEN)).isNull();
        }
    }

    @Test
    void givesAFreePlaceToWhoWaits() throws Exception {
        Admission admission = of(1, 1, LONG);
        Admission.Place first = enter(admission);
        AtomicBoolean entered = new AtomicBoolean();
        Thread next =
                Thread.ofVirtual()
                        .start(() -> {
                            enter(admission).close();
                            entered.set(true);
                        });
        while (!admission.isFull()) {
            Thread.onSpinWait();
        }

        first.close();

        next.join();
        assertThat(entered).isTrue();
        assertThat(admission.inWork()).isZero();
    }

    @Test
    void whoWaitsForItsClientGivesItsPlaceBack() {
        Admission admission = of(1, 0, LONG);
        AtomicBoolean watched = new AtomicBoolean();
        Client client =
                new Client() {
                    @Override
                    public void watch(Runnable hangUp) {
                        watched.set(true);
                    }

                    @Override
                    public boolean hasHungUp() {
                        return true;
                    }
                };
        try (Admission.Place poll = Objects.requireNonNull(admission.enter(client))) {
            poll.watch(() -> {});

            assertThat(watched).isTrue();
            assertThat(poll.hasHungUp()).isTrue();
            assertThat(admission.inWork()).isZero();
            enter(admission).close();
        }
        assertThat(admission.inWork()).isZero();
    }
}

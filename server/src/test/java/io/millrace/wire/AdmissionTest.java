package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class AdmissionTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private static Admission of(int inWork, int waiting, Duration patience) {
        return new Admission(new Admission.Limits(inWork, waiting, patience, LONG));
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
            Thread.sleep(1); // the timeout's interrupt ends it
        }

        first.close();

        next.join();
        assertThat(entered).isTrue();
        assertThat(admission.inWork()).isZero();
    }

    @Test
    void nobodyMoreWaitsInALineThatIsSlow() throws Exception {
        Admission admission = new Admission(new Admission.Limits(1, 9, LONG, Duration.ZERO));
        Admission.Place first = enter(admission);
        BlockingQueue<Admission.Place> entered = new LinkedBlockingQueue<>();
        List<Thread> line = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            line.add(Thread.ofVirtual().start(() -> entered.add(enter(admission))));
            while (admission.waiting() < i) {
                Thread.sleep(1); // the timeout's interrupt ends it
            }
        }
        assertThat(admission.isFull()).isFalse();

        first.close(); // one of the two has waited, the other waits still
        Admission.Place second = entered.take();

        assertThat(admission.isFull()).isTrue();
        assertThat(admission.enter(Client.UNSEEN)).isNull();

        second.close();
        entered.take().close();
        for (Thread thread : line) {
            thread.join();
        }
        assertThat(admission.isFull()).isFalse();
        enter(admission).close();
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

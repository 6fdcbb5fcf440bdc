package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.CloseConnectionException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

class RestsTest {
    private static final int LOOKS_MAX = 10_000;

    @Test
    void refusingTakesATenthOfTheProcessors() {
        Rests rests = new Rests(2, 1000);

        assertThat(rests.spend(1000, 20)).isEqualTo(250_100);
        assertThat(rests.spend(1050, 20)).isEqualTo(500_150);
        assertThat(rests.spend(1050, 20)).isEqualTo(750_250);
        // time that was not used is gone
        assertThat(rests.spend(9_000_000, 20)).isEqualTo(250_100);
    }

    @Test
    void aRefusalThatWasInterruptedCountsForLittleMoreThanAMillisecond() {
        Rests rests = new Rests(1, 0);

        assertThat(rests.spend(0, 70_000_000_000L)).isEqualTo(10_500_000);
    }

    @Test
    void aTimerThatRunsOverIsNoDebt() {
        Rests rests = new Rests(1, Long.MAX_VALUE - 50);

        assertThat(rests.spend(Long.MAX_VALUE - 50, 10)).isEqualTo(500_100);
        assertThat(rests.spend(Long.MIN_VALUE, 10)).isEqualTo(1_000_149);
        assertThat(rests.spend(Long.MIN_VALUE + 2_000_000, 10)).isEqualTo(500_100);
    }

    @Test
    void whoRestsGetsUpOneAfterTheOther() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> up = new ConcurrentLinkedQueue<>();
        List<Thread> guests = new ArrayList<>();
        try (Rests rests = new Rests()) {
            rests.start();
            for (int i = 0; i < 20; i++) {
                int number = i;
                guests.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    rests.rest(0);
                                    up.add(number);
                                }));
            }
            for (Thread guest : guests) {
                guest.join();
            }
        }

        assertThat(up).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void nobodyIsWokenBeforeTheOneBeforeIsUp() {
        try (Rests rests = new Rests()) {
            rests.start();
            Rests.Rest first = rests.lieDown(0);
            Rests.Rest second = rests.lieDown(0);
            awaitOver(first);
            for (int i = 0; i < LOOKS_MAX && rests.waker.getState() != Thread.State.WAITING; i++) {
                LockSupport.parkNanos(1_000_000); // one that waits for nobody would go on
            }
            assertThat(second.isOver()).isFalse();

            rests.getUp(first);
            awaitOver(second);
            rests.getUp(second);
        }
    }

    private static void awaitOver(Rests.Rest rest) {
        while (!rest.isOver()) { // ends: the waker wakes this thread
            LockSupport.park();
        }
    }

    @Test
    void whoIsInterruptedKeepsNobodyElseFromGettingUp() {
        try (Rests rests = new Rests()) {
            rests.start();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> rests.rest(1)).isInstanceOf(CloseConnectionException.class);

            assertThat(Thread.interrupted()).isTrue();
            rests.rest(1);
        }
    }

    @Test
    void nobodyRestsWhenTheServerStops() {
        Rests rests = new Rests(1, System.nanoTime());
        rests.close();

        rests.rest(1);
    }
}

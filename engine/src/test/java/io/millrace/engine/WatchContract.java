package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How watches wake. A watch that must wake waits for ever; one that must not, not at all.
interface WatchContract {
    Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    Store store();

    @Test
    default void wakesForAKeyUnderItsPrefixAndOnlyOnce() throws InterruptedException {
        try (Watch watch = store().watch(bytes("queue/1/"))) {
            put(store(), "queue/1/a", "x");
            put(store(), "queue/1/b", "x");

            assertThat(watch.await(FOR_EVER)).isTrue();
            put(store(), "queue/2/a", "x");
            put(store(), "queue/1", "x");
            assertThat(watch.await(Duration.ZERO)).isFalse();
            put(store(), "queue/1/a", "x");
            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    default void wakesForDeletionsCountersAndStampedKeys() throws InterruptedException {
        put(store(), "a1", "x");
        try (Watch watch = store().watch(bytes("a"))) {
            store().write(tx -> run(() -> tx.delete(bytes("a1"))));
            assertThat(watch.await(FOR_EVER)).isTrue();
            store().write(tx -> run(() -> tx.add(bytes("an"), 1)));
            assertThat(watch.await(FOR_EVER)).isTrue();
            store().write(tx ->
                    run(() ->
                            tx.putStamped(
                                    bytes("a--------"), 1, Bytes.EMPTY, Transaction.NO_STAMP)));
            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    default void wakesForADeletedRangeThatOverlaps() throws InterruptedException {
        try (Watch inside = store().watch(bytes("b"));
                Watch around = store().watch(bytes(""));
                Watch reachedInto = store().watch(bytes("ab"));
                Watch before = store().watch(bytes("aa"));
                Watch behind = store().watch(bytes("c"))) {
            store().write(tx -> run(() -> tx.deleteRange(bytes("abc"), bytes("c"))));

            assertThat(inside.await(FOR_EVER)).isTrue();
            assertThat(around.await(FOR_EVER)).isTrue();
            assertThat(reachedInto.await(FOR_EVER)).isTrue();
            assertThat(before.await(Duration.ZERO)).isFalse();
            assertThat(behind.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    default void wakesEachOfManyWatchesOnOnePrefix() {
        List<Watch> watches = List.of(store().watch(bytes("a")), store().watch(bytes("a")));
        watches.getFirst().close();
        watches.getFirst().close();

        List<Boolean> woken =
                Threads.run(
                        2,
                        i ->
                                i == 0
                                        ? () -> watches.getLast().await(FOR_EVER)
                                        : () -> {
                                            put(store(), "a", "x");
                                            return true;
                                        });

        assertThat(woken).containsExactly(true, true);
        watches.getLast().close();
    }

    @Test
    default void aWatchOfCommitsIsWokenAndPeekingSeesWhatWokeIt() throws InterruptedException {
        try (Watch watch = store().watchCommits(bytes("a"))) {
            store().write(tx -> run(() -> put(tx, "a", "x")));

            assertThat(watch.await(FOR_EVER)).isTrue();
            assertThat(store().<@Nullable String>peek(tx -> get(tx, "a"))).isEqualTo("x");
            assertThat(watch.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    default void isNotWokenByATransactionThatFailed() throws InterruptedException {
        try (Watch watch = store().watch(bytes("a"))) {
            assertThatThrownBy(() ->
                            store().write(tx -> {
                                put(tx, "a", "x");
                                throw new IllegalStateException("mine");
                            }))
                    .hasMessage("mine");
            assertThat(watch.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    default void whatWokeItIsVisible() {
        int rounds = 200;
        Threads.<Integer>run(
                2,
                i ->
                        i == 0
                                ? () -> {
                                    for (int n = 0; n < rounds; n++) {
                                        store().write(tx -> run(() -> tx.add(bytes("n"), 1)));
                                    }
                                    return 0;
                                }
                                : () -> awaitCount(rounds));

        assertThat(Entries.counter(store(), "n")).isEqualTo(rounds);
    }

    private int awaitCount(int wanted) throws InterruptedException {
        try (Watch watch = store().watch(bytes("n"))) {
            while (Entries.counter(store(), "n") < wanted) {
                watch.await(FOR_EVER);
            }
        }
        return wanted;
    }

    @Test
    default void aWaiterIsWokenWithAnExceptionWhenTheStoreCloses() {
        try (Watch watch = store().watch(bytes("a"))) {
            List<Object> results =
                    Threads.run(
                            2,
                            i ->
                                    i == 0
                                            ? () -> failureOf(watch)
                                            : () -> {
                                                store().close();
                                                return "closed";
                                            });

            assertThat(results.getFirst()).isInstanceOf(StoreException.class);
        }
    }

    private static Object failureOf(Watch watch) throws InterruptedException {
        try {
            return watch.await(FOR_EVER);
        } catch (StoreException e) {
            return e;
        }
    }

    private static int run(Runnable write) {
        write.run();
        return 0;
    }
}

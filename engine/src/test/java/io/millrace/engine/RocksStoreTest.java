package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/// The contract, and conflicts made on purpose: the first attempt of a body lets another
/// transaction commit before it goes on.
final class RocksStoreTest implements StoreContract {
    @TempDir private Path directory;
    private RocksStore store;

    @BeforeEach
    void open() {
        store = RocksStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    public Store store() {
        return store;
    }

    @Test
    void runsAgainWhenWhatItReadWasChanged() {
        put(store, "a", "1");

        int attempts = attempts(tx -> get(tx, "a"), other -> put(other, "a", "2"));

        assertThat(attempts).isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("2");
    }

    @Test
    void runsAgainWhenWhatItMissedWasMade() {
        assertThat(attempts(tx -> get(tx, "a"), other -> put(other, "a", "2"))).isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("2");
    }

    @Test
    void runsAgainWhenItsRangeGotAnEntry() {
        put(store, "b", "1");
        put(store, "d", "1");

        assertThat(attempts(tx -> Entries.all(tx), other -> put(other, "c", "2"))).isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("[b=1, c=2, d=1]");
    }

    @Test
    void runsAgainWhenARangeWasDeletedAroundWhatItRead() {
        put(store, "b", "1");

        int attempts =
                attempts(tx -> get(tx, "b"), other -> other.deleteRange(bytes("a"), bytes("c")));

        assertThat(attempts).isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("null");
    }

    @Test
    void doesNotRunAgainForWhatLiesBehindThePartOfARangeThatItRead() {
        put(store, "b", "1");
        put(store, "d", "1");

        assertThat(attempts(tx -> first(tx, "a", "z"), other -> put(other, "c", "2"))).isEqualTo(1);
        assertThat(attempts(tx -> first(tx, "a", "z"), other -> put(other, "aa", "2")))
                .isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("aa=2");
    }

    @Test
    void nobodyReadsWhatACommitWroteThatFailedByOurFault() {
        put(store, "a", "before");
        put(store, "n", "none"); // no counter: to add to it fails when it is hot
        store.<Boolean>write(tx -> { // so that those are not among the recent writes
            for (int i = 0; i < 5000; i++) {
                put(tx, "x" + i, "");
            }
            return true;
        });
        for (int i = 0; i < 100; i++) {
            get(store, "a");
            get(store, "n");
        }

        assertThatThrownBy(() ->
                        store.<Boolean>write(tx -> {
                            put(tx, "a", "after");
                            tx.add(bytes("n"), 1);
                            return true;
                        }))
                .isInstanceOf(IndexOutOfBoundsException.class);
        store.<Boolean>write(tx -> { // up to the version that the other would have had
            put(tx, "b", "1");
            put(tx, "c", "1");
            return true;
        });

        assertThat(get(store, "a")).isEqualTo("before");
    }

    @Test
    void doesNotRunAgainForWhatItWroteBlindly() {
        int attempts =
                attempts(
                        tx -> {
                            put(tx, "a", "mine");
                            tx.add(bytes("n"), 1);
                            return get(tx, "a");
                        },
                        other -> {
                            put(other, "a", "theirs");
                            other.add(bytes("n"), 1);
                        });

        assertThat(attempts).isEqualTo(1);
        assertThat(get(store, "a")).isEqualTo("mine");
        assertThat(Entries.counter(store, "n")).isEqualTo(2);
    }

    @Test
    void runsAgainWhenTheCounterThatItReadWasAddedTo() {
        int attempts =
                attempts(
                        tx -> Bytes.counter(tx.get(bytes("n"))), other -> other.add(bytes("n"), 7));

        assertThat(attempts).isEqualTo(2);
        assertThat(get(store, "result")).isEqualTo("7");
    }

    @Test
    void endsAlthoughEveryAttemptMeetsAConflict() {
        AtomicInteger attempts = new AtomicInteger();

        long result =
                store.write(tx -> {
                    long seen = Bytes.counter(tx.get(bytes("hot")));
                    if (attempts.incrementAndGet() <= 3) {
                        Threads.elsewhere(() -> store.write(RocksStoreTest::addOne));
                    }
                    tx.put(bytes("hot"), Bytes.counter(seen + 100));
                    return seen;
                });

        assertThat(attempts).hasValue(4);
        assertThat(result).isEqualTo(3);
        assertThat(Entries.counter(store, "hot")).isEqualTo(103);
    }

    @Test
    void releasesWhatARunThatMustBeRepeatedHadClaimed() {
        List<String> seen = new ArrayList<>();

        int attempts =
                attempts(
                        tx -> {
                            tx.claim(ReadWriteContract.claim(seen));
                            return get(tx, "a");
                        },
                        other -> put(other, "a", "2"));

        assertThat(attempts).isEqualTo(2);
        assertThat(seen).hasSize(2).first().isEqualTo("released");
        assertThat(seen.getLast()).startsWith("committed");
    }

    @Test
    void aTransactionThatOutlivesTheKnownCommitsRunsAgain() {
        put(store, "a", "1");
        AtomicInteger attempts = new AtomicInteger();

        store.write(tx -> {
            String seen = get(tx, "a");
            if (attempts.incrementAndGet() == 1) {
                Threads.<Integer>run(
                        64,
                        _ ->
                                () -> {
                                    for (int i = 0; i < 80; i++) {
                                        store.write(RocksStoreTest::addOne);
                                    }
                                    return 0;
                                });
            }
            put(tx, "result", String.valueOf(seen));
            return 0;
        });

        assertThat(attempts).hasValue(2);
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("uses " + directory);
    }

    /// The one that leads, and the committer, where several write.
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @SuppressWarnings("NullAway") // the fault
    void aFaultOfTheCommitterStopsTheStoreAndTellsAllWhoWait(int writers) {
        store.close();
        store =
                RocksStore.open(
                        directory,
                        StoreOptions.DEFAULT,
                        new Tuning(null, System::nanoTime, 1, 1, 1, 2));

        List<StoreException> failures =
                Threads.run(
                        writers,
                        _ ->
                                () ->
                                        catchThrowableOfType(
                                                StoreException.class,
                                                () -> store.write(RocksStoreTest::addOne)));

        assertThat(failures)
                .hasSize(writers)
                .allSatisfy(e ->
                        assertThat(e).hasMessageContaining("opened again: the committer failed"));
    }

    @Test
    void closesUnderLoadAndKeepsWhatReturned() {
        AtomicInteger returned = new AtomicInteger();

        Threads.<Integer>run(
                9,
                i ->
                        i == 8
                                ? () -> {
                                    while (returned.get() < 200) {
                                        Thread.onSpinWait();
                                    }
                                    store.close();
                                    return 0;
                                }
                                : () -> writeUntilClosed(returned));

        open();
        assertThat(Entries.counter(store, "hot")).isEqualTo(returned.get());
    }

    private int writeUntilClosed(AtomicInteger returned) {
        try {
            while (true) { // ends when the store closes
                store.write(RocksStoreTest::addOne);
                returned.incrementAndGet();
                store.<Integer>read(snapshot -> Entries.all(snapshot).size());
            }
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("closed");
            return 0;
        }
    }

    private static int addOne(Transaction tx) {
        tx.add(bytes("hot"), 1);
        return 0;
    }

    private static String first(Snapshot snapshot, String from, String to) {
        try (Cursor cursor = snapshot.range(bytes(from), bytes(to), Snapshot.Direction.FORWARD)) {
            return cursor.next() ? Entries.text(cursor) : "none";
        }
    }

    private int attempts(
            Function<Transaction, @Nullable Object> read, Consumer<Transaction> interference) {
        AtomicInteger attempts = new AtomicInteger();
        store.write(tx -> {
            Object seen = read.apply(tx);
            if (attempts.incrementAndGet() == 1) {
                Threads.elsewhere(() ->
                        store.write(other -> {
                            interference.accept(other);
                            return List.of();
                        }));
            }
            put(tx, "result", String.valueOf(seen));
            return 0;
        });
        return attempts.get();
    }
}

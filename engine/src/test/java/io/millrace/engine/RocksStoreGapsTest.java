package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/// The contract once more, with a store that learns a gap from every step, and a hot key from every
/// read that is not of one of the last two puts.
final class RocksStoreGapsTest implements StoreContract {
    @TempDir private Path directory;
    private RocksStore store;

    @BeforeEach
    void open() {
        Tuning tuning = new Tuning(Durability.SYNCED, System::nanoTime, -1, 1, 1, 2);
        store = RocksStore.open(directory, StoreOptions.DEFAULT, tuning);
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
    void whatIsWrittenIntoAKnownGapIsFound() {
        Entries.put(store, "a", "1");
        Entries.put(store, "z", "1");
        assertThat(Entries.all(store)).containsExactly("a=1", "z=1");
        assertThat(Entries.all(store)).containsExactly("a=1", "z=1");

        Entries.put(store, "m", "2");

        assertThat(Entries.all(store)).containsExactly("a=1", "m=2", "z=1");
        store.write(tx -> {
            tx.delete(bytes("m"));
            tx.add(bytes("\u0000"), 1);
            return 0;
        });
        assertThat(Entries.all(store)).hasSize(3).endsWith("a=1", "z=1");
    }

    @Test
    void aStepThatIsQuickTheSecondTimeTeachesNoGap() {
        assertThat(learnsFromAStep(0, 100, 200, 210)).isFalse();
        assertThat(learnsFromAStep(0, 10)).isFalse();
        assertThat(learnsFromAStep(0, 100, 200, 300)).isTrue();
    }

    /// Whether a gap is learned from a cursor's first step.
    ///
    /// @param nanos what the clock shows each time it is asked; more than 50 are slow
    private boolean learnsFromAStep(long... nanos) {
        store.close();
        PrimitiveIterator.OfLong clock = LongStream.of(nanos).iterator();
        store =
                RocksStore.open(
                        directory,
                        StoreOptions.DEFAULT,
                        new Tuning(Durability.SYNCED, clock::nextLong, 50, 1, 1, 2));
        return store.read(snapshot -> {
            try (Cursor cursor =
                    snapshot.range(bytes("a"), bytes("b"), Snapshot.Direction.FORWARD)) {
                cursor.next();
            }
            return !store.gaps().isEmpty();
        });
    }
}

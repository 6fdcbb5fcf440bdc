package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// The contract once more, with a store that learns a gap from every step, and a hot key from every
/// read.
final class RocksStoreGapsTest implements StoreContract {
    @TempDir private Path directory;
    private RocksStore store;

    @BeforeEach
    void open() {
        Tuning tuning = new Tuning(Durability.SYNCED, -1, 1, 1);
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
}

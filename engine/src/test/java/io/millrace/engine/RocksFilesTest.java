package io.millrace.engine;

import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What is found in the data directory when a store is opened.
final class RocksFilesTest {
    private static final int BLOCK_BYTES = 32 * 1024;

    /// Of the record at a log's end that tells what is durable.
    private static final int PROMISE_BYTES = 7 + EncodedWrites.WRITES_OFFSET;

    @TempDir private Path directory;

    @Test
    void keepsEverythingAndGoesOnCountingWhenOpenedAgain() {
        long version;
        try (RocksStore store = RocksStore.open(directory)) {
            put(store, "a", "1");
            store.write(tx -> addOne(tx));
            version = store.commit(tx -> addOne(tx)).version();
        }

        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(get(store, "a")).isEqualTo("1");
            assertThat(Entries.counter(store, "n")).isEqualTo(2);
            assertThat(store.<Long>read(Snapshot::version)).isEqualTo(version);
            assertThat(store.commit(tx -> addOne(tx)).version()).isGreaterThan(version);
        }
    }

    /// An option without a setter goes by its name, as RocksDB tells it in a file.
    @Test
    void theMemtableKeepsHintsOfWhereKeysGo() throws IOException {
        fillAndClose();

        try (Stream<Path> files = Files.list(directory)) {
            Path options =
                    files.filter(file -> file.getFileName().toString().startsWith("OPTIONS-"))
                            .max(Comparator.naturalOrder())
                            .orElseThrow();
            assertThat(Files.readString(options))
                    .contains(
                            "memtable_insert_with_hint_prefix_extractor=rocksdb.CappedPrefix.5\n",
                            "max_successive_merges=8\n");
        }
    }

    @Test
    void cutsATornTail() throws IOException {
        fillAndClose();
        Path log = newestLog();
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(file.length() - PROMISE_BYTES - 7);
        }

        assertFirstEntriesOnly(99);
    }

    /// Garbage whose type is one of a recycled log (5 to 8) keeps RocksDB 11.8.1 reading for ever.
    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, (byte) 129, (byte) 130, (byte) 255})
    void cutsATailOfGarbageThatLooksLikeARecord(byte type) throws IOException {
        fillAndClose();
        try (RandomAccessFile file = new RandomAccessFile(newestLog().toFile(), "rw")) {
            file.seek(file.length());
            file.write(new byte[] {1, 2, 3, 4, 3, 0, type, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        }

        assertFirstEntriesOnly(100);
    }

    @Test
    void refusesAHoleInTheMiddleOfWhatWasAcknowledged() throws IOException {
        fillAndClose();
        try (RandomAccessFile file = new RandomAccessFile(newestLog().toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[100]);
        }

        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(newestLog() + " is damaged at offset ")
                .hasMessageMatching(
                        ".*acknowledged are lost from version [0-9]+ to 100 or later.*");
    }

    @Test
    void refusesADamagedLastRecordOnceTheStoreWasIdle() throws IOException {
        fillAndClose();
        try (RandomAccessFile file = new RandomAccessFile(newestLog().toFile(), "rw")) {
            file.seek(file.length() - PROMISE_BYTES - 1);
            file.write('x');
        }

        assertThatThrownBy(() -> RocksStore.open(directory))
                .hasMessageContaining("lost from version 100 to 100 or later");
    }

    /// What follows was never promised: nothing behind it says that the hole was durable.
    @Test
    void whatFollowsAHoleOfZerosIsNotRead() throws IOException {
        fillAndClose();
        try (RocksStore store = RocksStore.open(directory)) {
            put(store, "large", "x".repeat(5 * BLOCK_BYTES));
        }
        try (RandomAccessFile file = new RandomAccessFile(newestLog().toFile(), "rw")) {
            file.setLength(file.length() - PROMISE_BYTES);
            file.seek(2 * BLOCK_BYTES);
            file.write(new byte[BLOCK_BYTES]);
        }

        assertFirstEntriesOnly(100);
    }

    @Test
    void writesAfterACutTailAreKept() throws IOException {
        fillAndClose();
        try (RandomAccessFile file = new RandomAccessFile(newestLog().toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }

        int kept;
        try (RocksStore store = RocksStore.open(directory)) {
            kept = Entries.all(store).size();
            put(store, "later", "1");
        }
        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(Entries.all(store)).hasSize(kept + 1).contains("later=1");
        }
    }

    @Test
    void refusesAnotherVersionsDirectory() throws IOException {
        RocksStore.open(directory).close();
        Files.writeString(directory.resolve("MILLRACE"), "millrace store 2\n");

        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("millrace store 2")
                .hasMessageContaining("millrace store 1");
    }

    @Test
    void refusesADatabaseThatIsNotItsOwn() throws IOException {
        RocksStore.open(directory).close();
        Files.delete(directory.resolve("MILLRACE"));

        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("not a Millrace store");
    }

    @Test
    void refusesAPathThatCannotBeADirectory() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> RocksStore.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("cannot open " + file + ": it is not a directory");
    }

    private void fillAndClose() {
        try (RocksStore store = RocksStore.open(directory)) {
            for (int i = 100; i < 200; i++) {
                put(store, "k" + i, "v" + i);
            }
        }
    }

    private void assertFirstEntriesOnly(int count) {
        try (RocksStore store = RocksStore.open(directory)) {
            List<String> entries = Entries.all(store);
            assertThat(entries).hasSize(count).startsWith("k100=v100");
            assertThat(entries.getLast()).isEqualTo("k" + (99 + count) + "=v" + (99 + count));
        }
    }

    private Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static int addOne(Transaction tx) {
        tx.add(Entries.bytes("n"), 1);
        return 1;
    }
}

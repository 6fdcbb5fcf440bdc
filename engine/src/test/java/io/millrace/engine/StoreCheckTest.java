package io.millrace.engine;

import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// What is found in a damaged data directory, and what is made of a damaged log.
final class StoreCheckTest {
    @TempDir private Path directory;

    private Encryption encryption = TestKey.NONE;

    @Test
    void aWholeStoreHasNoDamage() {
        fill("a");
        fill("b");

        StoreCheck.Report report = StoreCheck.of(directory, null);

        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.tableCount()).isEqualTo(1);
        assertThat(report.entryCount()).isEqualTo(100);
        assertThat(report.logVersion()).isEqualTo(200);
    }

    @Test
    void tellsADamagedTableWithItsKeysAndItsEntries() throws IOException {
        fill("a");
        fill("b");
        Path table = newest(".sst");
        flip(table, 100);

        List<StoreCheck.Damage> damages = StoreCheck.of(directory, null).damages();

        assertThat(damages)
                .singleElement()
                .satisfies(damage -> {
                    assertThat(damage.text()).contains(table.toString(), "offset");
                    assertThat(damage.from()).isEqualTo(Entries.bytes("a100"));
                    assertThat(damage.to()).isEqualTo(Entries.bytes("a199"));
                    assertThat(damage.entryCount()).isEqualTo(100);
                });
    }

    @Test
    void cutsADamagedLogAndTellsWhatIsLost() throws IOException {
        fill("a");
        Path log = newest(".log");
        byte[] whole = Files.readAllBytes(log);
        flip(log, whole.length / 2);
        StoreCheck.Report report = StoreCheck.of(directory, null);
        assertThat(report.damages())
                .singleElement()
                .satisfies(d -> assertThat(d.text()).contains(log + " is damaged at offset "));
        assertThat(report.repairable()).isTrue();
        assertThatThrownBy(() -> RocksStore.open(directory)).hasMessageContaining("is damaged");

        StoreCheck.Repair repair = StoreCheck.repair(directory);

        long lost = 100 - repair.lastVersion();
        assertThat(repair.lostKeys()).isEqualTo(Map.of((int) 'a', lost - 1));
        assertThat(Files.readAllBytes(repair.kept().resolve(log.getFileName())))
                .hasSameSizeAs(whole);
        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(Entries.all(store)).hasSize((int) repair.lastVersion());
        }
        assertThat(StoreCheck.of(directory, null).damages()).isEmpty();
    }

    @Test
    void aTornTailIsNoDamage() throws IOException {
        fill("a");
        Path log = newest(".log");
        Files.write(log, List.of("torn"), java.nio.file.StandardOpenOption.APPEND);

        StoreCheck.Report report = StoreCheck.of(directory, null);

        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).singleElement().asString().contains("torn tail at offset");
        assertThatThrownBy(() -> StoreCheck.repair(directory)).hasMessageContaining("no log");
    }

    @Test
    void aReadOfSomethingDamagedStopsTheStore() throws IOException {
        fill("a");
        fill("b");
        Path table = newest(".sst");
        try (RocksStore store = RocksStore.open(directory)) {
            flip(table, 100);

            assertThatThrownBy(() -> Entries.get(store, "a150"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(table.toString());
            assertThatThrownBy(() -> put(store, "c", "1"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("opened again")
                    .hasMessageContaining(table.toString());
        }
    }

    @Test
    void opensEveryValueOfAnEncryptedStoreWhereItHasTheKey() {
        encryption = TestKey.ENCRYPTED;
        fill("a");
        fill("b");

        StoreCheck.Report without = StoreCheck.of(directory, null);
        assertThat(without.damages()).isEmpty();
        assertThat(without.values()).isEqualTo(StoreCheck.Values.SEALED);
        assertThat(without.notes()).singleElement().asString().endsWith("were not opened");
        StoreCheck.Report with = StoreCheck.of(directory, TestKey.ENCRYPTED);
        assertThat(with.damages()).isEmpty();
        assertThat(with.values()).isEqualTo(StoreCheck.Values.OPENED);
        assertThat(with.notes()).isEmpty();
        Encryption other = TestKey.encryption(Encryption.Wanted.AS_IT_IS, 8);
        StoreCheck.Report wrong = StoreCheck.of(directory, other);
        assertThat(wrong.values()).isEqualTo(StoreCheck.Values.SEALED);
        assertThat(wrong.entryCount()).isEqualTo(100);
        assertThat(wrong.notes())
                .singleElement()
                .asString()
                .endsWith("were not opened: the key is not the one");
    }

    /// Every checksum is right: somebody wrote it so.
    @Test
    void findsAValueThatDoesNotOpenInALogAndInASortedFile() throws Exception {
        encryption = TestKey.ENCRYPTED;
        fill("a");
        try (RocksFiles files = RocksFiles.openClosed(directory)) {
            byte[] moved = files.db().get(Entries.bytes("a101"));
            files.db().put(Entries.bytes("a100"), moved);
            files.db().put(Entries.bytes("a102"), moved);
        }

        assertUnopened(".log");
        fill("b"); // the log becomes sorted files
        assertUnopened(".sst");
    }

    @Test
    void findsARecordThatHoldsNoWritesThoughItsChecksumFits() throws IOException {
        encryption = TestKey.ENCRYPTED;
        fill("a");
        alter(newest(".log"), 0);

        assertThat(StoreCheck.of(directory, TestKey.ENCRYPTED).damages())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.text())
                                .endsWith("a record whose checksum fits does not hold writes"));
    }

    @Test
    void cutsALogBehindWhoseDamageARecordHoldsNoWrites() throws IOException {
        fill("a");
        Path log = newest(".log");
        alter(log, alter(log, 0));
        flip(log, LogBlocks.HEADER_BYTES);

        StoreCheck.Repair repair = StoreCheck.repair(directory);

        assertThat(repair.lastVersion()).isZero();
        assertThat(repair.lostKeys()).isEqualTo(Map.of((int) 'a', 98L));
    }

    /// Makes the first key of a record longer than the record, and the checksum fit. Returns where
    /// the next record begins.
    private static int alter(Path log, int offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.LITTLE_ENDIAN);
        int writes = offset + LogBlocks.HEADER_BYTES + EncodedWrites.WRITES_OFFSET;
        int end = offset + LogBlocks.HEADER_BYTES + bytes.getShort(offset + 4);
        bytes.put(writes + 1, (byte) 0xff);
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset + 6, end - offset - 6));
        bytes.putInt(offset, Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
        Files.write(log, bytes.array());
        return end;
    }

    private void assertUnopened(String suffix) {
        assertThat(StoreCheck.of(directory, TestKey.ENCRYPTED).damages())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.text())
                                .contains(suffix + ": the value at key 61313030 does not open")
                                .endsWith("nor do 1 more"));
        assertThat(StoreCheck.of(directory, null).damages()).isEmpty();
    }

    @Test
    void cutsADamagedLogOfAnEncryptedStoreWithoutItsKey() throws IOException {
        encryption = TestKey.ENCRYPTED;
        fill("a");
        fill("b");
        Path log = newest(".log");
        flip(log, (int) Files.size(log) / 2);
        StoreCheck.Report report = StoreCheck.of(directory, TestKey.ENCRYPTED);
        assertThat(report.damages())
                .singleElement()
                .satisfies(d -> assertThat(d.text()).contains("is damaged at offset "));

        StoreCheck.Repair repair = StoreCheck.repair(directory);

        assertThat(repair.lastVersion()).isEqualTo(report.logVersion()).isGreaterThan(100);
        assertThat(repair.lostKeys()).containsOnlyKeys((int) 'b');
        assertThat(StoreCheck.of(directory, TestKey.ENCRYPTED).damages()).isEmpty();
        try (RocksStore store = RocksStore.open(directory, StoreOptions.DEFAULT, encryption)) {
            assertThat(Entries.all(store)).hasSize((int) repair.lastVersion());
            assertThat(Entries.get(store, "a150")).isEqualTo("v150");
        }
    }

    /// Sorted files count, whatever is wrong with the first record behind them.
    @Test
    void tellsFromWhereOnWritesAreLostThatAreInNoSortedFile() throws IOException {
        fill("a");
        fill("b");
        flip(newest(".log"), 0);

        StoreCheck.Report report = StoreCheck.of(directory, null);

        assertThat(report.logVersion()).isEqualTo(100);
        assertThat(report.damages())
                .singleElement()
                .satisfies(d -> assertThat(d.text()).contains("lost from version 101 to"));
    }

    @Test
    void aMissingListOfFilesIsDamage() throws IOException {
        fill("a");
        Files.delete(directory.resolve("CURRENT"));

        assertThat(StoreCheck.of(directory, null).damages())
                .singleElement()
                .satisfies(d -> assertThat(d.text()).contains("CURRENT is gone"));
        assertThatThrownBy(() -> RocksStore.open(directory)).hasMessageContaining("is gone");
    }

    private void fill(String prefix) {
        try (RocksStore store = RocksStore.open(directory, StoreOptions.DEFAULT, encryption)) {
            for (int i = 100; i < 200; i++) {
                put(store, prefix + i, "v" + i);
            }
        }
    }

    private static void flip(Path file, int offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[offset] ^= 1;
        Files.write(file, bytes);
    }

    private Path newest(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}

package io.millrace.engine;

import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Logs that are split, torn, shortened or lost, and what is told of them.
final class LogScanTest {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int MIDDLE = 3;

    @TempDir private Path directory;

    /// A power loss: what is bad was never durable.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 11, 12, 13, 21, 22, 23})
    void countsARecordWhoseHeaderIsSplitOverTwoBlocks(int inFirstBlock) throws IOException {
        Log log = new Log();
        log.write(1, 0, 1);
        log.fillBlockBut(2, inFirstBlock);
        log.write(3, 0, 3);
        log.garbage();
        log.write(7, 5, 1);

        LogScan scan = log.scan();

        assertThat(scan.version()).isEqualTo(5);
        assertThat(scan.isWhole()).isFalse();
        assertThat(scan.isDamaged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 11, 12, 13, 21, 22, 23})
    void behindDamageAPromiseThatIsSplitOverTwoBlocksCounts(int inFirstBlock) throws IOException {
        Log log = new Log();
        log.write(1, 0, 1);
        log.garbage();
        log.fillBlockBut(3, inFirstBlock);
        log.write(4, 3, 1);

        LogScan scan = log.scan();

        assertThat(scan.isDamaged()).isTrue();
        assertThat(scan.promisedVersion()).isEqualTo(3);
        assertThat(scan.version()).isEqualTo(1);
    }

    @Test
    void aGapInALogIsDamageWhenARecordBehindItTellsThatItWasDurable() throws IOException {
        Log log = new Log();
        log.write(1, 0, 2);
        long gap = log.bytes().length;
        log.write(4, 2, 1);
        log.write(5, 2, 1);
        assertThat(log.scan().badOffset()).isEqualTo(gap);
        assertThat(log.scan().isDamaged()).isFalse();
        assertThat(log.scan().version()).isEqualTo(2);

        log.write(6, 5, 1);

        assertThat(log.scan().isDamaged()).isTrue();
        assertThat(log.scan().badOffset()).isEqualTo(gap);
        assertThat(log.scan().toString()).contains("lost from version 3 to 5 or later");
    }

    /// As RocksDB begins a log after it met a torn one.
    @Test
    void aRecordWithoutWritesTakesNoVersion() throws IOException {
        Log log = new Log();
        log.record(ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(7).array());
        log.write(7, 6, 1);
        log.record(
                ByteBuffer.wrap(EncodedWrites.promise(7))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, 8)
                        .array());
        log.write(8, 7, 2);

        assertThat(log.scan().isWhole()).isTrue();
        assertThat(log.scan().version()).isEqualTo(9);
    }

    /// A log was cut at a record's end, and the next one, not synced either, is on the disk.
    @Test
    void whatDoesNotFollowTheLogBeforeItIsNotRead() throws IOException {
        RocksStore.open(directory).close();
        Path first = newestLog();
        Log log = new Log();
        log.write(1, 0, 1);
        log.write(2, 1, 1);
        Files.write(first, log.bytes());
        Log next = new Log();
        next.write(4, 2, 1);
        next.write(5, 2, 1);
        Files.write(directory.resolve("000050.log"), next.bytes());
        Log last = new Log();
        last.write(6, 2, 1);
        Files.write(directory.resolve("000051.log"), last.bytes());

        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(Entries.all(store)).containsExactly("k1=v", "k2=v");
            put(store, "k3", "new");
        }
        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(Entries.all(store)).containsExactly("k1=v", "k2=v", "k3=new");
        }
    }

    @Test
    void refusesAStoreWithoutOneOfItsLogs() throws IOException {
        RocksStore.open(directory).close();
        Log log = new Log();
        log.write(1, 0, 1);
        Files.write(newestLog(), log.bytes());
        Log later = new Log();
        later.write(3, 2, 1);
        Path without = Files.write(directory.resolve("000050.log"), later.bytes());

        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(without + " is damaged at offset 0")
                .hasMessageContaining("lost from version 2 to 2 or later");
        assertThat(StoreCheck.of(directory, null).repairable()).isTrue();
        StoreCheck.repair(directory);
        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(Entries.all(store)).containsExactly("k1=v");
        }
    }

    @Test
    void refusesALogOfWhichARecordWasCutOut() throws IOException {
        try (RocksStore store = RocksStore.open(directory)) {
            for (int i = 100; i < 200; i++) {
                put(store, "k" + i, "v");
            }
        }
        byte[] whole = Files.readAllBytes(newestLog());
        int length =
                LogBlocks.HEADER_BYTES
                        + ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getShort(4);
        byte[] cut = new byte[whole.length - length]; // all records are as long as the first
        System.arraycopy(whole, 0, cut, 0, 50 * length);
        System.arraycopy(whole, 51 * length, cut, 50 * length, cut.length - 50 * length);
        Files.write(newestLog(), cut);

        assertThatThrownBy(() -> RocksStore.open(directory))
                .hasMessageContaining("is damaged at offset " + 50 * length)
                .hasMessageContaining("lost from version 51 to 100 or later");
    }

    private Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /// A log that is written by hand.
    private final class Log {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean split;

        /// A record with so many writes, of `k` and the version each.
        void write(long first, long promise, int count) {
            record(writes(first, promise, count, 1));
        }

        /// A record that leaves so many bytes of the block for the payload of the next one.
        void fillBlockBut(long version, int left) {
            int room = BLOCK_BYTES - bytes.size() - 2 * LogBlocks.HEADER_BYTES - left;
            int other = writes(version, 0, 1, room).length - room;
            record(writes(version, 0, 1, room - other));
            assertThat(bytes.size()).isEqualTo(BLOCK_BYTES - LogBlocks.HEADER_BYTES - left);
        }

        void garbage() {
            bytes.writeBytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        }

        void record(byte[] payload) {
            int offset = 0;
            do { // ends: a block has room for more than a header
                int room = BLOCK_BYTES - bytes.size() % BLOCK_BYTES;
                if (room < LogBlocks.HEADER_BYTES) {
                    bytes.writeBytes(new byte[room]);
                    room = BLOCK_BYTES;
                }
                int end = Math.min(payload.length, offset + room - LogBlocks.HEADER_BYTES);
                int type = offset == 0 && !split ? LogBlocks.FIRST : MIDDLE;
                split = end < payload.length;
                if (!split) {
                    type = type == LogBlocks.FIRST ? LogBlocks.FULL : LogBlocks.LAST;
                }
                part(type, Arrays.copyOfRange(payload, offset, end));
                offset = end;
            } while (split);
        }

        private void part(int type, byte[] payload) {
            CRC32C crc = new CRC32C();
            crc.update(type);
            crc.update(payload);
            ByteBuffer header = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
            header.putShort((short) payload.length).put((byte) type);
            bytes.writeBytes(header.array());
            bytes.writeBytes(payload);
        }

        private static byte[] writes(long first, long promise, int count, int valueBytes) {
            ByteBuffer to = ByteBuffer.allocate(2 * BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            to.put(EncodedWrites.promise(promise)).putLong(0, first).putInt(8, count);
            for (long version = first; version < first + count; version++) {
                byte[] key = Entries.bytes("k" + version);
                to.put((byte) 1).put((byte) key.length).put(key);
                int length = valueBytes;
                for (; length >= 0x80; length >>= 7) {
                    to.put((byte) (length | 0x80));
                }
                to.put((byte) length).put("v".repeat(valueBytes).getBytes(UTF_8));
            }
            return Arrays.copyOf(to.array(), to.position());
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        LogScan scan() throws IOException {
            return LogScan.of(List.of(Files.write(directory.resolve("log"), bytes())), null);
        }
    }
}

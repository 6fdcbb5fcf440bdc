package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ReadOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Flips single bits in every kind of file, by seed: what is served then is right, or it is refused
/// with the file's name.
final class BitFlipTest {
    private static final long SEED = Long.getLong("millrace.seed", 20260101L);
    private static final int FLIPS_PER_FILE = Boolean.getBoolean("millrace.long") ? 400 : 12;
    private static final StoreOptions SMALL = new StoreOptions(1 << 20, 8 << 20, 2);

    @TempDir private static Path parent;
    private static Map<String, String> written = new TreeMap<>();
    private static Path whole;

    /// Several sorted files, a log with what came since, and a counter, as a kill leaves them.
    @BeforeAll
    static void fill() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        whole = parent.resolve("whole");
        for (int round = 0; round < 3; round++) {
            try (RocksStore store = RocksStore.open(whole, SMALL)) {
                for (int i = 0; i < 60; i++) {
                    String key = "k" + random.nextInt(100);
                    byte[] value = new byte[random.nextInt(600)];
                    random.nextBytes(value);
                    store.write(tx -> {
                        tx.put(Entries.bytes(key), value);
                        tx.add(Entries.bytes("n"), 1);
                        return 0;
                    });
                    written.put(key, HistoryModel.text(value));
                }
            }
        }
        written.put("n", HistoryModel.text(Bytes.counter(180)));
    }

    @Test
    void whatIsServedIsRightOrItIsRefusedWithTheFilesName() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        for (String name : names()) {
            for (int i = 0; i < FLIPS_PER_FILE; i++) {
                Path copy = copyWithFlip(name, random);
                String said = look(copy);
                refused += said.startsWith("refused") ? 1 : 0;
                if (said.startsWith("wrong")) {
                    wrong.add(copy.getFileName() + ": " + said);
                }
            }
        }

        assertThat(wrong).as("seed %d", SEED).isEmpty();
        assertThat(refused).isGreaterThan(FLIPS_PER_FILE);
    }

    /// The test above can see: RocksDB without its checksums serves what it finds.
    @Test
    void withoutChecksumsWrongValuesAreFound() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        String table = names().stream().filter(n -> n.endsWith(".sst")).findFirst().orElseThrow();
        int wrong = 0;
        for (int i = 0; i < 40 && wrong == 0; i++) {
            Path copy = copyWithFlip(table, random);
            try (RocksFiles files = RocksFiles.open(copy, SMALL, TestKey.NONE);
                    ReadOptions trusting = new ReadOptions().setVerifyChecksums(false)) {
                for (Map.Entry<String, String> entry : written.entrySet()) {
                    byte[] value = files.db().get(trusting, Entries.bytes(entry.getKey()));
                    wrong += HistoryModel.text(value).equals(entry.getValue()) ? 0 : 1;
                }
            } catch (StoreException | org.rocksdb.RocksDBException e) {
                assertThat(e).isNotNull(); // found all the same, as in an index
            }
        }

        assertThat(wrong).isPositive();
    }

    private static String look(Path copy) {
        Map<String, String> found = new TreeMap<>();
        try (RocksStore store = RocksStore.open(copy, SMALL)) {
            store.<Integer>read(snapshot -> {
                try (Cursor cursor = snapshot.prefix(Entries.bytes("k"))) {
                    while (cursor.next()) {
                        found.put(
                                new String(cursor.key(), UTF_8), HistoryModel.text(cursor.value()));
                    }
                }
                byte[] counter = snapshot.get(Entries.bytes("n"));
                found.put("n", HistoryModel.text(counter));
                return 0;
            });
            if (found.equals(written)) {
                return "right";
            }
            Map<String, String> difference = new TreeMap<>(found);
            difference.entrySet().removeAll(written.entrySet());
            return "wrong: " + found.size() + " of " + written.size() + ", other " + difference;
        } catch (StoreException e) {
            String text = String.valueOf(e.getMessage());
            return text.contains(copy.toString()) ? "refused: " + text : "wrong message: " + text;
        }
    }

    private static Path copyWithFlip(String name, SplittableRandom random) throws IOException {
        long size = Files.size(whole.resolve(name));
        long offset = random.nextLong(size);
        int bit = random.nextInt(8);
        Path copy = parent.resolve(name + "-" + offset + "-" + bit);
        Files.createDirectories(copy);
        for (String each : names()) {
            byte[] bytes = Files.readAllBytes(whole.resolve(each));
            if (each.equals(name)) {
                bytes[(int) offset] ^= (byte) (1 << bit);
            }
            Files.write(copy.resolve(each), bytes);
        }
        return copy;
    }

    /// All files that hold something; RocksDB's own log of what it did is for people.
    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(whole)) {
            return files.filter(file -> file.toFile().length() > 0)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("LOG"))
                    .sorted()
                    .toList();
        }
    }
}

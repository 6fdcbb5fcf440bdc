package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The contract on an encrypted store; what is in its files, and what is refused.
final class SealedStoreTest implements StoreContract {
    private static final String PLANTED = "recognisable".repeat(3);

    @TempDir private Path parent;
    private Path directory;
    private RocksStore store;

    @BeforeEach
    void open() {
        directory = parent.resolve("store");
        store = open(TestKey.ENCRYPTED);
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
    void noFileHoldsAValue() throws IOException {
        assertThat(store.isEncrypted()).isTrue();
        plant();
        store.backup(parent.resolve("backups"), 1);
        assertThat(filesWith(PLANTED)).as("in the log").isEmpty();

        store.close();
        open(); // what is in the log goes into sorted files

        assertThat(filesWith(PLANTED)).isEmpty();
        assertThat(filesWith("in the key")).as("keys can be found").isNotEmpty();
    }

    @Test
    void emptyValuesStayEmpty() throws RocksDBException {
        plant();
        store.close();

        try (RocksFiles files = RocksFiles.openClosed(directory)) {
            assertThat(files.db().get(bytes("in the key"))).isEmpty();
        }
        store = open(TestKey.ENCRYPTED);
    }

    @Test
    void aClearStoreHoldsThem() throws IOException {
        directory = parent.resolve("clear");
        store.close();
        store = open(TestKey.NONE);
        plant();

        assertThat(store.isEncrypted()).isFalse();
        assertThat(filesWith(PLANTED)).isNotEmpty();
    }

    @Test
    void everyValueIsThereAfterAnotherOpening() {
        plant();
        Map<String, String> before = new TreeMap<>(contents());
        store.close();

        store = open(TestKey.encryption(Encryption.Wanted.AS_IT_IS, 7));

        assertThat(contents()).isEqualTo(before).hasSize(6);
        assertThat(Entries.counter(store, "count")).isEqualTo(5);
    }

    @Test
    void aCounterThatWasDeletedAndAddedToGoesOn() {
        for (int i = 1; i <= 3; i++) {
            store.write(tx -> {
                tx.add(bytes("n"), 40);
                tx.delete(bytes("n"));
                tx.add(bytes("n"), 2);
                tx.add(bytes("n"), 3);
                assertThat(Bytes.counter(tx.get(bytes("n")))).isEqualTo(5);
                return 0;
            });
            store.write(tx -> {
                tx.add(bytes("n"), 1);
                return 0;
            });
            assertThat(Entries.counter(store, "n")).isEqualTo(6);
        }
    }

    @Test
    void aValueThatWasAlteredStopsTheStore() throws RocksDBException {
        for (int bit = 0; bit < 8 * 40; bit += 7) {
            int flipped = bit;
            refusesAltered(
                    "a",
                    "a",
                    stored -> {
                        int at = (flipped / 8) % stored.length;
                        stored[at] ^= (byte) (1 << (flipped % 8));
                        return stored;
                    });
        }
    }

    @Test
    void aValueThatWasCutOrIsInTheOpenStopsTheStore() throws RocksDBException {
        refusesAltered("a", "a", stored -> Arrays.copyOf(stored, stored.length - 1));
        refusesAltered("a", "a", stored -> Arrays.copyOf(stored, 20));
        refusesAltered("a", "a", _ -> bytes("in the open"));
    }

    @Test
    void theValueOfAnotherKeyStopsTheStore() throws RocksDBException {
        refusesAltered("a", "b", stored -> stored);
    }

    /// Two that were written in the same way at different times.
    @Test
    void theValueOfAnotherStampStopsTheStore() throws RocksDBException {
        byte[] key = new KeyWriter(1).uint64(0).toBytes();
        for (int i = 0; i < 2; i++) {
            store.write(tx -> {
                tx.putStamped(key, 1, bytes("stamped"), Transaction.NO_STAMP);
                return 0;
            });
        }
        String[] keys = contents().keySet().toArray(String[]::new);
        assertThat(keys).hasSize(2);

        refusesAltered(keys[0], keys[1], stored -> stored);
    }

    @Test
    void aStampThatWasAlteredStopsTheStore() throws RocksDBException {
        store.write(tx -> {
            tx.putStamped(bytes("s"), Transaction.NO_STAMP, bytes("12345678 more"), 0);
            return 0;
        });

        refusesAltered(
                "s",
                "s",
                stored -> {
                    stored[1 + 4 + 8 + 6 + 7] ^= 1;
                    return stored;
                });
    }

    @Test
    void anotherKeyIsRefusedAndNothingIsChanged() throws IOException {
        plant();
        store.close();
        Map<String, String> before = files();

        assertThatThrownBy(() -> open(TestKey.encryption(Encryption.Wanted.ALWAYS, 8)))
                .isInstanceOf(StoreException.class)
                .hasMessage("the key is not the one");
        assertThatThrownBy(() -> RocksStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessage("it is encrypted, and no key was given");
        assertThatThrownBy(() -> open(TestKey.encryption(Encryption.Wanted.NEVER, 7)))
                .isInstanceOf(StoreException.class)
                .hasMessage(directory + " is encrypted, but is not to be");

        assertThat(files()).isEqualTo(before);
        store = open(TestKey.ENCRYPTED);
        assertThat(get(store, "a")).isEqualTo(PLANTED);
    }

    @Test
    void aDamagedFormatIsToldFromAWrongKey() throws IOException {
        store.close();
        Path format = directory.resolve("MILLRACE");
        byte[] whole = Files.readAllBytes(format);
        int second = Files.readString(format).indexOf('\n') + 1;

        for (int i = second; i < whole.length - 1; i += 5) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 1;
            Files.write(format, flipped);
            assertThatThrownBy(() -> open(TestKey.ENCRYPTED))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(format + " is damaged");
        }
        Files.write(format, whole);
        store = open(TestKey.ENCRYPTED);
    }

    /// As it was written before there was a checksum.
    @Test
    void aFormatWithoutAChecksumOpens() throws IOException {
        plant();
        store.close();
        Path format = directory.resolve("MILLRACE");
        Files.write(format, Files.readAllLines(format).subList(0, 2));

        store = open(TestKey.ENCRYPTED);

        assertThat(get(store, "a")).isEqualTo(PLANTED);
    }

    @Test
    void eachKeyThatItsDataKeyIsWrappedWithOpensIt() {
        plant();
        store.wrapDataKey(List.of(new TestKey((byte) 7), new TestKey((byte) 8)));
        for (int id = 7; id <= 8; id++) {
            store.close();
            store = open(TestKey.encryption(Encryption.Wanted.AS_IT_IS, id));
            assertThat(get(store, "a")).isEqualTo(PLANTED);
        }

        store.wrapDataKey(List.of(new TestKey((byte) 8)));
        store.close();

        assertThatThrownBy(() -> open(TestKey.ENCRYPTED)).hasMessage("the key is not the one");
        store = open(TestKey.encryption(Encryption.Wanted.AS_IT_IS, 8));
        assertThat(get(store, "a")).isEqualTo(PLANTED);
    }

    @Test
    void whatIsThereStaysAsItIs() throws IOException {
        store.close();
        directory = parent.resolve("clear");
        store = open(TestKey.NONE);
        put(store, "a", PLANTED);
        store.close();
        Map<String, String> before = files();

        assertThatThrownBy(() -> open(TestKey.ENCRYPTED))
                .isInstanceOf(StoreException.class)
                .hasMessage(directory + " is not encrypted, but is to be");
        assertThat(files()).isEqualTo(before);
        store = open(TestKey.encryption(Encryption.Wanted.WHEN_NEW, 7));
        assertThat(store.isEncrypted()).isFalse();
        assertThat(get(store, "a")).isEqualTo(PLANTED);
    }

    @Test
    void isBackedUpAndRestoredWithoutAKey() {
        plant();
        Map<String, String> before = new TreeMap<>(contents());
        store.backup(parent.resolve("backups"), 2);
        store.close();
        StoreBackups.take(directory, parent.resolve("backups"), 2);

        for (int number = 1; number <= 2; number++) {
            directory = parent.resolve("restored" + number);
            StoreBackups.restore(parent.resolve("backups"), number, directory);
            assertThat(StoreCheck.of(directory, null).damages()).isEmpty();
            assertThatThrownBy(() -> RocksStore.open(directory)).hasMessageContaining("no key");
            store = open(TestKey.ENCRYPTED);
            assertThat(contents()).isEqualTo(before);
            store.close();
        }
    }

    /// Values of every form.
    private void plant() {
        store.write(tx -> {
            put(tx, "a", PLANTED);
            put(tx, "large", PLANTED.repeat(1000));
            put(tx, "in the key", "");
            tx.putStamped(new byte[9], 1, bytes(PLANTED.repeat(20)), Transaction.NO_STAMP);
            tx.putStamped(bytes("s"), Transaction.NO_STAMP, bytes(PLANTED), 12);
            tx.add(bytes("count"), 2);
            return 0;
        });
        store.write(tx -> {
            tx.add(bytes("count"), 3);
            return 0;
        });
    }

    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        store.<Integer>read(snapshot -> {
            try (Cursor cursor =
                    snapshot.range(new byte[0], bytes("zz"), Snapshot.Direction.FORWARD)) {
                while (cursor.next()) {
                    contents.put(text(cursor.key()), text(cursor.value()));
                }
            }
            return 0;
        });
        return contents;
    }

    /// Puts what another key has into the files, changed, and back.
    private void refusesAltered(String key, String from, UnaryOperator<byte[]> change)
            throws RocksDBException {
        if (key.equals("a")) {
            put(store, "a", PLANTED);
            put(store, "b", PLANTED);
        }
        store.close();
        byte[] at = latin(key);
        byte[] was;
        try (RocksFiles files = RocksFiles.openClosed(directory)) {
            was = files.db().get(at);
            files.db().put(at, change.apply(files.db().get(latin(from))));
        }

        store = open(TestKey.ENCRYPTED);
        assertThatThrownBy(() -> store.<byte @Nullable []>read(snapshot -> snapshot.get(at)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the value at key " + HexFormat.of().formatHex(at));
        assertThatThrownBy(() -> put(store, "c", "1"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("opened again");
        store.close();

        try (RocksFiles files = RocksFiles.openClosed(directory)) {
            files.db().put(at, was);
        }
        store = open(TestKey.ENCRYPTED);
        assertThat(store.<byte @Nullable []>read(snapshot -> snapshot.get(at))).isNotNull();
    }

    private RocksStore open(Encryption encryption) {
        return RocksStore.open(directory, StoreOptions.DEFAULT, encryption);
    }

    private Stream<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(text))
                    .toList()
                    .stream();
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> all.put(file.toString(), read(file)));
        }
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// Data directories that become encrypted ones, or clear ones.
final class StoreConversionTest {
    private static final String PLANTED = "planted in a value, and long enough to be found. ";
    private static final String EIGHT = "8 bytes!";

    @TempDir private Path parent;

    @Test
    void makesAnEncryptedDirectoryOfAClearOne() throws IOException {
        Path clear = fill(TestKey.NONE);
        List<String> before = all(clear, TestKey.NONE);

        long count = convert(clear, "sealed", TestKey.NONE, TestKey.ENCRYPTED);

        assertThat(count).isEqualTo(before.size());
        assertThat(filesWith(PLANTED, "sealed")).isEmpty();
        assertThat(filesWith(EIGHT, "sealed")).isEmpty();
        assertThat(all(parent.resolve("sealed"), TestKey.ENCRYPTED)).isEqualTo(before);
        assertThat(all(clear, TestKey.NONE)).isEqualTo(before);
        assertThat(filesWith(PLANTED, "clear")).isNotEmpty();
        assertThatThrownBy(() -> RocksStore.open(parent.resolve("sealed")))
                .hasMessageContaining("no key");
    }

    @Test
    void makesAClearDirectoryOfAnEncryptedOne() throws IOException {
        Path sealed = fill(TestKey.ENCRYPTED);
        List<String> before = all(sealed, TestKey.ENCRYPTED);

        convert(sealed, "clear again", TestKey.ENCRYPTED, never());

        assertThat(all(parent.resolve("clear again"), TestKey.NONE)).isEqualTo(before);
    }

    @Test
    void aNewDataKeyIsNoneThatTheOldOneOpens() throws IOException {
        Path sealed = fill(TestKey.ENCRYPTED);
        List<String> before = all(sealed, TestKey.ENCRYPTED);
        Path again = parent.resolve("again");

        convert(sealed, "again", TestKey.ENCRYPTED, TestKey.ENCRYPTED);

        assertThat(all(again, TestKey.ENCRYPTED)).isEqualTo(before);
        Files.copy(
                sealed.resolve("MILLRACE"),
                again.resolve("MILLRACE"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> all(again, TestKey.ENCRYPTED))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not open");
    }

    @Test
    void versionsAndCountersGoOn() {
        Path clear = fill(TestKey.NONE);
        long version;
        try (RocksStore store = open(clear, TestKey.NONE)) {
            version = store.read(Snapshot::version);
        }
        Path sealed = parent.resolve("sealed");
        convert(clear, "sealed", TestKey.NONE, TestKey.ENCRYPTED);

        for (int opening = 1; opening <= 3; opening++) {
            try (RocksStore store = open(sealed, TestKey.ENCRYPTED)) {
                long next =
                        store.commit(
                                        tx -> {
                                            tx.add(bytes("count"), 1);
                                            return 0;
                                        })
                                .version();
                assertThat(next).isGreaterThan(version);
                version = next;
                assertThat(Entries.counter(store, "count")).isEqualTo(50 + opening);
            }
            assertThat(StoreCheck.of(sealed, TestKey.ENCRYPTED).damages()).isEmpty();
        }
    }

    @Test
    void whatWasInterruptedIsNoStoreAndBeginsAnew() throws IOException {
        Path clear = fill(TestKey.NONE);
        Path part = Files.createDirectory(parent.resolve("sealed.converting"));
        Files.writeString(part.resolve("CURRENT"), "half");
        assertThatThrownBy(() -> RocksStore.open(part))
                .hasMessageContaining("not a Millrace store");

        convert(clear, "sealed", TestKey.NONE, TestKey.ENCRYPTED);

        assertThat(all(parent.resolve("sealed"), TestKey.ENCRYPTED))
                .isEqualTo(all(clear, TestKey.NONE));
        assertThat(part).doesNotExist();
    }

    @Test
    void isNoStoreBeforeWhatLiesBesideItIsThere() throws IOException {
        Path clear = fill(TestKey.NONE);

        assertThatThrownBy(() ->
                        StoreConversion.convert(
                                clear,
                                TestKey.NONE,
                                parent.resolve("sealed"),
                                TestKey.ENCRYPTED,
                                _ -> false,
                                List.of("CURRENT"))) // is there already
                .hasMessageContaining("cannot convert");

        assertThat(parent.resolve("sealed.converting")).isNotEmptyDirectory();
        assertThatThrownBy(() -> open(parent.resolve("sealed.converting"), TestKey.ENCRYPTED))
                .hasMessageContaining("not a Millrace store");
    }

    @Test
    void refusesAPlaceThatIsNotEmptyAndAWrongKey() throws IOException {
        Path sealed = fill(TestKey.ENCRYPTED);

        assertThatThrownBy(() -> convert(sealed, "sealed", TestKey.ENCRYPTED, never()))
                .hasMessageContaining("sealed is not empty");
        assertThatThrownBy(() ->
                        convert(
                                sealed,
                                "new",
                                TestKey.encryption(Encryption.Wanted.AS_IT_IS, 8),
                                never()))
                .hasMessage("the key is not the one");
        assertThat(parent.resolve("new")).doesNotExist();
    }

    @Test
    void whoMayEnterTheOldDirectoryMayEnterTheNewOne() throws IOException {
        Path clear = fill(TestKey.NONE);
        Files.setPosixFilePermissions(clear, PosixFilePermissions.fromString("rwx--x---"));
        Files.createDirectory(parent.resolve("sealed"));

        convert(clear, "sealed", TestKey.NONE, TestKey.ENCRYPTED);

        assertThat(Files.getPosixFilePermissions(parent.resolve("sealed")))
                .isEqualTo(PosixFilePermissions.fromString("rwx--x---"));
    }

    @Test
    void refusesASymbolicLinkToAnEmptyDirectory() throws IOException {
        Path clear = fill(TestKey.NONE);
        Path target = Files.createDirectory(parent.resolve("target"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), target);

        assertThatThrownBy(() -> convert(clear, "link", TestKey.NONE, TestKey.ENCRYPTED))
                .hasMessageContaining("is a symbolic link; nothing was written");

        assertThat(link).isSymbolicLink();
        assertThat(parent.resolve("link.converting")).doesNotExist();
    }

    @Test
    void filesBesideTheStoreComeAlong() throws IOException {
        Path clear = fill(TestKey.NONE);
        Files.writeString(clear.resolve("mine"), "x");

        convert(clear, "sealed", TestKey.NONE, TestKey.ENCRYPTED);

        assertThat(parent.resolve("sealed/mine")).hasContent("x");
    }

    /// Values of every form, in sorted files and in the log.
    private Path fill(Encryption encryption) {
        Path directory =
                parent.resolve(
                        encryption.wanted() == Encryption.Wanted.ALWAYS ? "sealed" : "clear");
        for (int opening = 0; opening < 2; opening++) {
            try (RocksStore store = open(directory, encryption)) {
                for (int i = 0; i < 25; i++) {
                    int number = i;
                    store.write(tx -> {
                        put(tx, "a" + number, PLANTED + number);
                        put(tx, "large" + number, PLANTED.repeat(100));
                        put(tx, "eight", EIGHT);
                        put(tx, "empty", "");
                        tx.putStamped(
                                new byte[9], 1, bytes(PLANTED.repeat(20)), Transaction.NO_STAMP);
                        tx.putStamped(bytes("s"), Transaction.NO_STAMP, bytes(PLANTED), 12);
                        tx.add(bytes("count"), 1);
                        tx.delete(bytes("a" + (number - 3)));
                        return 0;
                    });
                }
            }
        }
        return directory;
    }

    private long convert(Path from, String to, Encryption reading, Encryption making) {
        return StoreConversion.convert(
                from,
                reading,
                parent.resolve(to),
                making,
                key -> new String(key, StandardCharsets.US_ASCII).equals("count"),
                List.of("mine"));
    }

    private static Encryption never() {
        return TestKey.encryption(Encryption.Wanted.NEVER, 7);
    }

    private static RocksStore open(Path directory, Encryption encryption) {
        return RocksStore.open(directory, StoreOptions.DEFAULT, encryption);
    }

    private static List<String> all(Path directory, Encryption encryption) {
        try (RocksStore store = open(directory, encryption)) {
            return store.read(snapshot -> {
                List<String> all = new java.util.ArrayList<>();
                try (Cursor cursor =
                        snapshot.range(new byte[0], bytes("zz"), Snapshot.Direction.FORWARD)) {
                    while (cursor.next()) {
                        all.add(
                                new String(cursor.key(), StandardCharsets.ISO_8859_1)
                                        + "="
                                        + new String(cursor.value(), StandardCharsets.ISO_8859_1));
                    }
                }
                return all;
            });
        }
    }

    private List<Path> filesWith(String text, String directory) throws IOException {
        try (Stream<Path> files = Files.list(parent.resolve(directory))) {
            return files.filter(file -> read(file).contains(text)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

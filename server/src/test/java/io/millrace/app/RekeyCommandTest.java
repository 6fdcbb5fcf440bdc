package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.Encryption;
import io.millrace.engine.RocksStore;
import io.millrace.engine.StoreException;
import io.millrace.engine.StoreOptions;
import io.millrace.secret.MasterKey;
import io.millrace.secret.SecretException;
import io.millrace.secret.Secrets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/// Another master key, whole and half.
class RekeyCommandTest {
    private static final String OLD = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String NEW = OLD.replace("AAAA", "BBBB");
    private static final int STEPS = 5;
    private static final int SECRETS_CHANGED = 4;
    private static final byte[] VALUE = "value".getBytes(UTF_8);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Random random = new Random(1);

    @TempDir private Path folder;

    private byte[] sealed = new byte[0];

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyFromOutsideIsReplacedByAnother(boolean encrypted) throws Exception {
        fill(OLD, encrypted);

        assertThat(rekey(OLD, NEW)).as(errors()).isZero();

        assertThat(opened(NEW)).isEqualTo(VALUE);
        assertThatThrownBy(() -> opened(OLD))
                .isInstanceOfAny(StoreException.class, SecretException.class)
                .hasMessageContaining("the master key that was given is not the one");
        assertThat(out.toString(UTF_8)).contains("the master key is changed; start the server");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyInTheDirectoryIsReplacedByANewOneAndKept(boolean encrypted) throws Exception {
        fill(null, encrypted);
        String before = Files.readString(data().resolve("master.key"));

        assertThat(rekey(null, null)).as(errors()).isZero();
        assertThat(rekey(null, null)).as(errors()).isZero();

        assertThat(opened(null)).isEqualTo(VALUE);
        assertThat(data().resolve("master.key.old")).hasContent(before);
        assertThat(data().resolve("master.key.old2")).exists();
        assertThat(data().resolve("master.key.new")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(data().resolve("master.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(data().resolve("master.key"))).isNotEqualTo(before);
        assertThat(out.toString(UTF_8)).contains("need the old one, which is kept in");
        Millrace.start(Configuration.of(data())).close();
    }

    /// Fails when files keep the secrets' key as the old master key sealed it.
    @Test
    void noFileHoldsWhatTheOldKeySealed() throws Exception {
        fill(OLD, false);
        byte[] wrapped;
        try (RocksStore store = open(OLD)) {
            wrapped = store.read(s -> Objects.requireNonNull(s.get(Secrets.wrappedKey())));
        }
        assertThat(filesWith(wrapped)).isNotEmpty();

        assertThat(rekey(OLD, NEW)).as(errors()).isZero();

        assertThat(filesWith(wrapped)).isEmpty();
        assertThat(opened(NEW)).isEqualTo(VALUE);
    }

    @Test
    void aKeyInTheDirectoryMovesOutOfIt() throws Exception {
        fill(null, true);

        assertThat(rekey(null, NEW)).as(errors()).isZero();

        assertThat(data().resolve("master.key")).doesNotExist();
        assertThat(data().resolve("master.key.old")).exists();
        assertThat(opened(NEW)).isEqualTo(VALUE);
    }

    @Test
    void whatWasInterruptedAnywhereIsCompletedByAnotherRun() throws Exception {
        for (int steps = 0; steps <= STEPS + 1; steps++) {
            fill(null, true);
            MasterKey old = MasterKey.of(null, data().resolve("master.key"));
            MasterKey next = MasterKey.of(null, data().resolve("master.key.new"));
            begin(old, next, Math.min(steps, STEPS));
            if (steps > STEPS) { // the old key is kept, and still in its place
                Files.createLink(data().resolve("master.key.old"), data().resolve("master.key"));
            }
            Path unfinished = Files.createFile(data().resolve("MILLRACE123.tmp"));
            if (steps < SECRETS_CHANGED) {
                assertThat(opened(null)).as("after %d steps", steps).isEqualTo(VALUE);
            } else {
                assertThatThrownBy(() -> opened(null)).hasMessageContaining("run it again");
            }

            assertThat(rekey(null, null)).as("after %d steps: %s", steps, errors()).isZero();

            assertThat(opened(null)).as("after %d steps", steps).isEqualTo(VALUE);
            assertThat(data().resolve("master.key.old2")).doesNotExist();
            assertThat(unfinished).doesNotExist();
            folder = folder.resolve("next");
        }
    }

    @Test
    void aThirdKeyBehindAnInterruptedOneIsRefusedAndChangesNothing() throws Exception {
        fill(OLD, true);
        MasterKey old = MasterKey.of(OLD, data().resolve("master.key"));
        begin(old, MasterKey.of(NEW, data().resolve("master.key.new")), SECRETS_CHANGED);
        String format = Files.readString(data().resolve("MILLRACE"));

        assertThat(rekey(OLD, NEW.replace('B', 'C'))).isEqualTo(1);

        assertThat(errors()).contains("a third one is, that of an earlier rekey?");
        assertThat(Files.readString(data().resolve("MILLRACE"))).isEqualTo(format);
        assertThat(rekey(OLD, NEW)).as(errors()).isZero();
        assertThat(opened(NEW)).isEqualTo(VALUE);
    }

    @Test
    void aRefusedOneLeavesNoNewKeyInAClearDirectory() throws Exception {
        fill(OLD, false);
        Files.writeString(data().resolve("master.key"), NEW);

        assertThat(rekey(null, null)).isEqualTo(1);

        assertThat(errors())
                .contains("the one that the secrets in the data directory were sealed with");
        assertThat(data().resolve("master.key.new")).doesNotExist();
    }

    @Test
    void saysInALineWhatIsWrongAndChangesNothing() throws Exception {
        fill(OLD, true);
        String format = Files.readString(data().resolve("MILLRACE"));

        assertThat(rekey(NEW, NEW.replace('B', 'C'))).isEqualTo(1);
        assertThat(rekey(OLD, null)).isEqualTo(1);
        assertThat(rekey(OLD, OLD)).isEqualTo(1);
        assertThat(rekey(OLD, "short")).isEqualTo(1);
        assertThat(Files.readString(data().resolve("MILLRACE"))).isEqualTo(format);
        try (RocksStore _ = open(OLD)) {
            assertThat(rekey(OLD, NEW)).isEqualTo(1);
        }
        folder = folder.resolve("nothing");
        assertThat(rekey(OLD, NEW)).isEqualTo(1);

        assertThat(errors().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("is not the one that the data directory"),
                        line -> assertThat(line).contains("say where the new master key is"),
                        line -> assertThat(line).contains("the new master key is the old one"),
                        line -> assertThat(line).contains("is not 32 bytes in base 64"),
                        line -> assertThat(line).contains("another store in this process uses"),
                        line -> assertThat(line).contains("there is no store in"));
    }

    private List<Path> filesWith(byte[] sought) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (text(Files.readAllBytes(file)).contains(text(sought))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void fill(@Nullable String key, boolean encrypted) {
        Configuration configuration =
                Configuration.of(data())
                        .withMasterKey(key)
                        .withEncryption(
                                encrypted ? Encryption.Wanted.ALWAYS : Encryption.Wanted.NEVER);
        try (RocksStore store =
                RocksStore.open(data(), StoreOptions.DEFAULT, configuration.encryption(random))) {
            sealed = new Secrets(store, random, configuration.masterKey()).seal(VALUE, "context");
        }
    }

    private RocksStore open(@Nullable String key) {
        return RocksStore.open(
                data(),
                StoreOptions.DEFAULT,
                Configuration.of(data()).withMasterKey(key).encryption(random));
    }

    private void begin(MasterKey old, MasterKey next, int steps) {
        Encryption reading =
                new Encryption(Encryption.Wanted.AS_IT_IS, old.wrapping(random), random);
        try (RocksStore store = RocksStore.open(data(), StoreOptions.DEFAULT, reading)) {
            List<Runnable> all = RekeyCommand.steps(store, old, next, random);
            assertThat(all).hasSize(STEPS);
            all.subList(0, steps).forEach(Runnable::run);
        }
    }

    private byte[] opened(@Nullable String key) {
        Configuration configuration = Configuration.of(data()).withMasterKey(key);
        try (RocksStore store = open(key)) {
            return new Secrets(store, random, configuration.masterKey()).open(sealed, "context");
        }
    }

    private int rekey(@Nullable String from, @Nullable String to) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_DATA", data().toString());
        if (from != null) {
            environment.put("MILLRACE_MASTER_KEY", from);
        }
        if (to != null) {
            environment.put("MILLRACE_NEW_MASTER_KEY", to);
        }
        return new Main(
                        environment,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run("rekey");
    }

    private String errors() {
        return err.toString(UTF_8);
    }
}

package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.Encryption;
import io.millrace.engine.RocksStore;
import io.millrace.engine.StoreOptions;
import io.millrace.secret.MasterKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;

class ConvertCommandTest {
    private static final String OTHER = Base64.getEncoder().encodeToString(new byte[32]);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path folder;

    @Test
    void aServerStartsWithWhatWasMadeAndKnowsTheSecrets() throws Exception {
        assertThat(run("iam", "create-admin", "--data", path("clear"))).isZero();

        assertThat(run("convert", path("sealed"), "--data", path("clear"), "--encrypt")).isZero();
        assertThat(run("check", "--data", path("sealed"))).isZero();
        assertThat(run("convert", path("again"), "--data", path("sealed"), "--encrypt=false"))
                .isZero();

        assertThat(err.toString(UTF_8)).isEmpty();
        assertThat(out.toString(UTF_8)).contains("every value opens");
        for (String made : new String[] {"sealed", "again"}) {
            try (Millrace millrace = Millrace.start(Configuration.of(folder.resolve(made)))) {
                assertThat(millrace.isEncrypted()).isEqualTo(made.equals("sealed"));
                assertThat(millrace.believesEveryone()).isFalse();
            }
        }
    }

    @Test
    void saysInALineWhatIsWrong() {
        assertThat(run("convert", path("new"), "--data", path("none"), "--encrypt")).isEqualTo(1);
        assertThat(run("iam", "create-admin", "--data", path("clear"))).isZero();
        assertThat(run("convert", path("clear"), "--data", path("clear"), "--encrypt"))
                .isEqualTo(1);

        assertThat(err.toString(UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("there is no store in "),
                        line -> assertThat(line).contains("clear is not empty"));
        assertThat(run("convert", path("new"), "--data", path("clear"))).isEqualTo(2);
    }

    @Test
    void refusesAKeyThatIsNotTheOneOfTheSecretsOfAClearDirectory() {
        assertThat(run("iam", "create-admin", "--data", path("clear"))).isZero();

        assertThat(convert(OTHER)).isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains("is not the one that the secrets in the data");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    /// Else the new key would be lost with the old directory.
    @Test
    void refusesADirectoryWhoseRekeyWasInterruptedBehindTheSecrets() {
        assertThat(run("iam", "create-admin", "--data", path("clear"), "--encrypt")).isZero();
        Path file = folder.resolve("clear/master.key");
        MasterKey old = MasterKey.of(null, file);
        MasterKey next = MasterKey.of(null, MasterKey.whileReplacing(file));
        Random random = new Random(1);
        Encryption reading =
                new Encryption(Encryption.Wanted.AS_IT_IS, old.wrapping(random), random);
        try (RocksStore store =
                RocksStore.open(folder.resolve("clear"), StoreOptions.DEFAULT, reading)) {
            assertThat(store.isEncrypted()).isTrue();
            RekeyCommand.steps(store, old, next, random).subList(0, 4).forEach(Runnable::run);
        }

        assertThat(run("convert", path("new"), "--data", path("clear"), "--encrypt")).isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains("'millrace rekey' was interrupted, run it again");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void aKeyThatWasToldStaysOutsideOfTheNewDirectory() throws Exception {
        assertThat(run("iam", "create-admin", "--data", path("clear"))).isZero();
        String key = Files.readString(folder.resolve("clear/master.key"));

        assertThat(convert(key)).as(err.toString(UTF_8)).isZero();

        assertThat(folder.resolve("new/master.key")).doesNotExist();
        Millrace.start(Configuration.of(folder.resolve("new")).withMasterKey(key)).close();
    }

    private int convert(String key) {
        return run(
                Map.of("MILLRACE_MASTER_KEY", key),
                "convert",
                path("new"),
                "--data",
                path("clear"),
                "--encrypt");
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        return new Main(
                        environment,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.identity.Administrators;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

class IamCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path folder;

    private int run(String... arguments) {
        return new Main(
                        Map.of("MILLRACE_DATA", folder.resolve("data").toString()),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    @Test
    void theFirstAdministratorOfADirectoryMakesItsServersWantSignatures() throws Exception {
        Configuration configuration = Configuration.of(folder.resolve("data"));

        assertThat(run("iam", "create-admin")).isZero();

        assertThat(out.toString(UTF_8))
                .contains("# admin may do everything in the account 000000000000")
                .containsPattern("export AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\n")
                .containsPattern("export AWS_SECRET_ACCESS_KEY=[A-Za-z0-9+/]{40}\n");
        try (Millrace millrace = Millrace.start(configuration)) {
            assertThat(millrace.believesEveryone()).isFalse();
        }
    }

    @Test
    void aRunningServerMakesAnAdministratorToo() throws Exception {
        Configuration configuration = Configuration.of(folder.resolve("data"));
        try (Millrace millrace = Millrace.start(configuration)) {
            assertThat(run("iam", "create-admin", "--user", "ops")).isZero();
            assertThat(millrace.believesEveryone()).isTrue();
        }

        assertThat(out.toString(UTF_8)).contains("# ops may do everything");
        try (Store store = RocksStore.open(folder.resolve("data"))) {
            assertThat(Administrators.areThere(store)).isTrue();
            assertThat(Administrators.haveKeys(store)).isTrue();
        }
    }

    @Test
    void saysInALineWhatIsWrong() {
        assertThat(run("iam", "create-admin", "--user", "a b")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("millrace: a user's name is at most 64 letters");
        assertThat(run("iam", "create-admin")).isZero();
        assertThat(run("iam", "create-admin")).isZero();
        assertThat(run("iam", "create-admin")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("has 2 access keys, as many as may be");
        assertThat(run("iam")).isEqualTo(2);
    }

    @Test
    void signaturesAreNotWantedWhereNobodyHasAKey() {
        Configuration secure = Configuration.of(folder.resolve("data")).withSecure(true);

        assertThatThrownBy(() -> Millrace.start(secure))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("requests must be signed, and nobody has a key: make an");
        assertThat(folder.resolve("data")).doesNotExist();
    }
}

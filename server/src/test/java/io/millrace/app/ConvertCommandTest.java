package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

class ConvertCommandTest {
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

    private int run(String... arguments) {
        return new Main(
                        Map.of(),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

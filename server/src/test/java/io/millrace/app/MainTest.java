package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path folder;

    private int run(Map<String, String> environment, String... arguments) {
        return new Main(
                        environment,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    private String errors() {
        return err.toString(UTF_8);
    }

    @Test
    void printsItsVersionAndItsHelp() {
        assertThat(run(Map.of(), "version")).isZero();
        assertThat(run(Map.of(), "help")).isZero();
        assertThat(run(Map.of(), "start", "--help")).isZero();

        assertThat(out.toString(UTF_8))
                .contains("millrace " + Millrace.version())
                .contains("Usage: millrace COMMAND")
                .contains("--port=PORT")
                .contains("MILLRACE_ACCESS_KEY_ID");
        assertThat(errors()).isEmpty();
    }

    @Test
    void refusesUnknownOptionsAndCommands() {
        assertThat(run(Map.of(), "start", "--prot", "1")).isEqualTo(2);
        assertThat(errors()).contains("Unknown options: '--prot'");
        assertThat(run(Map.of(), "strat")).isEqualTo(2);
        assertThat(run(Map.of(), "start", "--port", "x")).isEqualTo(2);
        assertThat(errors()).contains("Invalid value for option '--port'");
    }

    @Test
    void refusesUnknownKeysInTheEnvironment() {
        int status = run(Map.of("MILLRACE_PROT", "1", "OTHER", "x"), "start");

        assertThat(status).isEqualTo(2);
        assertThat(errors())
                .startsWith("millrace: unknown in the environment: MILLRACE_PROT (known are");
    }

    @Test
    void refusesStreamsThatAreOutOfBounds() {
        assertThat(run(Map.of("MILLRACE_STREAM_RETENTION", "0"), "start")).isEqualTo(2);
        assertThat(run(Map.of(), "start", "--stream-shards", "257")).isEqualTo(2);
        assertThat(run(Map.of(), "start", "--stream-shard-records", "0")).isEqualTo(2);
        assertThat(run(Map.of(), "start", "--stream-shard-minutes", "-1")).isEqualTo(2);

        assertThat(errors())
                .contains("--stream-retention is 0, which is not between 1 and 87600")
                .contains("--stream-shards is 257, which is not between 1 and 256");
    }

    @Test
    void refusesToExplainWhatIsNoEvent() throws IOException {
        Path file = folder.resolve("event.json");
        String[] line = {"explain", "--event", file.toString()};

        Files.writeString(file, "{\"a\": x}");
        assertThat(run(Map.of(), line)).isEqualTo(1);
        Files.writeString(file, "[" + "1".repeat(1001) + "]");
        assertThat(run(Map.of(), line)).isEqualTo(1);
        Files.writeString(file, "[".repeat(1100) + "]".repeat(1100));
        assertThat(run(Map.of(), line)).isEqualTo(1);

        assertThat(errors())
                .contains("event.json is not JSON: Unrecognized token 'x'", "(line 1, column 7)")
                .contains("event.json cannot be read: Number value length (1001)")
                .contains("event.json cannot be read: Document nesting depth (1009)")
                .doesNotContain("Exception");
    }

    @Test
    void refusesHalfACredential() {
        assertThat(run(Map.of("MILLRACE_ACCESS_KEY_ID", "a"), "start")).isEqualTo(2);
        assertThat(errors()).contains("belong together");
    }

    @Test
    void readsOptionsFromTheEnvironmentUnlessTheyAreGiven() {
        Map<String, String> environment =
                Map.of("MILLRACE_HOST", "0.0.0.0", "MILLRACE_DATA", folder.toString());

        assertThat(run(environment, "start")).isEqualTo(1);
        assertThat(errors()).startsWith("millrace: listening on 0.0.0.0 without credentials");
        assertThat(run(environment, "start", "--host", "no.such.host.invalid")).isEqualTo(1);
        assertThat(errors()).contains("millrace: the host no.such.host.invalid is not known");
        assertThat(run(Map.of("MILLRACE_PORT", "x"), "start")).isEqualTo(2);
    }

    @Test
    void takesTheMasterKeyFromOnePlaceOnly() {
        int status =
                run(
                        Map.of("MILLRACE_MASTER_KEY", "x"),
                        "start",
                        "--port",
                        "0",
                        "--data",
                        folder.resolve("data").toString(),
                        "--master-key-command",
                        "echo x");

        assertThat(status).isEqualTo(1);
        assertThat(errors()).contains("exclude each other");
    }

    @Test
    void refusesAnEncryptedDirectoryWithoutItsKeyInALineAndChangesNothing() throws Exception {
        Path data = folder.resolve("data");
        String key =
                Base64.getEncoder().encodeToString("0123456789abcdef".repeat(2).getBytes(UTF_8));
        String other = Base64.getEncoder().encodeToString(new byte[32]);
        Map<String, String> right =
                Map.of("MILLRACE_DATA", data.toString(), "MILLRACE_MASTER_KEY", key);
        assertThat(run(right, "iam", "create-admin")).isZero();
        Map<String, Long> before = files(data);

        assertThat(
                        run(
                                Map.of(
                                        "MILLRACE_DATA",
                                        data.toString(),
                                        "MILLRACE_MASTER_KEY",
                                        other),
                                "start",
                                "--port",
                                "0"))
                .isEqualTo(1);
        assertThat(errors())
                .isEqualTo(
                        "millrace: the master key that was given is not the one that the"
                                + " data directory is encrypted with\n");
        err.reset();
        assertThat(run(Map.of("MILLRACE_DATA", data.toString()), "iam", "create-admin"))
                .isEqualTo(1);
        assertThat(errors())
                .isEqualTo(
                        "millrace: the data directory is encrypted, and there is no master key in "
                                + data.resolve("master.key")
                                + "\n");
        err.reset();
        assertThat(run(right, "start", "--port", "0", "--encrypt=false")).isEqualTo(1);
        assertThat(errors()).isEqualTo("millrace: " + data + " is encrypted, but is not to be\n");

        assertThat(files(data)).isEqualTo(before);
        assertThat(run(right, "iam", "create-admin")).isZero();
        assertThat(run(Map.of(), "check", "--data", data.toString())).isEqualTo(1);
        assertThat(run(right, "check")).isZero();
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                sizes.put(file.toString(), Files.size(file));
            }
        }
        return sizes;
    }

    @Test
    void refusesWhatTheCommandForTheMasterKeyPrintsWhenItIsNone() {
        String data = folder.resolve("data").toString();

        int failed =
                run(
                        Map.of(),
                        "start",
                        "--port",
                        "0",
                        "--data",
                        data,
                        "--master-key-command",
                        "false");
        int none =
                run(
                        Map.of(),
                        "start",
                        "--port",
                        "0",
                        "--data",
                        data,
                        "--master-key-command",
                        "echo x");

        assertThat(failed).isEqualTo(1);
        assertThat(none).isEqualTo(1);
        assertThat(errors())
                .contains("--master-key-command ended with status 1")
                .contains("is not 32 bytes in base 64")
                .doesNotContain("echo x");
    }
}

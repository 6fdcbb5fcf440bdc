package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/// The main job: the orders example, all of it, with the server killed in the middle. The demo
/// counts by itself, and its exit status is 0 only when nothing is missing.
final class DemoTest {

    private static final long MINUTES_MAX = 5;

    @TempDir private Path folder;

    @Test
    void losesNoOrderThoughTheServerIsKilled() throws Exception {
        Path output = folder.resolve("output");
        Process demo =
                new ProcessBuilder(
                                java(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.example.orders.Demo",
                                "--launcher",
                                launcher().toString(),
                                "--orders",
                                "300",
                                "--rate",
                                "150",
                                "--kill")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();

        boolean ended = demo.waitFor(MINUTES_MAX, TimeUnit.MINUTES);

        String told = Files.readString(output);
        assertThat(ended).as(told).isTrue();
        assertThat(demo.exitValue()).as(told).isZero();
        assertThat(told)
                .contains("Killed the server with SIGKILL")
                .contains("Orders accepted: 300 of 300")
                .contains("Nothing is missing.");
    }

    /// A script that becomes the server, on this test's own class path.
    private Path launcher() throws IOException {
        Path script =
                Files.createFile(
                        folder.resolve("launcher"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(
                script,
                """
                #!/bin/sh
                exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' io.millrace.app.Main "$@"
                """
                        .formatted(java(), System.getProperty("java.class.path")),
                StandardCharsets.UTF_8);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}

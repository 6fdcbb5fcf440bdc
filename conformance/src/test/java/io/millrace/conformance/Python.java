package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.junit.MillraceServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Scripts for python3 with boto3, where that is on the machine.
final class Python {

    /// How a script ended.
    record Answer(int status, String output) {}

    private final Path folder;

    /// @param folder for the scripts
    Python(Path folder) {
        this.folder = folder;
    }

    boolean hasBoto3() throws InterruptedException {
        try {
            return run(Map.of(), "-c", "import boto3").status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Runs a script of the tests' resources against a server.
    Answer run(String resource, MillraceServer server) throws IOException, InterruptedException {
        Path session = folder.resolve("session.py");
        try (var script = Objects.requireNonNull(Python.class.getResourceAsStream(resource))) {
            Files.copy(script, session);
        }
        return run(
                Map.of(
                        "AWS_ENDPOINT_URL", server.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID", "development",
                        "AWS_SECRET_ACCESS_KEY", "development",
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_MAX_ATTEMPTS", "1"),
                session.toString());
    }

    private Answer run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("python3").directory(folder.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Answer(process.exitValue(), output);
    }
}

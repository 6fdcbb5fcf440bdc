package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// boto3 works with the server as it does with AWS. It checks checksums itself, and understands
/// errors by names that other SDKs do not use, SQS's old ones among them.
final class Boto3Test {

    private static final String SESSION = "/boto3/session.py";

    private record Answer(int status, String output) {}

    @TempDir private Path folder;

    @Test
    void theSessionHolds() throws Exception {
        assumeTrue(hasBoto3(), "python3 with boto3 is not on this machine");
        Path session = folder.resolve("session.py");
        try (var script = Objects.requireNonNull(Boto3Test.class.getResourceAsStream(SESSION))) {
            Files.copy(script, session);
        }
        try (MillraceServer server = MillraceServer.start()) {
            Answer answer =
                    python(
                            Map.of(
                                    "AWS_ENDPOINT_URL", server.endpoint().toString(),
                                    "AWS_ACCESS_KEY_ID", "development",
                                    "AWS_SECRET_ACCESS_KEY", "development",
                                    "AWS_DEFAULT_REGION", "us-east-1",
                                    "AWS_MAX_ATTEMPTS", "1"),
                            session.toString());

            assertThat(answer.status()).as(answer.output()).isZero();
        }
    }

    private boolean hasBoto3() throws InterruptedException {
        try {
            return python(Map.of(), "-c", "import boto3").status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Answer python(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("python3").directory(folder.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Answer(process.exitValue(), output);
    }
}

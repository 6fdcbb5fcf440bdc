package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.Encryption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

class CheckCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path data;

    private int run(String... arguments) {
        return new Main(
                        Map.of("MILLRACE_DATA", data.toString()),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(arguments);
    }

    @Test
    void findsDamageWhichTheServerRefusesAndRepairsIt() throws Exception {
        try (Millrace millrace = Millrace.start(Configuration.of(data))) {
            for (int i = 0; i < 20; i++) {
                createQueue(millrace, "queue" + i);
            }
        }
        assertThat(run("check")).isZero();
        assertThat(out.toString(UTF_8)).contains("nothing is damaged");

        Path log = log();
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);

        assertThat(run("check")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("damaged: " + log + " is damaged at offset ");
        assertThatThrownBy(() -> Millrace.start(Configuration.of(data)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("acknowledged are lost");
        assertThat(run("repair")).isEqualTo(1);
        assertThat(Files.readAllBytes(log)).isEqualTo(bytes);
        assertThat(run("repair", "--yes")).isZero();
        assertThat(out.toString(UTF_8)).contains("writes to SQS");
        assertThat(run("check")).isZero();
        Millrace.start(Configuration.of(data)).close();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aClearDirectoryNeedsNoKeyAndAnEncryptedOneIsVerifiedWithoutIt() throws Exception {
        Millrace.start(Configuration.of(data)).close();
        Files.writeString(data.resolve("master.key"), "trunc");

        assertThat(run("check", "--master-key-command", "false")).isZero();
        assertThat(run("check")).isZero();
        assertThat(run("repair")).isZero();

        Configuration encrypted =
                Configuration.of(data.resolve("encrypted"))
                        .withEncryption(Encryption.Wanted.ALWAYS);
        Millrace.start(encrypted).close();
        Files.writeString(data.resolve("encrypted/master.key"), "trunc");
        String directory = data.resolve("encrypted").toString();

        assertThat(run("check", "--data", directory)).isEqualTo(1);
        assertThat(run("check", "--data", directory, "--master-key-command", "false")).isEqualTo(1);
        assertThat(run("repair", "--data", directory)).isZero();
        assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("not opened")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("is not 32 bytes in base 64"),
                        line -> assertThat(line).contains("ended with status 1"),
                        line -> assertThat(line).endsWith("were not opened"));
        assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("nothing is damaged")))
                .hasSize(6);
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void saysWhenThereIsNothingToCheckOrAServerUsesIt() throws Exception {
        assertThat(run("check")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("millrace: there is no store in ");
        try (Millrace _ = Millrace.start(Configuration.of(data))) {
            assertThat(run("check")).isEqualTo(1);
        }
        assertThat(err.toString(UTF_8)).contains(" uses ");
    }

    private static void createQueue(Millrace millrace, String name)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + "/"))
                        .header("X-Amz-Target", "AmazonSQS.CreateQueue")
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=x/20261124/us-east-1/sqs/aws4_request,"
                                        + " SignedHeaders=host;x-amz-date, Signature=00")
                        .header("X-Amz-Date", "20261124T030000Z")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"QueueName\": \"" + name + "\"}"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    private Path log() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.toString().endsWith(".log")).findAny().orElseThrow();
        }
    }
}

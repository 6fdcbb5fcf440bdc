package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Encryption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Data that an older version wrote: `store-1.zip` is a data directory of November 2026 with a
/// table, a queue with a message, a topic, a rule and a schedule. It is never written again; a
/// change of format brings a second one.
class OlderDataTest {
    @TempDir private Path data;

    @Test
    void opensWhatAnOlderVersionWrote() throws Exception {
        unpack();

        try (Millrace millrace = Millrace.start(Configuration.of(data))) {
            assertThat(
                            call(
                                    millrace,
                                    "DynamoDB_20120810.GetItem",
                                    "{\"TableName\": \"orders\", \"Key\": {\"id\": {\"S\":"
                                            + " \"1\"}}}"))
                    .contains("\"total\":{\"N\":\"12.5\"}");
            String queue =
                    millrace.endpoint() + "/000000000000/work\", \"MaxNumberOfMessages\": 10";
            assertThat(
                            call(
                                    millrace,
                                    "AmazonSQS.ReceiveMessage",
                                    "{\"QueueUrl\": \"" + queue + "}"))
                    .contains("\"Body\":\"hello\"");
            assertThat(call(millrace, "AWSEvents.ListTargetsByRule", "{\"Rule\": \"paid\"}"))
                    .contains("arn:aws:sqs:us-east-1:000000000000:work");
            call(
                    millrace,
                    "AWSEvents.PutEvents",
                    "{\"Entries\": [{\"Source\": \"shop\", \"DetailType\": \"d\", \"Detail\":"
                            + " \"{}\"}]}");
            assertThat(
                            call(
                                    millrace,
                                    "AmazonSQS.ReceiveMessage",
                                    "{\"QueueUrl\": \"" + queue + "}"))
                    .contains("\\\"source\\\":\\\"shop\\\"");
            assertThat(send(millrace, "GET", "scheduler", "", "/schedules/later", "").body())
                    .contains("at(2099-01-01T00:00:00)");
            assertThat(
                            send(
                                            millrace,
                                            "POST",
                                            "sns",
                                            "",
                                            "/",
                                            "Action=ListSubscriptions&Version=2010-03-31")
                                    .body())
                    .contains("arn:aws:sns:us-east-1:000000000000:news");
        }
    }

    @Test
    void refusesANewerAndAForeignFormat() throws IOException {
        unpack();
        Files.writeString(data.resolve("MILLRACE"), "millrace store 2\n");

        assertThatThrownBy(() -> Millrace.start(Configuration.of(data)))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        data.toAbsolutePath()
                                + " holds \"millrace store 2\"; this version reads \"millrace store"
                                + " 1\" and \"millrace encrypted store 1\" only");

        Files.delete(data.resolve("MILLRACE"));
        assertThatThrownBy(() -> Millrace.start(Configuration.of(data)))
                .hasMessageContaining("holds a database that is not a Millrace store");
    }

    @Test
    void staysAsItIsAndIsRefusedWhereItIsToBeEncrypted() throws Exception {
        unpack();
        Configuration configuration = Configuration.of(data);

        assertThatThrownBy(() ->
                        Millrace.start(configuration.withEncryption(Encryption.Wanted.ALWAYS)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(data + " is not encrypted, but is to be");
        try (Millrace millrace =
                Millrace.start(configuration.withEncryption(Encryption.Wanted.WHEN_NEW))) {
            assertThat(millrace.isEncrypted()).isFalse();
        }
    }

    private void unpack() throws IOException {
        try (InputStream in =
                        Objects.requireNonNull(
                                OlderDataTest.class.getResourceAsStream("store-1.zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            ZipEntry entry;
            while ((entry = zip.getNextEntry()) != null) {
                Files.write(
                        data.resolve(Path.of(entry.getName()).getFileName()), zip.readAllBytes());
            }
        }
    }

    private static String call(Millrace millrace, String target, String body) throws Exception {
        HttpResponse<String> answer = send(millrace, "POST", "x", target, "/", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(
            Millrace millrace,
            String method,
            String service,
            String target,
            String path,
            String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + path))
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=x/20261124/us-east-1/"
                                        + service
                                        + "/aws4_request, SignedHeaders=host;x-amz-date,"
                                        + " Signature=00")
                        .header("X-Amz-Date", "20261124T030000Z")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (target.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        } else {
            String version = target.startsWith("AWSEvents") ? "1.1" : "1.0";
            request.header("X-Amz-Target", target);
            request.header("Content-Type", "application/x-amz-json-" + version);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}

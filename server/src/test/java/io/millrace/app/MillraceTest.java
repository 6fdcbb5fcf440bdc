package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.audit.AuditOptions;
import io.millrace.cloudtrail.CloudTrailMode;
import io.millrace.engine.Encryption;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.engine.StoreOptions;
import io.millrace.notification.NotificationOptions;
import io.millrace.objects.ObjectStorageOptions;
import io.millrace.secret.Secrets;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.TraceOptions;
import io.millrace.wire.Credential;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

class MillraceTest {
    @TempDir private Path folder;

    private static HttpResponse<String> identity(Millrace millrace, String key)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + "/"))
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential="
                                        + key
                                        + "/20261124/us-east-1/sts/aws4_request,"
                                        + " SignedHeaders=host;x-amz-date, Signature=00")
                        .header("X-Amz-Date", "20261124T030000Z")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "Action=GetCallerIdentity&Version=2011-06-15"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void startsServesEndsAndStartsAgain() throws Exception {
        Configuration configuration = Configuration.of(folder.resolve("new/data"));
        try (Millrace millrace = Millrace.start(configuration)) {
            HttpResponse<String> answer = identity(millrace, "123456789012");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("<Account>123456789012</Account>")
                    .contains("<UserId>123456789012</UserId>")
                    .contains("<Arn>arn:aws:iam::123456789012:root</Arn>");
        }
        try (Millrace again = Millrace.start(configuration)) {
            assertThat(identity(again, "AKIDEXAMPLE").body())
                    .contains("<Account>000000000000</Account>");
        }
    }

    @Test
    void verifiesSignaturesWhenItHasCredentials() throws Exception {
        Configuration configuration =
                Configuration.of(folder)
                        .withCredentials(new Credential("AKIDEXAMPLE", "secret", null));
        try (Millrace millrace = Millrace.start(configuration)) {
            HttpResponse<String> stranger = identity(millrace, "AKIDSTRANGER");

            assertThat(stranger.statusCode()).isEqualTo(403);
            assertThat(stranger.body()).contains("<Code>InvalidClientTokenId</Code>");
            assertThat(identity(millrace, "AKIDEXAMPLE").body())
                    .contains("<Code>SignatureDoesNotMatch</Code>");
        }
    }

    @Test
    void refusesToListenForOthersWithoutCredentials() {
        Configuration open =
                new Configuration(
                        "0.0.0.0",
                        0,
                        folder,
                        "us-east-1",
                        List.of(),
                        ObjectStorageOptions.NONE,
                        StreamOptions.DEFAULT,
                        NotificationOptions.NONE,
                        null,
                        Encryption.Wanted.AS_IT_IS,
                        TraceOptions.DEFAULT,
                        CloudTrailMode.OFF,
                        false,
                        null,
                        AuditOptions.OFF,
                        StoreOptions.DEFAULT);

        assertThatThrownBy(() -> Millrace.start(open))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("listening on 0.0.0.0 without credentials");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAMasterKeyThatIsNotTheOneOfItsSecrets() throws Exception {
        String key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        Configuration configuration = Configuration.of(folder).withMasterKey(key);
        Millrace.start(configuration).close();
        try (Store store = RocksStore.open(folder)) {
            new Secrets(store, new Random(1), configuration.masterKey()).seal(new byte[1], "a");
        }

        Millrace.start(configuration).close();
        assertThatThrownBy(() -> Millrace.start(configuration.withMasterKey(key.replace('A', 'B'))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("master key that was given is not the one");
        assertThatThrownBy(() -> Millrace.start(configuration.withMasterKey(null)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no master key in " + folder.resolve("master.key"));
        Millrace.start(configuration).close();
    }

    @Test
    void tellsThatThePortIsTakenAndNothingElse() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler =
                new StreamHandler() {
                    @Override
                    public void publish(LogRecord line) {
                        if (line.getMessage().contains("with the store")) { // by who was left
                            logged.add(line.getMessage());
                        }
                    }
                };
        Logger logger = Logger.getLogger("io.millrace");
        logger.addHandler(handler);
        try (Millrace first = Millrace.start(Configuration.of(folder.resolve("1")))) {
            Configuration second = Configuration.of(folder.resolve("2")).withPort(first.port());

            assertThatThrownBy(() -> Millrace.start(second))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "something else listens on 127.0.0.1:"
                                    + first.port()
                                    + "; choose another --port");
            assertThat(logged).isEmpty();
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void tellsThatTheDataAreInUseOrCannotBe() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        try (Millrace first = Millrace.start(Configuration.of(folder.resolve("data")))) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> Millrace.start(Configuration.of(folder.resolve("data"))))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("data")
                    .message()
                    .doesNotContain("\n");
        }
        assertThatThrownBy(() -> Millrace.start(Configuration.of(file)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("file");
    }

    @Test
    void refusesAPortThatIsNoneAndAHostThatNobodyKnows() {
        assertThatThrownBy(() -> Millrace.start(Configuration.of(folder).withPort(65_536)))
                .hasMessage("the port 65536 is not between 0 and 65535");
        Configuration nowhere =
                new Configuration(
                        "no.such.host.invalid",
                        0,
                        folder,
                        "us-east-1",
                        List.of(),
                        ObjectStorageOptions.NONE,
                        StreamOptions.DEFAULT,
                        NotificationOptions.NONE,
                        null,
                        Encryption.Wanted.AS_IT_IS,
                        TraceOptions.DEFAULT,
                        CloudTrailMode.OFF,
                        false,
                        null,
                        AuditOptions.OFF,
                        StoreOptions.DEFAULT);
        assertThatThrownBy(() -> Millrace.start(nowhere))
                .hasMessage("the host no.such.host.invalid is not known");
    }

    /// Fails when what was set aside is not told, or not tried again by the next start.
    @Test
    void tellsWhatCannotBeReadAndTriesItAgainAtTheNextStart() throws Exception {
        Configuration configuration = Configuration.of(folder.resolve("data"));
        byte[] job = new KeyWriter(0x17).string("newer").string("a").toBytes();
        byte[] mark = ByteBuffer.allocate(1 + job.length).put((byte) 0x5c).put(job).array();
        try (RocksStore store = RocksStore.open(configuration.data())) {
            store.write(tx -> {
                tx.put(job, new byte[] {1});
                return true;
            });
        }

        try (Millrace millrace = Millrace.start(configuration)) {
            Eventually.holds("it is told", () -> setAside(millrace).contains("newer"));

            assertThat(setAside(millrace))
                    .isEqualTo(
                            """
                            {"entries":[{"owner":"DynamoDB's items","key":"%s",\
                            "reason":"no handler for jobs of the kind newer"}]}
                            """
                                    .formatted(HexFormat.of().formatHex(job)));
        }
        try (RocksStore store = RocksStore.open(configuration.data())) {
            store.write(tx -> {
                tx.delete(job); // as a version does that can read it
                return true;
            });
            assertThat(store.<Boolean>read(tx -> tx.get(mark) != null)).isTrue();
        }
        Millrace.start(configuration).close();
        try (RocksStore store = RocksStore.open(configuration.data())) {
            assertThat(store.<Boolean>read(tx -> tx.get(mark) != null)).isFalse();
        }
    }

    private static String setAside(Millrace millrace) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(millrace.endpoint() + "/_millrace/set-aside"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}

package io.millrace.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.objects.ObjectStorage.StoredObject;
import io.millrace.objects.ObjectStorageException.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/// Against a small bucket of our own that checks each signature with AWS's signer.
class S3StorageTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final Map<String, byte[]> objects = new TreeMap<>();
    private HttpServer server;
    private URI endpoint;
    private S3Storage storage;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
        storage = open("secret");
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private S3Storage open(String secret) {
        return new S3Storage(
                endpoint, "eu-west-1", new S3Credentials("key", secret, "token"), CLOCK);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        int status = 200;
        byte[] answer = new byte[0];
        if (!signature(exchange, body)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            status = 403;
            answer = "<Error><Code>SignatureDoesNotMatch</Code></Error>".getBytes(UTF_8);
        } else if (!uri.getPath().startsWith("/bucket")) {
            status = 404;
            answer = "<Error><Code>NoSuchBucket</Code></Error>".getBytes(UTF_8);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            objects.put(uri.getPath().substring("/bucket/".length()), body);
        } else if (uri.getRawQuery() != null) {
            answer = list().getBytes(UTF_8);
        } else {
            byte[] found = objects.get(uri.getPath().substring("/bucket/".length()));
            status = found == null ? 404 : 200;
            answer =
                    found == null ? "<Error><Code>NoSuchKey</Code></Error>".getBytes(UTF_8) : found;
        }
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private String list() {
        StringBuilder xml = new StringBuilder("<?xml version='1.0'?><ListBucketResult>");
        xml.append("<Name>bucket</Name><Prefix>a</Prefix>");
        objects.forEach((key, content) ->
                xml.append("<Contents><Key>")
                        .append(key.replace("&", "&amp;"))
                        .append("</Key><Size>")
                        .append(content.length)
                        .append("</Size></Contents>"));
        return xml.append("</ListBucketResult>").toString();
    }

    private String signature(HttpExchange exchange, byte[] body) {
        SdkHttpFullRequest.Builder request =
                SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.fromValue(exchange.getRequestMethod()))
                        .uri(endpoint.resolve(exchange.getRequestURI()));
        return AwsV4HttpSigner.create()
                .sign(signing ->
                        signing.identity(
                                        AwsSessionCredentialsIdentity.create(
                                                "key", "secret", "token"))
                                .request(request.build())
                                .payload(ContentStreamProvider.fromByteArray(body))
                                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                                .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                                .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                                .putProperty(HttpSigner.SIGNING_CLOCK, CLOCK))
                .request()
                .firstMatchingHeader("Authorization")
                .orElseThrow();
    }

    @Test
    void putsListsAndReadsWithSignaturesAsAwsMakesThem() throws IOException {
        String key = "a b/ü&=+~(1).json";

        storage.put("bucket", key, "content".getBytes(UTF_8));
        storage.put("bucket", "a/_started", new byte[0]);

        assertThat(objects).containsOnlyKeys(key, "a/_started");
        assertThat(storage.get("bucket", key).readAllBytes()).asString().isEqualTo("content");
        assertThat(storage.list("bucket", "a b/", "a", 10))
                .containsExactly(new StoredObject(key, 7), new StoredObject("a/_started", 0));
    }

    @Test
    void tellsWhyItCannot() {
        assertThatThrownBy(() -> storage.get("bucket", "absent"))
                .isInstanceOfSatisfying(
                        ObjectStorageException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_KEY));
        assertThatThrownBy(() -> storage.put("other", "key", new byte[1]))
                .isInstanceOfSatisfying(
                        ObjectStorageException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_BUCKET));
        assertThatThrownBy(() -> open("wrong").put("bucket", "key", new byte[1]))
                .isInstanceOfSatisfying(
                        ObjectStorageException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.ACCESS_DENIED));
        server.stop(0);
        assertThatThrownBy(() -> storage.get("bucket", "key"))
                .isInstanceOfSatisfying(
                        ObjectStorageException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
}

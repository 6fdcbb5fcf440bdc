package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.sns.util.SignatureChecker;
import com.sun.net.httpserver.HttpServer;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What SNS posts to an HTTP endpoint satisfies AWS's own `SignatureChecker`, with the key of the
/// certificate that the message names, in both signature versions: confirmation, notification and
/// the end of a subscription, by nothing but the links in the messages.
@ExtendWith(MillraceExtension.class)
@Timeout(60)
final class SnsSignatureTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clients aws;
    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private final HttpServer endpoint;

    SnsSignatureTest(MillraceServer server) throws IOException {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
        this.endpoint =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext(
                "/",
                exchange -> {
                    posted.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        endpoint.start();
    }

    @AfterEach
    void close() {
        aws.close();
        endpoint.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void theOfficialCheckerAcceptsEverythingThatAnEndpointIsSent(String version) throws Exception {
        String topic =
                aws.sns
                        .createTopic(request ->
                                request.name("signed-" + version)
                                        .attributes(Map.of("SignatureVersion", version)))
                        .topicArn();
        aws.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol("http")
                        .endpoint("http://localhost:" + endpoint.getAddress().getPort() + "/"));

        JsonNode confirmation = next("SubscriptionConfirmation", version);
        visit(confirmation.path("SubscribeURL").asString());
        aws.sns.publish(request ->
                request.topicArn(topic)
                        .subject("Grüße")
                        .message("line\nänother \"line\" \\ \uD83D\uDE00 </script>")
                        .messageAttributes(
                                Map.of(
                                        "kind",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("x")
                                                .build())));
        JsonNode notification = next("Notification", version);
        visit(notification.path("UnsubscribeURL").asString());
        JsonNode farewell = next("UnsubscribeConfirmation", version);
        visit(farewell.path("SubscribeURL").asString());

        assertThat(
                        aws.sns
                                .listSubscriptionsByTopic(request -> request.topicArn(topic))
                                .subscriptions())
                .singleElement()
                .satisfies(restored -> assertThat(restored.subscriptionArn()).startsWith(topic));
    }

    @SuppressWarnings("deprecation") // the checker's successor insists on a host of AWS
    private JsonNode next(String type, String version) throws Exception {
        String message = Objects.requireNonNull(posted.poll(20, TimeUnit.SECONDS), type);
        JsonNode node = JSON.readTree(message);
        assertThat(node.path("Type").asString()).isEqualTo(type);
        assertThat(node.path("SignatureVersion").asString()).isEqualTo(version);
        PublicKey key = key(node.path("SigningCertURL").asString());
        SignatureChecker checker = new SignatureChecker();
        assertThat(checker.verifyMessageSignature(message, key)).isTrue();
        assertThat(checker.verifyMessageSignature(message.replace("line", "lime"), key))
                .isEqualTo(!message.contains("line"));
        return node;
    }

    private static PublicKey key(String url) throws Exception {
        try (InputStream certificate = URI.create(url).toURL().openStream()) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(certificate)
                    .getPublicKey();
        }
    }

    private static void visit(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(
                            client.send(
                                            HttpRequest.newBuilder(URI.create(url)).build(),
                                            BodyHandlers.discarding())
                                    .statusCode())
                    .isEqualTo(200);
        }
    }
}

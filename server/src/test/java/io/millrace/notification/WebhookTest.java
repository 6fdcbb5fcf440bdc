package io.millrace.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.MemoryStore;
import io.millrace.notification.Provider.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A gateway over a real socket.
@Timeout(30)
final class WebhookTest {
    private static final TextMessage TEXT =
            new TextMessage(
                    "t-1",
                    1_767_323_045_678L,
                    "000000000000",
                    "us-east-1",
                    "+15550100123",
                    "Shop",
                    "hellö",
                    Map.of("Parts", "1"));

    private record Posted(String signature, String timestamp, byte[] body) {}

    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String answer = "";
    private HttpServer server;
    private NotificationProviders providers;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/gateway",
                exchange -> {
                    posted.add(
                            new Posted(
                                    exchange.getRequestHeaders().getFirst("X-Millrace-Signature"),
                                    exchange.getRequestHeaders().getFirst("X-Millrace-Timestamp"),
                                    exchange.getRequestBody().readAllBytes()));
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/gateway";
        providers =
                new NotificationProviders(
                        new MemoryStore(),
                        () -> Instant.ofEpochSecond(1_767_323_046),
                        new NotificationOptions(
                                null, null, url, null, "a secret", false, List.of()));
    }

    @AfterEach
    void stop() {
        providers.close();
        server.stop(0);
    }

    @Test
    void postsWhatWasSentAndSignsIt() throws Exception {
        assertThat(providers.text().send(TEXT)).isEqualTo(new Answer.Taken());

        Posted only = posted.getFirst();
        JsonNode body = new JsonMapper().readTree(only.body());
        assertThat(body.path("to").asString()).isEqualTo("+15550100123");
        assertThat(body.path("from").asString()).isEqualTo("Shop");
        assertThat(body.path("text").asString()).isEqualTo("hellö");
        assertThat(body.path("attributes").path("Parts").asString()).isEqualTo("1");
        assertThat(only.timestamp()).isEqualTo("1767323046");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update("1767323046.".getBytes(StandardCharsets.UTF_8));
        assertThat(only.signature())
                .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(only.body())));
        assertThat(providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries()).isEmpty();
    }

    @Test
    void believesWhatTheGatewayAnswers() throws Exception {
        status = 410;
        assertThat(providers.text().send(TEXT)).isInstanceOf(Answer.Gone.class);
        status = 200;
        answer = "{\"status\": \"gone\"}";
        assertThat(providers.text().send(TEXT)).isInstanceOf(Answer.Gone.class);
        answer = "no JSON";
        assertThat(providers.text().send(TEXT)).isEqualTo(new Answer.Taken());
        status = 503;
        assertThat(refusal()).isEqualTo(new Answer.Refused("503", refusal().message(), true));
        status = 429;
        assertThat(refusal().retryable()).isTrue();
        status = 400;
        assertThat(refusal().retryable()).isFalse();
    }

    @Test
    void aGatewayThatIsNotThereIsAskedAgain() throws Exception {
        server.stop(0);

        assertThat(refusal().retryable()).isTrue();
    }

    private Answer.Refused refusal() throws InterruptedException {
        return (Answer.Refused) providers.text().send(TEXT);
    }
}

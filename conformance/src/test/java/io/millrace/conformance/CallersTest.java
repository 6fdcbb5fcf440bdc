package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// What fails the tests that kill a server is shown to.
final class CallersTest {
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    boolean third = requests.incrementAndGet() % 3 == 0;
                    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(third ? 500 : 200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void aServerThatFailsInternallyAtEveryThirdRequestIsFoundThoughTheSdkAsksAgain() {
        assertThatThrownBy(this::callUntilItFails)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed internally at a ListTablesRequest");
    }

    private void callUntilItFails() {
        AtomicInteger answered = new AtomicInteger();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (Clients aws = new Clients(endpoint, "000000000000");
                Callers callers = new Callers(aws)) {
            callers.repeat(_ -> {
                aws.dynamodb.listTables();
                answered.incrementAndGet();
            });
            callers.awaitMore("answered", answered::get, 10);
        }
    }
}

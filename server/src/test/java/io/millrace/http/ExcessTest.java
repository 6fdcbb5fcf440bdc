package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// What a handler that is full does not get to see.
@Timeout(60)
class ExcessTest {
    private static final String POST = "POST /work HTTP/1.1\nHost: h\nContent-Length: 2\n\n{}";

    private final AtomicInteger handled = new AtomicInteger();
    private volatile boolean full = true;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        Handler handler =
                new Handler() {
                    @Override
                    public Response handle(Request request) {
                        handled.incrementAndGet();
                        request.body(100);
                        return Response.of(200, "text/plain", "done");
                    }

                    @Override
                    public boolean isFull() {
                        return full;
                    }

                    @Override
                    public @Nullable Response refuse(Request request) {
                        return request.path().equals("/health")
                                ? null
                                : Response.of(429, "text/plain", "not now, " + request.path());
                    }
                };
        server = Server.start(ServerOptions.of("127.0.0.1", 0), handler);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesOneRequestAfterTheOtherOnAConnectionThatIsServedLater() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 3; i++) {
                RawClient.Answer refused = client.send(POST).receive();
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.text()).isEqualTo("not now, /work");
                assertThat(refused.headers()).containsEntry("connection", "keep-alive");
                assertThat(refused.headers()).containsKey("date");
            }
            assertThat(handled).hasValue(0);

            full = false;

            assertThat(client.send(POST).receive().text()).isEqualTo("done");
            full = true;
            assertThat(client.send(POST).receive().status()).isEqualTo(429);
            assertThat(handled).hasValue(1);
        }
    }

    @Test
    void letsThroughWhatIsAnsweredEvenThenAndWhatDidNotComeAtOnce() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.send("GET /health HTTP/1.1\nHost: h\n\n").receive().text())
                    .isEqualTo("done");
            client.send(POST + POST);
            assertThat(client.receive().text()).isEqualTo("done");
            assertThat(client.receive().text()).isEqualTo("done");
            assertThat(client.send(POST).receive().status()).isEqualTo(429);
            assertThat(handled).hasValue(3);
        }
    }

    @Test
    void takesNoPartOfARequestForAWholeOne() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(POST + "GET /work HTTP/1.1\nX: ");
            assertThat(client.receive().text()).isEqualTo("done");

            client.send("GET /smuggled HTTP/1.1\nHost: h\n\n");

            assertThat(client.receive().text()).isEqualTo("done");
            assertThat(client.send(POST).receive().text()).isEqualTo("not now, /work");

            client.send(POST + "GET /work HTTP/1.1\n"); // the line, of which nothing is left over
            assertThat(client.receive().text()).isEqualTo("done");
            client.send("X: /smuggled HTTP/1.1\nHost: h\n\n");

            assertThat(client.receive().text()).isEqualTo("done");
        }
    }
}

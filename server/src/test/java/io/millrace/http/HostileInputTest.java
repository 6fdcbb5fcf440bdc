package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// What no honest client sends, over real sockets: it is refused or the connection ends, no part of
/// a request is ever taken for the next one, and others are served as before.
@Timeout(60)
class HostileInputTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int RANDOM_INPUTS = Boolean.getBoolean("millrace.long") ? 20_000 : 400;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(ServerOptions.of("127.0.0.1", 0), this::handle);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Response handle(Request request) {
        handled.add(request.path());
        try {
            return new Response(200, Map.of(), request.body(1000).content());
        } catch (BodyException e) {
            return Response.of(400, "text/plain", String.valueOf(e.getMessage()));
        }
    }

    private static String post(String headers) {
        return "POST /first HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
    }

    /// Where a request ends depends on who reads it.
    static Stream<String> ambiguous() {
        String chunks = "0\r\n\r\n" + SMUGGLED;
        return Stream.concat(
                Stream.of(
                                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                                "Transfer-Encoding: xchunked\r\n",
                                "Transfer-Encoding: chunked, identity\r\n",
                                "Transfer-Encoding: identity\r\n",
                                "Transfer-Encoding: gzip, chunked\r\n",
                                "Transfer-Encoding: chunked, chunked\r\n",
                                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
                                "Transfer-Encoding : chunked\r\n",
                                " Transfer-Encoding: chunked\r\n",
                                "X: y\r\n Transfer-Encoding: chunked\r\n",
                                "Transfer-Encoding:\u000bchunked\r\n",
                                "Transfer-Encoding: \u0000chunked\r\n",
                                "Transfer-Encoding: \"chunked\"\r\n",
                                "X: y\nTransfer-Encoding: chunked\r\n",
                                "X: y\rTransfer-Encoding: chunked\r\n",
                                "Transfer\u0000-Encoding: chunked\r\n")
                        .map(headers -> post(headers) + chunks),
                Stream.of(
                                "Content-Length: 0\r\nContent-Length: 38\r\n",
                                "Content-Length: 38\r\nContent-Length: 0\r\n",
                                "Content-Length: 0, 38\r\n",
                                "Content-Length: 0,0\r\n",
                                "Content-Length: +0\r\n",
                                "Content-Length: -1\r\n",
                                "Content-Length: 0x0\r\n",
                                "Content-Length: 0 0\r\n",
                                "Content-Length: 0.0\r\n",
                                "Content-Length: \r\n",
                                "Content-Length : 0\r\n",
                                "Content-Length: 0\u0000\r\n",
                                "Content-Length: 18446744073709551616\r\n",
                                "Content-Length: 9223372036854775808\r\n")
                        .map(headers -> post(headers) + SMUGGLED));
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void noPartOfAnAmbiguousRequestIsTakenForTheNext(String request) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send(request.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(client.closedOrRefused()).isTrue();
        }
        assertThat(handled).doesNotContain("/smuggled");
        assertServes();
    }

    static Stream<String> broken() {
        String chunked = post("Transfer-Encoding: chunked\r\n");
        return Stream.of(
                chunked + "ffffffffffffffffff\r\n",
                chunked + "-1\r\nx\r\n0\r\n\r\n",
                chunked + "0x1\r\nx\r\n0\r\n\r\n",
                chunked + "1 \r\nx\r\n0\r\n\r\n" + "\r\n\r\n",
                chunked + "1\nx\n0\n\n",
                chunked + "1\r\nxx\r\n0\r\n\r\n",
                chunked + "\r\n0\r\n\r\n",
                chunked + ";ext\r\nx\r\n0\r\n\r\n",
                chunked + "1;" + "e".repeat(200_000) + "\r\nx\r\n0\r\n\r\n",
                chunked + "1".repeat(100_000),
                "GET / HTTP/1.1\nHost: h\n\n\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA B: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1 x\r\nHost: h\r\n\r\n",
                "G\u0000T / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/0.9\r\nHost: h\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET /\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "\u0000".repeat(100_000),
                "\r\n".repeat(100_000),
                "A".repeat(300_000),
                "GET / HTTP/1.1\r\nHost: h\r\n" + "X: y\r\n".repeat(50_000),
                "GET / HTTP/1.1\r\nHost: h\r\nX: " + "y".repeat(300_000));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenRequestsAreRefused(String request) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            sendAll(client, request);

            assertThat(client.closedOrRefused()).isTrue();
        }
        assertServes();
    }

    /// Seeded; `-Dmillrace.long=true` sends more.
    @Test
    void mutatedRequestsAreAnsweredOrEndTheConnection() throws IOException {
        List<String> seeds =
                Stream.concat(ambiguous(), broken()).filter(s -> s.length() < 400).toList();
        Random random = new Random(12);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            String seed = seeds.get(random.nextInt(seeds.size()));
            StringBuilder mutant = new StringBuilder(seed);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(mutant.length());
                switch (random.nextInt(4)) {
                    case 0 -> mutant.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> mutant.deleteCharAt(at);
                    case 2 -> mutant.insert(at, seed.charAt(random.nextInt(seed.length())));
                    default -> mutant.insert(at, "\r\n");
                }
            }
            try (RawClient client = new RawClient(server.port())) {
                client.send(mutant.toString().getBytes(StandardCharsets.ISO_8859_1));
                client.endInput();
                assertThat(client.statusOrClosed()).as("%s", mutant).isNotEqualTo(500);
            }
        }
        assertServes();
        Eventually.see("everyone to go", server::memoryBytesHeld, bytes -> bytes == 0);
    }

    private static void sendAll(RawClient client, String request) {
        try {
            client.send(request.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            return; // the server did not listen to the end
        }
    }

    private void assertServes() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.send("GET /then HTTP/1.1\nHost: h\n\n").receive().status())
                    .isEqualTo(200);
        }
    }
}

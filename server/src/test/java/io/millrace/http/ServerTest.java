package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

@Timeout(60)
class ServerTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final int LIMIT = 1000;

    private Server server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(ServerOptions.of("127.0.0.1", 0), ServerTest::describe);
        client = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    /// Answers what it was asked.
    private static Response describe(Request request) {
        if (request.path().equals("/unread")) {
            return Response.of(403, "text/plain", "no");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-method", request.method());
        headers.put("x-path", request.path());
        headers.put("x-query", request.query());
        headers.put("x-list", String.join("|", request.headers().all("x-list")));
        headers.put("x-remote", request.remoteAddress());
        try {
            Body body = request.body(LIMIT);
            headers.put("x-raw-bytes", String.valueOf(body.raw().length));
            return new Response(200, headers, body.content());
        } catch (BodyException e) {
            return Response.of(
                    e.reason() == BodyException.Reason.TOO_LARGE ? 413 : 400,
                    "text/plain",
                    e.reason() + ": " + e.getMessage());
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private RawClient.Answer post(String path, String headers, byte[] body) throws IOException {
        client.send(
                "POST "
                        + path
                        + " HTTP/1.1\nHost: h\n"
                        + headers
                        + "Content-Length: "
                        + body.length
                        + "\n\n");
        return client.send(body).receive();
    }

    private void assertAlive() throws IOException {
        assertThat(post("/alive", "", "still".getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo("still");
    }

    @Test
    void keepsPathAndQueryAsTheyWereSent() throws IOException {
        client.send("GET /a%2Fb//c/../d?x=%20+&y=[1]&z HTTP/1.1\nHost: h\n\n");

        RawClient.Answer answer = client.receive();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("x-method", "GET")
                .containsEntry("x-path", "/a%2Fb//c/../d")
                .containsEntry("x-query", "x=%20+&y=[1]&z")
                .containsEntry("x-remote", "127.0.0.1");
        assertThat(answer.body()).isEmpty();
        assertAlive();
    }

    @Test
    void keepsRepeatedHeadersInTheirOrder() throws IOException {
        client.send("GET / HTTP/1.1\nHost: h\nX-List: b  c\nx-list: a, b\n\n");

        assertThat(client.receive().headers()).containsEntry("x-list", "b  c|a, b");
    }

    @Test
    void readsAChunkedBody() throws IOException {
        client.send(
                """
                POST / HTTP/1.1
                Host: h
                Transfer-Encoding: chunked

                5
                hello
                6
                 world
                0

                """);

        assertThat(client.receive().text()).isEqualTo("hello world");
        assertAlive();
    }

    @Test
    void tellsAWaitingClientToContinueOnlyWhenTheBodyIsWanted() throws IOException {
        client.send("POST / HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 5\n\n");

        assertThat(client.receive().status()).isEqualTo(100);
        assertThat(client.send("hello").receive().text()).isEqualTo("hello");
        assertAlive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unread", "/"})
    void refusesAWaitingClientWithoutItsBodyAndCloses(String path) throws IOException {
        client.send(
                "POST "
                        + path
                        + " HTTP/1.1\nHost: h\nExpect: 100-continue\n"
                        + "Content-Length: 5000\n\n");

        RawClient.Answer answer = client.receive();

        assertThat(answer.status()).isEqualTo(path.equals("/") ? 413 : 403);
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(client.closed()).isTrue();
    }

    @Test
    void unzipsABodyAndKeepsItsBytesForTheSignature() throws IOException {
        byte[] zipped = gzip("hello hello hello hello hello".getBytes(StandardCharsets.UTF_8));

        RawClient.Answer answer = post("/", "Content-Encoding: gzip\n", zipped);

        assertThat(answer.text()).isEqualTo("hello hello hello hello hello");
        assertThat(answer.headers()).containsEntry("x-raw-bytes", String.valueOf(zipped.length));
    }

    @Test
    void refusesWhatIsTooLargeOnlyWhenUnzipped() throws IOException {
        RawClient.Answer answer = post("/", "Content-Encoding: gzip\n", gzip(new byte[1 << 20]));

        assertThat(answer.status()).isEqualTo(413);
        assertAlive();
    }

    @Test
    void refusesBrokenAndUnknownCompression() throws IOException {
        assertThat(post("/", "Content-Encoding: gzip\n", new byte[20]).text())
                .isEqualTo("MALFORMED: Invalid gzip data.");
        byte[] cut = java.util.Arrays.copyOf(gzip(new byte[300]), 15);
        assertThat(post("/", "Content-Encoding: gzip\n", cut).status()).isEqualTo(400);
        assertThat(post("/", "Content-Encoding: br\n", new byte[20]).text())
                .isEqualTo("MALFORMED: The content encoding br is not supported.");
        assertAlive();
    }

    @Test
    void answersAnOversizedDeclaredBodyAndKeepsTheConnection() throws IOException {
        assertThat(post("/", "", new byte[LIMIT]).status()).isEqualTo(200);
        RawClient.Answer answer = post("/", "", new byte[LIMIT + 1]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).isEqualTo("TOO_LARGE: Request body is longer than 1000 bytes.");
        assertThat(post("/", "", new byte[3 << 20]).status()).isEqualTo(413);
        assertAlive();
    }

    @Test
    void answersAnOversizedChunkedBodyAndKeepsTheConnection() throws IOException {
        client.send("POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n");
        for (int i = 0; i < 50; i++) {
            client.send("64\n" + "x".repeat(100) + "\n");
        }
        client.send("0\n\n");

        assertThat(client.receive().status()).isEqualTo(413);
        assertAlive();
    }

    @Test
    void readsPastABodyThatNobodyWanted() throws IOException {
        assertThat(post("/unread", "", new byte[100_000]).status()).isEqualTo(403);
        assertAlive();
    }

    @Test
    void closesOnADeclaredBodyBeyondAllBounds() throws IOException {
        client.send("POST / HTTP/1.1\nHost: h\nContent-Length: 999999999999\n\n");

        assertThat(client.receive().status()).isEqualTo(413);
        assertThat(client.closed()).isTrue();
    }

    @Test
    void closesOnAChunkBeyondAllBounds() throws IOException {
        client.send("POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n7fffffff\n");

        RawClient.Answer answer = client.receive();

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.headers()).containsEntry("connection", "close");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\nhello\n0\n\n",
                "POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\nContent-Length: 3\n\n0\n\n",
                "POST / HTTP/1.1\nHost: h\nContent-Length: x\n\n",
                "GET / HTTP/1.1\n\n",
                "GET /\n\n",
                "GET / HTTP/1.1\nHost: h\nno colon\n\n"
            })
    void refusesBrokenFramingAndCloses(String request) throws IOException {
        client.send(request);

        assertThat(client.receive().status()).isEqualTo(400);
        assertThat(client.closed()).isTrue();
    }

    @Test
    void refusesAnEndlessFirstLineAndEndlessHeaders() throws IOException {
        client.send("GET /" + "a".repeat(70_000) + " HTTP/1.1\nHost: h\n\n");
        assertThat(client.receive().status()).isBetween(400, 499);
        try (RawClient second = new RawClient(server.port())) {
            second.send("GET / HTTP/1.1\nHost: h\n" + "X-A: 0123456789\n".repeat(5_000) + "\n");
            assertThat(second.receive().status()).isBetween(400, 499);
        }
    }

    @Test
    void servesPipelinedRequestsInOrder() throws IOException {
        client.send(
                "POST /1 HTTP/1.1\nHost: h\nContent-Length: 1\n\na"
                        + "POST /2 HTTP/1.1\nHost: h\nContent-Length: 1\n\nb");

        assertThat(client.receive().text()).isEqualTo("a");
        assertThat(client.receive().text()).isEqualTo("b");
    }

    @Test
    void closesWhenAskedTo() throws IOException {
        assertThat(post("/", "Connection: close\n", new byte[1]).status()).isEqualTo(200);
        assertThat(client.closed()).isTrue();
    }

    @Test
    void echoes() throws IOException {
        assertThat(post("/_millrace/echo", "", new byte[] {1, 2}).body()).containsExactly(1, 2);
        assertThat(post("/_millrace/echo", "", new byte[0]).text()).isEqualTo("ok\n");
    }

    @Test
    void endsConnectionsThatAreSilentOrTrickle() throws IOException {
        Duration brief = Duration.ofMillis(150);
        ServerOptions options =
                ServerOptions.of("127.0.0.1", 0)
                        .withTimeouts(Duration.ofMillis(400), brief, brief, brief);
        try (Server impatient = Server.start(options, ServerTest::describe, Duration.ofMillis(50));
                RawClient silent = new RawClient(impatient.port());
                RawClient slowHead = new RawClient(impatient.port());
                RawClient slowBody = new RawClient(impatient.port());
                RawClient idle = new RawClient(impatient.port())) {
            slowHead.send("GET / HTTP/1.1\nHost: h\n");
            slowBody.send("POST / HTTP/1.1\nHost: h\nContent-Length: 10\n\nabc");
            idle.send("GET / HTTP/1.1\nHost: h\n\n");

            assertThat(idle.receive().status()).isEqualTo(200);
            assertThat(slowHead.closed()).isTrue();
            assertThat(slowBody.closedOrRefused()).isTrue();
            assertThat(silent.closed()).isTrue();
            assertThat(idle.closed()).isTrue();
        }
    }

    @Test
    void aHeadThatDoesNotEndHasATimeOfItsOwn() throws IOException {
        Duration brief = Duration.ofMillis(150);
        ServerOptions options =
                ServerOptions.of("127.0.0.1", 0).withTimeouts(LONG, brief, LONG, LONG);
        try (Server impatient = Server.start(options, ServerTest::describe, Duration.ofMillis(50));
                RawClient slow = new RawClient(impatient.port())) {
            slow.send("GET / HTTP/1.1\nHost: h\n");

            assertThat(slow.closed()).isTrue();
        }
    }

    @Test
    void tellsThatAPortIsTaken() {
        ServerOptions taken = ServerOptions.of("127.0.0.1", server.port());

        assertThatThrownBy(() -> Server.start(taken, ServerTest::describe))
                .isInstanceOf(IOException.class);
    }

    @Test
    void finishesTheAnswerThatIsOnItsWayWhenClosed() throws Exception {
        java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch leave = new java.util.concurrent.CountDownLatch(1);
        Server slow =
                Server.start(
                        ServerOptions.of("127.0.0.1", 0),
                        _ -> {
                            entered.countDown();
                            try {
                                leave.await();
                            } catch (InterruptedException _) {
                                return Response.of(500, "text/plain", "interrupted");
                            }
                            return Response.of(200, "text/plain", "done");
                        });
        try (RawClient waiting = new RawClient(slow.port())) {
            waiting.send("GET / HTTP/1.1\nHost: h\n\n");
            entered.await();
            Thread closing = Thread.ofVirtual().start(slow::close);
            leave.countDown();

            assertThat(waiting.receive().text()).isEqualTo("done");
            closing.join();
        }
    }

    @Test
    void holdsNoMoreThanItsBudgetAndGivesAllOfItBack() throws IOException {
        ServerOptions small = ServerOptions.of("127.0.0.1", 0).withBounds(100, 3_000);
        try (Server server = Server.start(small, ServerTest::describe);
                RawClient first = new RawClient(server.port());
                RawClient second = new RawClient(server.port());
                RawClient third = new RawClient(server.port())) {
            String head = "POST / HTTP/1.1\nHost: h\nContent-Length: 1000\n\n";
            String zipped = "POST / HTTP/1.1\nHost: h\nContent-Encoding: gzip\nContent-Length: ";
            byte[] bomb = gzip(new byte[900]);
            first.send(head + "x".repeat(900)); // and the rest does not come yet
            second.send(head + "x".repeat(900));
            awaitHeld(server, bytes -> bytes >= 1_800);

            third.send(head).send(new byte[1000]);
            assertThat(third.receive().status()).isEqualTo(200);
            third.send(zipped + bomb.length + "\n\n").send(bomb);
            assertThat(third.receive().status()).isEqualTo(200);
            third.send("GET / HTTP/1.1\nHost: h\nX-Long: " + "y".repeat(20_000) + "\n\n");
            assertThat(third.closedOrRefused()).isTrue();

            first.send("x".repeat(100));
            second.send("x".repeat(100));
            assertThat(first.receive().status()).isEqualTo(200);
            assertThat(second.receive().status()).isEqualTo(200);
            awaitHeld(server, bytes -> bytes == 0);
        }
    }

    @Test
    void refusesABodyThatFindsNoMemory() throws IOException {
        ServerOptions small = ServerOptions.of("127.0.0.1", 0).withBounds(100, 1_200);
        try (Server server = Server.start(small, ServerTest::describe);
                RawClient first = new RawClient(server.port());
                RawClient second = new RawClient(server.port())) {
            first.send("POST / HTTP/1.1\nHost: h\nContent-Length: 900\n\n" + "x".repeat(800));
            awaitHeld(server, bytes -> bytes >= 800);

            second.send("POST / HTTP/1.1\nHost: h\nContent-Length: 900\n\n" + "x".repeat(900));
            assertThat(second.receive().text()).startsWith("OVERLOADED");

            first.send("x".repeat(100));
            assertThat(first.receive().status()).isEqualTo(200);
            second.send("POST / HTTP/1.1\nHost: h\nContent-Length: 900\n\n" + "x".repeat(900));
            assertThat(second.receive().status()).isEqualTo(200);
        }
    }

    @Test
    void holdsNothingBetweenTheRequestsOfAConnection() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(post("/", "", new byte[900]).status()).isEqualTo(200);
        }
        byte[] head = "GET / HTTP/1.1\r\nHost: h\r\n".getBytes(StandardCharsets.ISO_8859_1);
        client.send(head);
        client.send("X-Long: " + "y".repeat(20_000));
        awaitHeld(server, bytes -> bytes >= 8_000); // what a long head holds is counted
        client.send("\n\n");

        assertThat(client.receive().status()).isEqualTo(200);
        assertThat(server.memoryBytesHeld()).isZero();
    }

    private static void awaitHeld(Server server, Predicate<Long> wanted) {
        Eventually.see("bytes held", server::memoryBytesHeld, wanted);
    }
}

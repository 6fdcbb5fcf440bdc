package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.delivery.RemoteTarget.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Against a real HTTP server of the JDK's.
final class JdkHttpCallerTest {

    private final JdkHttpCaller caller = new JdkHttpCaller();
    private HttpServer server;

    @BeforeEach
    void startAServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/echo", this::echo);
        server.createContext("/large", exchange -> answer(exchange, 200, new byte[3 << 20]));
        server.createContext(
                "/moved",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/echo");
                    answer(exchange, 302, new byte[0]);
                });
        server.createContext(
                "/gzip",
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                    ByteArrayOutputStream packed = new ByteArrayOutputStream();
                    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                        gzip.write("unpacked".getBytes(UTF_8));
                    }
                    answer(exchange, 200, packed.toByteArray());
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        caller.close();
    }

    private void echo(HttpExchange exchange) throws IOException {
        String told =
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("X-One")
                        + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        exchange.getResponseHeaders().add("X-Told", "yes");
        answer(exchange, 201, told.getBytes(UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private HttpCaller.Answer call(String method, String path, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return caller.call(
                new HttpCaller.Request(method, uri, Map.of("X-One", "1"), body.getBytes(UTF_8)));
    }

    @Test
    void sendsWhatItIsGivenAndTellsWhatItGot() throws Exception {
        HttpCaller.Answer answer = call("PATCH", "/echo/a%2Fb?c=d%20e", "body");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers()).containsEntry("x-told", "yes");
        assertThat(new String(answer.body(), UTF_8)).isEqualTo("PATCH /echo/a%2Fb?c=d%20e 1 body");
    }

    @Test
    void readsNoMoreThanTheLimit() throws Exception {
        assertThat(call("GET", "/large", "").body()).hasSize(EventsLimits.ANSWER_BYTES_MAX);
    }

    @Test
    void followsNoRedirect() throws Exception {
        assertThat(call("GET", "/moved", "").status()).isEqualTo(302);
    }

    @Test
    void aPackedAnswerIsUnpacked() throws Exception {
        assertThat(EndpointAnswers.reply(call("GET", "/gzip", ""), () -> {}))
                .isEqualTo(new Reply.Answered(200, "unpacked"));
    }

    @Test
    void tellsThatNobodyListensAndRefusesWhatCannotBeSent() {
        int port = server.getAddress().getPort();
        server.stop(0);
        HttpCaller.Request nobody =
                new HttpCaller.Request(
                        "GET", URI.create("http://127.0.0.1:" + port), Map.of(), new byte[0]);
        assertThatThrownBy(() -> caller.call(nobody)).isInstanceOf(ConnectException.class);

        HttpCaller.Request split =
                new HttpCaller.Request("GET", nobody.uri(), Map.of("a", "b\r\nc: d"), new byte[0]);
        assertThatThrownBy(() -> caller.call(split)).isInstanceOf(IllegalArgumentException.class);
        assertThat(split.toString()).doesNotContain("c: d", "127.0.0.1");
    }
}

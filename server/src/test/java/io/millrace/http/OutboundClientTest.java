package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Answers over a real socket.
@Timeout(30)
final class OutboundClientTest {
    private ServerSocket endpoint;

    @BeforeEach
    void open() throws IOException {
        endpoint = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        endpoint.close();
    }

    @Test
    void aBodyThatDoesNotEndIsLate() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        try (OutboundClient client = new OutboundClient(Duration.ofMillis(500))) {
            assertThatThrownBy(() -> client.send(request(), CappedBody.handler(100)))
                    .isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void redirectsAreNotFollowedAndLongBodiesAreCut() throws Exception {
        answer("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 10\r\n\r\n0123456789");
        try (OutboundClient client = new OutboundClient(Duration.ofSeconds(20))) {
            var response = client.send(request(), CappedBody.handler(4));
            assertThat(response.statusCode()).isEqualTo(302);
            assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo("0123");
        }
    }

    /// A client that is made then has threads that nobody ends.
    @Test
    void callsNobodyWhenItIsClosed() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        OutboundClient client = new OutboundClient(Duration.ofSeconds(20));
        client.close();

        assertThatThrownBy(() -> client.send(request(), CappedBody.handler(4)))
                .isInstanceOf(IOException.class)
                .hasMessage("the server ends");
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + endpoint.getLocalPort() + "/"));
    }

    /// One connection gets this, and stays open until the test ends.
    private void answer(String bytes) {
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket socket = endpoint.accept();
                            OutputStream out = socket.getOutputStream()) {
                        socket.getInputStream().read();
                        out.write(bytes.getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    } catch (IOException _) {
                        // the test ended
                    }
                });
    }
}

package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Posting to a real server.
@Timeout(30)
final class JdkHttpSenderTest {
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final JdkHttpSender sender = new JdkHttpSender();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        sender.close();
        server.stop(0);
    }

    @Test
    void doesNotFollowARedirect() throws Exception {
        server.createContext(
                "/old",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", url("", "/new").toString());
                    answer(exchange, 302);
                });
        server.createContext("/new", exchange -> answer(exchange, 200));

        assertThat(post(url("", "/old"))).isEqualTo(302);
    }

    @Test
    void logsInWhereAServerAsksForAPassword() throws Exception {
        server.createContext("/hook", exchange -> answer(exchange, 204))
                .setAuthenticator(
                        new BasicAuthenticator("realm", StandardCharsets.UTF_8) {
                            @Override
                            public boolean checkCredentials(String user, String password) {
                                return user.equals("ann") && password.equals("p@ss:wörd");
                            }
                        });

        assertThat(post(url("ann:p%40ss%3Aw%C3%B6rd@", "/hook"))).isEqualTo(204);
        assertThat(post(url("ann:wrong@", "/hook"))).isEqualTo(401);
        assertThat(post(url("", "/hook"))).isEqualTo(401);
    }

    @Test
    void answersADigestChallenge() throws Exception {
        server.createContext(
                "/hook",
                exchange -> {
                    String given = exchange.getRequestHeaders().getFirst("Authorization");
                    if (given == null) {
                        exchange.getResponseHeaders()
                                .add(
                                        "WWW-Authenticate",
                                        "Digest realm=\"r\", qop=\"auth\", nonce=\"n\"");
                        answer(exchange, 401);
                    } else {
                        authorizations.add(given);
                        answer(exchange, 200);
                    }
                });

        assertThat(post(url("ann:secret@", "/hook?a=1"))).isEqualTo(200);

        assertThat(authorizations.getFirst())
                .startsWith("Digest username=\"ann\", realm=\"r\", nonce=\"n\", uri=\"/hook?a=1\"")
                .contains("qop=auth, nc=00000001");
    }

    /// The example of RFC 2617, answered as RFC 2069 does, without a quality of protection.
    @Test
    void computesADigestAsTheStandardDoes() {
        String answer =
                new HttpLogin("Mufasa", "Circle Of Life")
                        .answer(
                                List.of(
                                        "Digest realm=\"testrealm@host.com\","
                                                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""),
                                "GET",
                                URI.create("http://host.com/dir/index.html"))
                        .orElseThrow();

        assertThat(answer).endsWith("response=\"670fd8c2df070c60b045671b8b24ff02\"");
    }

    @Test
    void hidesThePasswordOnly() {
        assertThat(HttpLogin.hidden("https://ann:secret@example.com/a?b=c:d@e"))
                .isEqualTo("https://ann:****@example.com/a?b=c:d@e");
        assertThat(HttpLogin.hidden("https://ann@example.com/"))
                .isEqualTo("https://ann@example.com/");
        assertThat(HttpLogin.hidden("arn:aws:sqs:us-east-1:000000000000:q@x"))
                .isEqualTo("arn:aws:sqs:us-east-1:000000000000:q@x");
    }

    private int post(URI url) throws Exception {
        return sender.post(url, Map.of("Content-Type", "text/plain"), new byte[] {1});
    }

    private URI url(String login, String path) {
        return URI.create("http://" + login + "localhost:" + server.getAddress().getPort() + path);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}

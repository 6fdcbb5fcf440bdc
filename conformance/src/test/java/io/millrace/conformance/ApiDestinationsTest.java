package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionOAuthHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.HttpParameters;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Connections and API destinations through the AWS SDK for Java v2: an endpoint that wants an
/// OAuth token gets events with one; a token that it does not take is replaced by the next attempt.
@ExtendWith(MillraceExtension.class)
final class ApiDestinationsTest {

    private static final String SECRET = "a-planted-secret";
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    private final Clients aws;
    private final AtomicInteger tokens = new AtomicInteger();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private HttpServer http;

    ApiDestinationsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void listen() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/token", this::token);
        http.createContext("/orders", this::order);
        http.start();
    }

    @AfterEach
    void close() {
        aws.close();
        http.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = text(exchange);
        boolean known = form.contains("client_secret=" + SECRET);
        String token = "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\"}";
        answer(exchange, known ? 200 : 401, token);
    }

    /// The first token is one that it does not take.
    private void order(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean taken = !"Bearer token-1".equals(authorization);
        requests.add(
                authorization
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("User-Agent")
                        + " "
                        + text(exchange));
        answer(exchange, taken ? 200 : 401, "");
    }

    private static String text(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    @Test
    void anEventReachesAnEndpointThatWantsAToken() throws Exception {
        String connection = connection(SECRET);
        String destination =
                aws.events
                        .createApiDestination(request ->
                                request.name("d")
                                        .connectionArn(connection)
                                        .httpMethod(ApiDestinationHttpMethod.POST)
                                        .invocationEndpoint(url("/orders/*")))
                        .apiDestinationArn();
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"shop\"]}"));
        Target target =
                Target.builder()
                        .id("t")
                        .arn(destination)
                        .roleArn(ROLE)
                        .inputPath("$.detail")
                        .httpParameters(
                                HttpParameters.builder()
                                        .pathParameterValues("$.detail.id")
                                        .queryStringParameters(Map.of("q", "1"))
                                        .build())
                        .build();
        aws.events.putTargets(request -> request.rule("r").targets(target));
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .source("shop")
                        .detailType("Order")
                        .detail("{\"id\":\"o1\"}")
                        .build();
        aws.events.putEvents(request -> request.entries(entry));

        String rest = " /orders/o1?q=1 Amazon/EventBridge/ApiDestinations {\"id\":\"o1\"}";
        assertThat(next()).isEqualTo("Bearer token-1" + rest);
        assertThat(next()).isEqualTo("Bearer token-2" + rest);
        DescribeConnectionResponse shown =
                aws.events.describeConnection(request -> request.name("c"));
        assertThat(shown.connectionState()).isEqualTo(ConnectionState.AUTHORIZED);
        assertThat(shown.toString()).doesNotContain(SECRET);
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(30, TimeUnit.SECONDS));
    }

    private String connection(String secret) {
        return aws.events
                .createConnection(request ->
                        request.name("c")
                                .authorizationType(
                                        ConnectionAuthorizationType.OAUTH_CLIENT_CREDENTIALS)
                                .authParameters(auth ->
                                        auth.oAuthParameters(oAuth ->
                                                oAuth.authorizationEndpoint(url("/token"))
                                                        .httpMethod(ConnectionOAuthHttpMethod.POST)
                                                        .clientParameters(client ->
                                                                client.clientID("id")
                                                                        .clientSecret(secret)))))
                .connectionArn();
    }

    @Test
    void refusesATargetWithoutItsRole() {
        String destination =
                aws.events
                        .createApiDestination(request ->
                                request.name("d")
                                        .connectionArn(connection(SECRET))
                                        .httpMethod(ApiDestinationHttpMethod.POST)
                                        .invocationEndpoint(url("/orders")))
                        .apiDestinationArn();
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"shop\"]}"));
        Target target = Target.builder().id("t").arn(destination).build();

        assertThatThrownBy(
                        () -> aws.events.putTargets(request -> request.rule("r").targets(target)))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageStartingWith("RoleArn is required for target " + destination + ".");
    }
}

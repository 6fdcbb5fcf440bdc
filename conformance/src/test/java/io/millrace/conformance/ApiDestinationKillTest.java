package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A rule with two API destinations, one whose endpoint is down and one that refuses everything,
/// while the server is killed with SIGKILL again and again. When the first endpoint is up at last,
/// it gets each event that was acknowledged at least once; the dead-letter queue of the second has
/// each exactly once, with the attributes that AWS documents. No file of the data directory, and no
/// line of the log, tells the connection's password.
///
/// Shown to fail when a job leaves the outbox before it is delivered.
final class ApiDestinationKillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 3);
    private static final int EVENTS_BETWEEN_KILLS = 30;
    private static final String ACCOUNT = "333344447777";
    private static final String SECRET = "a-planted-secret-0f3a";
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    @TempDir private Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> received = ConcurrentHashMap.newKeySet();

    @Test
    void eachEventIsDeliveredAndDeadLettersAreExact() throws Exception {
        int port = freePort();
        HttpServer refusing = endpoint(0, 400, ConcurrentHashMap.newKeySet());
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            prepare(aws, port, refusing.getAddress().getPort());
            loadAndKill(server, aws);

            HttpServer up = endpoint(port, 200, received);
            Eventually.holds(
                    "all events",
                    () -> {
                        advance(server, "PT10M"); // past every backoff
                        LockSupport.parkNanos(200_000_000);
                        return received.containsAll(acknowledged);
                    });
            up.stop(0);
            checkDeadLetters(aws);
        } finally {
            refusing.stop(0);
        }
        noFileTellsTheSecret();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpServer endpoint(int port, int status, Set<String> seen) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                    seen.add(id(body));
                });
        server.start();
        return server;
    }

    private static String id(String event) {
        Matcher matcher = ID.matcher(event);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static void prepare(Clients aws, int downPort, int refusingPort) {
        aws.sqs.createQueue(request -> request.queueName("dead"));
        String connection =
                aws.events
                        .createConnection(request ->
                                request.name("c")
                                        .authorizationType(ConnectionAuthorizationType.BASIC)
                                        .authParameters(auth ->
                                                auth.basicAuthParameters(basic ->
                                                        basic.username("user").password(SECRET))))
                        .connectionArn();
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"shop\"]}"));
        String role = "arn:aws:iam::" + ACCOUNT + ":role/r";
        String down = destination(aws, "down", connection, downPort);
        String refusing = destination(aws, "refusing", connection, refusingPort);
        Target first = Target.builder().id("down").arn(down).roleArn(role).build();
        String dead = "arn:aws:sqs:us-east-1:" + ACCOUNT + ":dead";
        Target second =
                Target.builder()
                        .id("refusing")
                        .arn(refusing)
                        .roleArn(role)
                        .deadLetterConfig(config -> config.arn(dead))
                        .build();
        aws.events.putTargets(request -> request.rule("r").targets(first, second));
    }

    private static String destination(Clients aws, String name, String connection, int port) {
        return aws.events
                .createApiDestination(request ->
                        request.name(name)
                                .connectionArn(connection)
                                .httpMethod(ApiDestinationHttpMethod.POST)
                                .invocationEndpoint("http://127.0.0.1:" + port + "/events"))
                .apiDestinationArn();
    }

    private void loadAndKill(ServerProcess server, Clients aws) throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < 4; i++) {
                callers.repeat(_ -> put(aws));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("events", acknowledged::size, EVENTS_BETWEEN_KILLS);
                server.killAndRestart();
            }
        }
    }

    private void put(Clients aws) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .source("shop")
                        .detailType("Order")
                        .detail("{}")
                        .build();
        List<PutEventsResultEntry> entries =
                aws.events.putEvents(request -> request.entries(entry)).entries();
        acknowledged.add(entries.getFirst().eventId());
    }

    private static void advance(ServerProcess server, String duration)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(server.endpoint().resolve("/_millrace/clock"))
                            .POST(HttpRequest.BodyPublishers.ofString(duration))
                            .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    private void checkDeadLetters(Clients aws) {
        String url = aws.sqs.getQueueUrl(request -> request.queueName("dead")).queueUrl();
        Map<String, Integer> copies = new HashMap<>();
        while (!copies.keySet().containsAll(acknowledged) || left(aws, url) > 0) {
            List<Message> messages =
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(url)
                                            .maxNumberOfMessages(10)
                                            .waitTimeSeconds(1)
                                            .messageAttributeNames("All"))
                            .messages();
            for (Message message : messages) {
                copies.merge(id(message.body()), 1, Integer::sum);
                assertThat(attribute(message, "ERROR_MESSAGE"))
                        .isEqualTo("The endpoint answered with HTTP status 400.");
                assertThat(message.messageAttributes()).doesNotContainKey("RETRY_ATTEMPTS");
                aws.sqs.deleteMessage(
                        request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
        assertThat(copies.values()).allMatch(count -> count == 1);
    }

    private static String attribute(Message message, String name) {
        return Objects.requireNonNull(message.messageAttributes().get(name), name).stringValue();
    }

    private static int left(Clients aws, String url) {
        return Integer.parseInt(
                aws.sqs
                        .getQueueAttributes(request ->
                                request.queueUrl(url)
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                        .attributes()
                        .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
    }

    private void noFileTellsTheSecret() throws IOException {
        Collection<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(text.contains(SECRET)).as("%s", file).isFalse();
        }
    }
}

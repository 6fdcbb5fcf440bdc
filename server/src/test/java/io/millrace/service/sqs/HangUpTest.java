package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.http.Client;
import io.millrace.http.RawClient;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;
import io.millrace.wire.Gateway;
import io.millrace.wire.Identities;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that hang up during a long poll, over real sockets: no message is for them.
@Timeout(60)
class HangUpTest {
    private final QueueFixture fixture = new QueueFixture();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server =
                Server.start(
                        ServerOptions.of("127.0.0.1", 0),
                        new Gateway(
                                new Gateway.Settings(
                                        "1", "us-east-1", Identities.of(List.of()), () -> true),
                                fixture.clock,
                                new Ids(new Random(1)),
                                List.of(fixture.sqs.service()),
                                List.of()));
    }

    @AfterEach
    void stop() {
        fixture.sqs.close();
        server.close();
    }

    @Test
    void theNextReceiverGetsTheMessageAtOnce() throws Exception {
        String url = fixture.create("orders");
        List<RawClient> clients = polls(url, 200);

        for (RawClient client : clients) {
            client.close();
        }
        awaitWaiters(0);
        fixture.send(url, "one");

        assertThat(fixture.bodies(url)).containsExactly("one");
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
    }

    @Test
    void othersInTheLineAreServedPastThoseWhoLeft() throws Exception {
        String url = fixture.create("orders");
        List<RawClient> leaving = polls(url, 50);
        try (RawClient staying = new RawClient(server.port())) {
            staying.send(poll(url));
            awaitWaiters(51);

            for (RawClient client : leaving) {
                client.close();
            }
            awaitWaiters(1);
            fixture.send(url, "one");

            assertThat(staying.receive().text()).contains("\"Body\":\"one\"");
        }
    }

    /// The client is gone at some look at it: before the poll waits, before the commit, after it.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void hidesNothingForAClientThatLeavesWhileTheMessageComes(int look) throws Exception {
        String url = fixture.create("orders", Map.of("VisibilityTimeout", "43200"));
        AtomicInteger looks = new AtomicInteger();
        Client leaving =
                new Client() {
                    @Override
                    public void watch(Runnable hangUp) {}

                    @Override
                    public boolean hasHungUp() {
                        return looks.incrementAndGet() >= look;
                    }
                };
        ReceiveMessageRequest request = QueueFixture.receiving(url).waitTimeSeconds(20).build();
        Thread poll =
                Thread.startVirtualThread(() ->
                        Objects.requireNonNull(
                                        fixture.sqs.service().operation(SqsApi.RECEIVE_MESSAGE))
                                .handle(QueueFixture.CALLER.with(leaving), request));
        Eventually.holds(
                "a poll that waits, or has left",
                () -> fixture.sqs.waiterCount() > 0 || !poll.isAlive());
        fixture.send(url, "one");
        poll.join();

        boolean served = looks.get() < look; // fewer looks than that: it stayed
        assertThat(fixture.bodies(url)).hasSize(served ? 0 : 1);
    }

    @Test
    void aClientThatWasWatchedIsServedItsNextRequest() throws Exception {
        String url = fixture.create("orders");
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 20; i++) {
                client.send(poll(url));
                awaitWaiters(1);
                fixture.send(url, "m" + i);

                assertThat(client.receive().text()).contains("\"Body\":\"m" + i + "\"");
            }
        }
    }

    @Test
    void aRequestThatComesDuringThePollIsAnsweredAfterIt() throws Exception {
        String url = fixture.create("orders");
        try (RawClient client = new RawClient(server.port())) {
            client.send(poll(url));
            awaitWaiters(1);
            client.send(poll(url)).send("GET /_millrace/echo HTTP/1.1\nHost: h\n\n");
            fixture.send(url, "one");
            assertThat(client.receive().text()).contains("\"Body\":\"one\"");
            fixture.send(url, "two");
            assertThat(client.receive().text()).contains("\"Body\":\"two\"");

            assertThat(client.receive().text()).isEqualTo("ok\n");
        }
    }

    private List<RawClient> polls(String url, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new RawClient(server.port()).send(poll(url)));
        }
        awaitWaiters(count);
        return clients;
    }

    private void awaitWaiters(int count) {
        Eventually.see("waiters", fixture.sqs::waiterCount, waiting -> waiting == count);
    }

    private static byte[] poll(String url) {
        String body = "{\"QueueUrl\":\"" + url + "\",\"WaitTimeSeconds\":20}";
        return """
        POST / HTTP/1.1
        Host: h
        X-Amz-Target: AmazonSQS.ReceiveMessage
        Content-Type: application/x-amz-json-1.0
        X-Amz-Date: 20260301T120000Z
        Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260301/us-east-1/sqs/\
        aws4_request, SignedHeaders=host;x-amz-date, Signature=00
        Content-Length: %d

        %s\
        """
                .formatted(body.length(), body)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}

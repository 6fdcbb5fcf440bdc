package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodb.ListTablesOutput;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.SqsApi;
import io.millrace.http.RawClient;
import io.millrace.http.Response;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// More requests than are admitted, over real sockets.
@Timeout(60)
class OverloadTest {
    private static final int IN_WORK_MAX = 3;

    private final CountDownLatch leave = new CountDownLatch(1);
    private final CountDownLatch full = new CountDownLatch(IN_WORK_MAX);
    private final AtomicInteger inWork = new AtomicInteger();
    private final AtomicInteger inWorkMost = new AtomicInteger();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        Gateway gateway =
                new Gateway(
                        new Gateway.Settings(
                                "1",
                                "us-east-1",
                                Identities.of(List.of()),
                                () -> true,
                                new Admission.Limits(IN_WORK_MAX, 0, Duration.ZERO, Duration.ZERO)),
                        () -> Instant.parse("2026-11-24T03:00:00Z"),
                        new Ids(new Random(1)),
                        List.of(
                                dynamodb(),
                                service(
                                        Service.of(SqsApi.MODEL, 10_000, OverloadTest::invalid)
                                                .throttlingError(SqsApi.Errors.REQUEST_THROTTLED)),
                                service(Service.of(SnsApi.MODEL, 10_000, OverloadTest::invalid)),
                                service(
                                        Service.of(
                                                SchedulerApi.MODEL,
                                                10_000,
                                                OverloadTest::invalid))),
                        List.of());
        server = Server.start(ServerOptions.of("127.0.0.1", 0), gateway);
    }

    @AfterEach
    void stop() {
        leave.countDown();
        server.close();
    }

    private static ServiceException invalid(List<String> violations) {
        return new ServiceException(
                ErrorModel.of("ValidationException", 400), Constraints.message(violations));
    }

    private static Service service(Service.Builder builder) {
        return builder.build();
    }

    /// Its tables are listed when the test says so.
    private Service dynamodb() {
        return Service.of(DynamodbApi.MODEL, 100_000, OverloadTest::invalid)
                .errorNamespace("com.amazonaws.dynamodb.v20120810")
                .checksummed()
                .handle(
                        DynamodbApi.LIST_TABLES,
                        (_, _) -> {
                            inWorkMost.accumulateAndGet(inWork.incrementAndGet(), Math::max);
                            full.countDown();
                            await(leave);
                            inWork.decrementAndGet();
                            return ListTablesOutput.builder().build();
                        })
                .build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String request(String method, String path, String service, String more) {
        return method
                + " "
                + path
                + " HTTP/1.1\nHost: h\nX-Amz-Date: 20261124T030000Z\nAuthorization:"
                + " AWS4-HMAC-SHA256 Credential=key/20261124/us-east-1/"
                + service
                + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00\n"
                + more;
    }

    private static String listTables(String body) {
        return request(
                "POST",
                "/",
                "dynamodb",
                "Content-Type: application/x-amz-json-1.0\nX-Amz-Target:"
                        + " DynamoDB_20120810.ListTables\nContent-Length: "
                        + body.length()
                        + "\n\n"
                        + body);
    }

    /// As many as are admitted, in work.
    private List<RawClient> busy() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < IN_WORK_MAX; i++) {
            clients.add(new RawClient(server.port()).send(listTables("{}")));
        }
        await(full);
        return clients;
    }

    @Test
    void excessIsRefusedInTheApisOwnWordsAndWhatIsInWorkIsAnswered() throws Exception {
        List<RawClient> admitted = busy();
        try (RawClient client = new RawClient(server.port())) {
            RawClient.Answer dynamodb = client.send(listTables("{}")).receive();
            assertThat(dynamodb.status()).isEqualTo(400);
            assertThat(dynamodb.text())
                    .contains("\"com.amazon.coral.availability#ThrottlingException\"");

            String sqs = "Content-Type: application/x-amz-json-1.0\nContent-Length: 2\n";
            RawClient.Answer json =
                    client.send(
                                    request(
                                            "POST",
                                            "/",
                                            "sqs",
                                            sqs + "X-Amz-Target: AmazonSQS.ListQueues\n\n{}"))
                            .receive();
            assertThat(json.status()).isEqualTo(403);
            assertThat(json.text()).contains("RequestThrottled");

            String form = "Content-Type: application/x-www-form-urlencoded\nContent-Length: 17\n\n";
            RawClient.Answer query =
                    client.send(request("POST", "/", "sns", form + "Action=ListTopics")).receive();
            assertThat(query.status()).isEqualTo(400);
            assertThat(query.text()).contains("<Code>Throttling</Code>");

            RawClient.Answer rest =
                    client.send(request("GET", "/schedules", "scheduler", "\n")).receive();
            assertThat(rest.status()).isEqualTo(429);
            assertThat(rest.headers()).containsEntry("x-amzn-errortype", "ThrottlingException");
        }
        leave.countDown();
        for (RawClient client : admitted) {
            assertThat(client.receive().status()).isEqualTo(200);
            client.close();
        }
    }

    @Test
    void neverMoreAreInWorkThanAreAdmittedHoweverManyCome() throws Exception {
        List<RawClient> admitted = busy();
        List<RawClient> more = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            more.add(new RawClient(server.port()).send(listTables(" ".repeat(20_000) + "{}")));
        }

        for (RawClient client : more) {
            assertThat(client.receive().text()).contains("ThrottlingException");
        }
        assertThat(inWorkMost).hasValue(IN_WORK_MAX);

        leave.countDown();
        for (RawClient client : admitted) {
            assertThat(client.receive().status()).isEqualTo(200);
        }
        for (RawClient client : more) { // the same connections, at once
            assertThat(client.send(listTables("{}")).receive().status()).isIn(200, 400);
        }
        assertThat(more.getFirst().send(listTables("{}")).receive().status()).isEqualTo(200);
        assertThat(inWork).hasValue(0);
        for (RawClient client : more) {
            client.close();
        }
    }

    @Test
    void tellsHowItIsEvenThen() throws Exception {
        List<RawClient> admitted = busy();
        try (RawClient client = new RawClient(server.port())) {
            assertThat(
                            client.send("GET /_millrace/health HTTP/1.1\nHost: h\n\n")
                                    .receive()
                                    .status())
                    .isEqualTo(200);
            assertThat(client.send("GET /schedules/%zz HTTP/1.1\nHost: h\n\n").receive().status())
                    .isEqualTo(400);
        }
        for (RawClient client : admitted) {
            client.close();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreToldThatTheServerIsBusy() throws Exception {
        ServerOptions few = ServerOptions.of("127.0.0.1", 0).withBounds(2, 1 << 20);
        try (Server small = Server.start(few, _ -> Response.of(200, "text/plain", "there"));
                RawClient first = new RawClient(small.port());
                RawClient second = new RawClient(small.port())) {
            String get = "GET / HTTP/1.1\nHost: h\n\n";
            assertThat(first.send(get).receive().status()).isEqualTo(200);
            assertThat(second.send(get).receive().status()).isEqualTo(200);
            try (RawClient third = new RawClient(small.port())) {
                RawClient.Answer refused = third.send(get).receive();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.headers()).containsEntry("connection", "close");
                assertThat(third.closed()).isTrue();
            }
            assertThat(first.send(get).receive().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesAsTheGatewayWordsIt() {
        Gateway gateway =
                new Gateway(
                        new Gateway.Settings(
                                "1", "us-east-1", Identities.of(List.of()), () -> true),
                        () -> Instant.EPOCH,
                        new Ids(new Random(1)),
                        List.of(),
                        List.of());

        assertThat(new String(gateway.refuse(503, "busy").body(), StandardCharsets.UTF_8))
                .contains("ServiceUnavailable");
    }
}

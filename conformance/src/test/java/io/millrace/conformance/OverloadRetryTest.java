package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodb.ListTablesOutput;
import io.millrace.api.scheduler.ListSchedulesOutput;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.sns.ListTopicsResponse;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.ListQueuesResult;
import io.millrace.api.sqs.SqsApi;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;
import io.millrace.wire.Admission;
import io.millrace.wire.Gateway;
import io.millrace.wire.Identities;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A service that has more to do than it takes refuses with its throttling error, which SDKs take
/// for one to try again. The only place is taken until the SDK has seen its first refusal.
@Timeout(60)
class OverloadRetryTest {

    /// Lets the request that is in work go once a refusal has come, and counts attempts.
    private static final class Watcher implements ExecutionInterceptor {
        private final CountDownLatch leave = new CountDownLatch(1);
        private final CountDownLatch entered = new CountDownLatch(1);
        private final AtomicInteger attempts = new AtomicInteger();
        private final CompletableFuture<Void> answered = new CompletableFuture<>();

        @Override
        public void beforeTransmission(
                Context.BeforeTransmission context, ExecutionAttributes attributes) {
            if (attempts.incrementAndGet() > 1) {
                leave.countDown();
                answered.join();
            }
        }

        <T> T work(T answer) {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return answer;
        }
    }

    private static <I extends Shape, O extends Shape> Service service(
            ServiceModel model,
            OperationModel<I, O> operation,
            Supplier<O> answer,
            Watcher watcher,
            boolean queues) {
        Service.Builder builder =
                Service.of(
                                model,
                                10_000,
                                violations ->
                                        new ServiceException(
                                                ErrorModel.of("ValidationException", 400),
                                                violations.toString()))
                        .handle(operation, (_, _) -> watcher.work(answer.get()));
        return queues
                ? builder.throttlingError(SqsApi.Errors.REQUEST_THROTTLED).build()
                : builder.build();
    }

    /// A client that waits for its answer in the only place there is.
    private static void takeThePlace(int port, String signingName, String call, Watcher watcher)
            throws InterruptedException {
        String[] words = call.split(" ", 3);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + words[1]))
                        .header("X-Amz-Date", "20261124T030000Z")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=key/20261124/us-east-1/"
                                        + signingName
                                        + "/aws4_request, SignedHeaders=host;x-amz-date,"
                                        + " Signature=00");
        if (words[0].equals("GET")) {
            request.GET();
        } else if (words[2].startsWith("Action")) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(words[2]));
        } else {
            request.header("Content-Type", "application/x-amz-json-1.0")
                    .header("X-Amz-Target", words[2])
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
        }
        Thread.startVirtualThread(() -> {
            try (HttpClient client = HttpClient.newHttpClient()) {
                client.send(request.build(), HttpResponse.BodyHandlers.discarding());
                watcher.answered.complete(null);
            } catch (IOException | InterruptedException e) {
                watcher.answered.completeExceptionally(e);
            }
        });
        watcher.entered.await();
    }

    private static Server server(Service service) throws IOException {
        Gateway.Settings settings =
                new Gateway.Settings(
                        "1",
                        "us-east-1",
                        Identities.of(List.of()),
                        () -> true,
                        new Admission.Limits(1, 0, Duration.ZERO, Duration.ZERO));
        return Server.start(
                ServerOptions.of("127.0.0.1", 0),
                new Gateway(
                        settings,
                        InstantSource.system(),
                        new Ids(new Random(1)),
                        List.of(service),
                        List.of()));
    }

    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, Server server, Watcher watcher) {
        return builder.endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "s")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(o -> o.addExecutionInterceptor(watcher))
                .build();
    }

    @Test
    void dynamoDbIsTriedAgain() throws Exception {
        Watcher watcher = new Watcher();
        try (Server server =
                        server(
                                service(
                                        DynamodbApi.MODEL,
                                        DynamodbApi.LIST_TABLES,
                                        () -> ListTablesOutput.builder().build(),
                                        watcher,
                                        false));
                DynamoDbClient client = client(DynamoDbClient.builder(), server, watcher)) {
            takeThePlace(server.port(), "dynamodb", "POST / DynamoDB_20120810.ListTables", watcher);

            client.listTables();

            assertThat(watcher.attempts.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void sqsIsTriedAgain() throws Exception {
        Watcher watcher = new Watcher();
        try (Server server =
                        server(
                                service(
                                        SqsApi.MODEL,
                                        SqsApi.LIST_QUEUES,
                                        () -> ListQueuesResult.builder().build(),
                                        watcher,
                                        true));
                SqsClient client = client(SqsClient.builder(), server, watcher)) {
            takeThePlace(server.port(), "sqs", "POST / AmazonSQS.ListQueues", watcher);

            client.listQueues();

            assertThat(watcher.attempts.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void snsIsTriedAgain() throws Exception {
        Watcher watcher = new Watcher();
        try (Server server =
                        server(
                                service(
                                        SnsApi.MODEL,
                                        SnsApi.LIST_TOPICS,
                                        () -> ListTopicsResponse.builder().build(),
                                        watcher,
                                        false));
                SnsClient client = client(SnsClient.builder(), server, watcher)) {
            takeThePlace(
                    server.port(), "sns", "POST / Action=ListTopics&Version=2010-03-31", watcher);

            client.listTopics();

            assertThat(watcher.attempts.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void restServicesAreTriedAgain() throws Exception {
        Watcher watcher = new Watcher();
        try (Server server =
                        server(
                                service(
                                        SchedulerApi.MODEL,
                                        SchedulerApi.LIST_SCHEDULES,
                                        () ->
                                                ListSchedulesOutput.builder()
                                                        .schedules(List.of())
                                                        .build(),
                                        watcher,
                                        false));
                SchedulerClient client = client(SchedulerClient.builder(), server, watcher)) {
            takeThePlace(server.port(), "scheduler", "GET /schedules", watcher);

            client.listSchedules(_ -> {});

            assertThat(watcher.attempts.get()).isGreaterThanOrEqualTo(2);
        }
    }
}

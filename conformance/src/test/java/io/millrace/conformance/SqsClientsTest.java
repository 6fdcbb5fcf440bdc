package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// SQS through the SDK's batching client, and by hand in the query protocol as older clients speak
/// it: with a queue's own path, with GET, and with URLs of the cloud's hosts.
@ExtendWith(MillraceExtension.class)
final class SqsClientsTest {
    private static final int MESSAGES = 57;
    private static final String VERSION = "&Version=2012-11-05";

    private final MillraceServer server;
    private final Clients aws;
    private final SignedRequests signed;

    SqsClientsTest(MillraceServer server) {
        this.server = server;
        this.aws = new Clients(server.endpoint(), server.freshAccount());
        this.signed = new SignedRequests(server.endpoint(), aws.account());
    }

    @AfterEach
    void close() {
        signed.close();
        aws.close();
    }

    @Test
    void theBatchManagerSendsReceivesAndDeletes() {
        String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
        try (SqsAsyncClient client =
                        SqsAsyncClient.builder()
                                .endpointOverride(server.endpoint())
                                .region(Region.US_EAST_1)
                                .credentialsProvider(
                                        StaticCredentialsProvider.create(
                                                AwsBasicCredentials.create(
                                                        aws.account(), "secret")))
                                .build();
                SqsAsyncBatchManager batches = client.batchManager()) {
            List<CompletableFuture<SendMessageResponse>> sent =
                    IntStream.range(0, MESSAGES)
                            .mapToObj(i ->
                                    batches.sendMessage(request ->
                                            request.queueUrl(queue).messageBody("message " + i)))
                            .toList();
            sent.forEach(CompletableFuture::join);

            Set<String> bodies = new HashSet<>();
            while (bodies.size() < MESSAGES) { // ends, since each was acknowledged
                List<Message> page =
                        batches.receiveMessage(
                                        request -> request.queueUrl(queue).maxNumberOfMessages(10))
                                .join()
                                .messages();
                List<CompletableFuture<?>> deleted =
                        page.stream()
                                .<CompletableFuture<?>>map(message ->
                                        batches.deleteMessage(request ->
                                                request.queueUrl(queue)
                                                        .receiptHandle(message.receiptHandle())))
                                .toList();
                deleted.forEach(CompletableFuture::join);
                page.forEach(message -> assertThat(bodies.add(message.body())).isTrue());
            }

            assertThat(aws.sqs.receiveMessage(request -> request.queueUrl(queue)).messages())
                    .isEmpty();
        }
    }

    @Test
    void theQueryProtocolKnowsAQueueByItsPathAndByItsUrl() throws Exception {
        aws.sqs.createQueue(request -> request.queueName("q"));
        String path = "/" + aws.account() + "/q";

        for (String url :
                List.of(
                        "https%3A%2F%2Fsqs.us-east-1.amazonaws.com" + path,
                        "https%3A%2F%2Fus-east-1.queue.amazonaws.com" + path,
                        "https%3A%2F%2Fqueue.amazonaws.com" + path)) {
            assertThat(post("/", "Action=SendMessage&MessageBody=a&QueueUrl=" + url).status())
                    .isEqualTo(200);
        }
        assertThat(post(path, "Action=SendMessage&MessageBody=a").status()).isEqualTo(200);
        SignedRequests.Text got =
                signed.query(
                        SdkHttpMethod.GET,
                        path + "?Action=ReceiveMessage&MaxNumberOfMessages=10" + VERSION,
                        "");

        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body())
                .contains("<ReceiveMessageResult>")
                .contains("<MD5OfBody>0cc175b9c0f1b6a831c399e269772661</MD5OfBody>");
        assertThat(got.body().split("<Message>", -1)).hasSize(5);
    }

    @Test
    void theQueryProtocolHasItsOwnCodesAndStatuses() throws Exception {
        aws.sqs.createQueue(request -> request.queueName("q"));
        String path = "/" + aws.account() + "/q";

        SignedRequests.Text unknown = post("/000000000001/q", "Action=SendMessage&MessageBody=a");
        refused(unknown, 400, "AWS.SimpleQueueService.NonExistentQueue");
        assertThat(unknown.body()).contains("queue does not exist for this wsdl version.<");
        refused(post("/", "Action=SendMessage&MessageBody=a"), 404, "InvalidAddress");
        SignedRequests.Text action = post(path, "Action=Send");
        refused(action, 400, "InvalidAction");
        assertThat(action.body()).contains("<Message>The action Send is not valid for this endpo");
        refused(
                post(path, "Action=SendMessageBatch"),
                400,
                "AWS.SimpleQueueService.EmptyBatchRequest");
        refused(post(path, "Action=SendMessage"), 400, "MissingParameter");
        refused(post(path, "Action=DeleteMessage&ReceiptHandle=x"), 404, "ReceiptHandleIsInvalid");
        refused(
                post(
                        path,
                        "Action=AddPermission&Label=a&AWSAccountId.1=111111111111"
                                + "&ActionName.1=DeleteQueue"),
                400,
                "InvalidParameterValue");
        try (SignedRequests stranger =
                new SignedRequests(server.endpoint(), server.freshAccount())) {
            refused(
                    stranger.query(
                            SdkHttpMethod.POST, path, "Action=SendMessage&MessageBody=a" + VERSION),
                    403,
                    "AccessDenied");
        }
    }

    /// SQS kept its statuses when it came to speak JSON.
    @Test
    void deniesWithTheStatus403InJsonToo() {
        String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
        try (Clients stranger = new Clients(server.endpoint(), server.freshAccount())) {
            assertThatThrownBy(() ->
                            stranger.sqs.sendMessage(
                                    request -> request.queueUrl(queue).messageBody("a")))
                    .isInstanceOfSatisfying(
                            SqsException.class,
                            denied -> {
                                assertThat(denied.statusCode()).isEqualTo(403);
                                assertThat(denied.awsErrorDetails().errorCode())
                                        .isEqualTo("AccessDenied");
                            });
        }
    }

    private SignedRequests.Text post(String path, String form) throws Exception {
        return signed.query(SdkHttpMethod.POST, path, form + VERSION);
    }

    private static void refused(SignedRequests.Text answer, int status, String code) {
        assertThat(answer.body())
                .contains("<Type>Sender</Type>")
                .contains("<Code>" + code + "</Code>");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }
}

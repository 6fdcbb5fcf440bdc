package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// SQS through the AWS SDK for Java v2, which checks every MD5, and in the older query protocol.
@ExtendWith(MillraceExtension.class)
final class SqsTest {

    private final MillraceServer server;
    private final Clients aws;

    SqsTest(MillraceServer server) {
        this.server = server;
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void sendsReceivesAndDeletes() {
        String queue = createQueue("q", Map.of());

        aws.sqs.sendMessage(request ->
                request.queueUrl(queue)
                        .messageBody("<hello> & ü 🚀")
                        .messageAttributes(
                                Map.of(
                                        "text",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("t")
                                                .build(),
                                        "bytes",
                                        MessageAttributeValue.builder()
                                                .dataType("Binary.png")
                                                .binaryValue(
                                                        SdkBytes.fromByteArray(
                                                                new byte[] {0, 1, -1}))
                                                .build())));
        Message message = receiveOne(queue);

        assertThat(message.body()).isEqualTo("<hello> & ü 🚀");
        assertThat(message.messageAttributes()).containsOnlyKeys("text", "bytes");
        assertThat(message.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        assertThat(receive(queue)).isEmpty();
        assertThat(counts(queue)).containsExactly("0", "1", "0");

        aws.sqs.deleteMessage(
                request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));

        assertThat(counts(queue)).containsExactly("0", "0", "0");
    }

    @Test
    void showsAMessageAgainWhenItsVisibilityIsGivenBack() {
        String queue = createQueue("q", Map.of());
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("again"));
        Message first = receiveOne(queue);

        aws.sqs.changeMessageVisibility(request ->
                request.queueUrl(queue).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
        Message second = receiveOne(queue);

        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
    }

    @Test
    void wakesALongPoll() {
        String queue = createQueue("q", Map.of());
        CompletableFuture<Message> polled =
                CompletableFuture.supplyAsync(
                        () -> receiveOne(queue, 20), Thread::startVirtualThread);

        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("wake"));

        assertThat(polled.join().body()).isEqualTo("wake");
    }

    @Test
    void movesAPoisonousMessageToItsDeadLetterQueue() {
        String deadLetters = createQueue("dead", Map.of());
        String queue =
                createQueue(
                        "q",
                        Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "0",
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"2\"}"
                                        .formatted(arn("dead"))));
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("poison"));

        receiveOne(queue);
        receiveOne(queue);

        assertThat(receive(queue)).isEmpty();
        assertThat(receiveOne(deadLetters).body()).isEqualTo("poison");
    }

    @Test
    void answersABatchEntryByEntry() {
        String queue = createQueue("q", Map.of());

        var sent =
                aws.sqs.sendMessageBatch(request ->
                        request.queueUrl(queue)
                                .entries(
                                        entry("good", "body"),
                                        entry("bad", "\u0001 is not allowed")));

        assertThat(sent.successful()).extracting(result -> result.id()).containsExactly("good");
        assertThat(sent.failed())
                .extracting(BatchResultErrorEntry::id, BatchResultErrorEntry::senderFault)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("bad", true));
        assertThatThrownBy(() ->
                        aws.sqs.sendMessageBatch(request ->
                                request.queueUrl(queue)
                                        .entries(
                                                IntStream.range(0, 11)
                                                        .mapToObj(i -> entry("e" + i, "b"))
                                                        .toList())))
                .hasMessageContaining("Maximum number of entries per request are 10");
    }

    /// AWS leaves out what a batch has none of, and SDKs go by that.
    @Test
    void tellsOfNoFailedEntriesWhereNoneHas() {
        String queue = createQueue("q", Map.of());

        var sent =
                aws.sqs.sendMessageBatch(
                        request -> request.queueUrl(queue).entries(entry("good", "body")));
        assertThat(sent.hasFailed()).isFalse();
        String handle = receiveOne(queue).receiptHandle();
        var change =
                ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id("a")
                        .receiptHandle(handle)
                        .visibilityTimeout(9)
                        .build();
        var changed =
                aws.sqs.changeMessageVisibilityBatch(
                        request -> request.queueUrl(queue).entries(change));
        assertThat(changed.hasFailed()).isFalse();
        var deletion =
                DeleteMessageBatchRequestEntry.builder().id("a").receiptHandle(handle).build();
        var deleted =
                aws.sqs.deleteMessageBatch(request -> request.queueUrl(queue).entries(deletion));
        assertThat(deleted.hasFailed()).isFalse();
        assertThat(deleted.hasSuccessful()).isTrue();
        var refused =
                aws.sqs.sendMessageBatch(
                        request -> request.queueUrl(queue).entries(entry("bad", "\u0001")));
        assertThat(refused.hasFailed()).isTrue();
        assertThat(refused.hasSuccessful()).isFalse();
    }

    @Test
    void purgesAndListsAndDeletesQueues() {
        String queue = createQueue("one", Map.of());
        createQueue("two", Map.of());
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("gone"));

        aws.sqs.purgeQueue(request -> request.queueUrl(queue));

        assertThat(receive(queue)).isEmpty();
        assertThat(aws.sqs.listQueues(request -> request.queueNamePrefix("o")).queueUrls())
                .containsExactly(queue);

        aws.sqs.deleteQueue(request -> request.queueUrl(queue));

        assertThatThrownBy(() -> receive(queue)).isInstanceOf(QueueDoesNotExistException.class);
    }

    @Test
    void refusesBadRequestsInTheWordsOfAws() {
        String queue = createQueue("q", Map.of());

        assertThatThrownBy(() -> aws.sqs.getQueueUrl(request -> request.queueName("absent")))
                .isInstanceOf(QueueDoesNotExistException.class)
                .hasMessageContaining("The specified queue does not exist");
        assertThatThrownBy(() ->
                        aws.sqs.deleteMessage(
                                request -> request.queueUrl(queue).receiptHandle("x")))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
        assertThatThrownBy(() -> createQueue("q", Map.of(QueueAttributeName.DELAY_SECONDS, "1")))
                .isInstanceOf(QueueNameExistsException.class);
        assertThatThrownBy(() ->
                        aws.sqs.receiveMessage(
                                request -> request.queueUrl(queue).maxNumberOfMessages(11)))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("Must be between 1 and 10");
    }

    @Test
    void speaksTheQueryProtocolToo() throws Exception {
        createQueue("q", Map.of());

        HttpResponse<String> sent =
                query(
                        "/" + aws.account() + "/q",
                        "Action=SendMessage&Version=2012-11-05&MessageBody=by%20query");
        HttpResponse<String> refused =
                query("/", "Action=GetQueueUrl&Version=2012-11-05&QueueName=absent");

        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.body())
                .contains("<SendMessageResponse", "<MessageId>", "<MD5OfMessageBody>");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>")
                .contains("<Type>Sender</Type>");
    }

    private HttpResponse<String> query(String path, String form) throws Exception {
        URI uri = server.endpoint().resolve(path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("X-Amz-Date", "20260101T000000Z")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential="
                                            + aws.account()
                                            + "/20260101/us-east-1/sqs/aws4_request,"
                                            + " SignedHeaders=host;x-amz-date, Signature="
                                            + "0".repeat(64))
                            .POST(BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        return aws.sqs
                .createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    private String arn(String queue) {
        return "arn:aws:sqs:us-east-1:" + aws.account() + ":" + queue;
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private List<Message> receive(String queue) {
        return aws.sqs.receiveMessage(request -> request.queueUrl(queue)).messages();
    }

    private Message receiveOne(String queue) {
        return receiveOne(queue, 5);
    }

    private Message receiveOne(String queue, int waitSeconds) {
        List<Message> messages =
                aws.sqs
                        .receiveMessage(request ->
                                request.queueUrl(queue)
                                        .waitTimeSeconds(waitSeconds)
                                        .messageAttributeNames("All")
                                        .messageSystemAttributeNames(
                                                MessageSystemAttributeName.ALL))
                        .messages();
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    private List<String> counts(String queue) {
        Map<QueueAttributeName, String> attributes =
                aws.sqs
                        .getQueueAttributes(request ->
                                request.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
                        .attributes();
        return List.of(
                attributes.getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "?"),
                attributes.getOrDefault(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "?"),
                attributes.getOrDefault(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED, "?"));
    }
}

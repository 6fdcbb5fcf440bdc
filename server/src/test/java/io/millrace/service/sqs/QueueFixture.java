package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.sqs.ChangeMessageVisibilityRequest;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.GetQueueAttributesRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SendMessageResult;
import io.millrace.api.sqs.SetQueueAttributesRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.Renderings;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A server's SQS on a store in memory, and short forms of its calls.
final class QueueFixture {
    static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    "arn:aws:iam::000000000000:root",
                    "AIDAEXAMPLE",
                    "request",
                    "http://localhost:4566");

    /// Renderings of the kind `joined`: the own part, a colon, the shared part.
    static final Renderings RENDERINGS =
            new Renderings(
                    Map.of(
                            "joined",
                            (own, shared) ->
                                    new String(own, StandardCharsets.UTF_8)
                                            + ":"
                                            + new String(shared, StandardCharsets.UTF_8)));

    /// On whose behalf a service delivers.
    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:news";

    final ManualClock clock;
    final Store store;
    final Sqs sqs;
    private final boolean resting;

    QueueFixture() {
        this(new MemoryStore(), true);
    }

    QueueFixture(Store store, boolean resting) {
        this(store, new ManualClock(), resting);
    }

    private QueueFixture(Store store, ManualClock clock, boolean resting) {
        this.store = store;
        this.clock = clock;
        this.resting = resting;
        this.sqs =
                new Sqs(
                        store,
                        clock,
                        new Ids(new SecureRandom()),
                        RENDERINGS,
                        CustomerKeys.ANY,
                        resting);
    }

    /// The same store after a restart: nothing in memory is left.
    Sqs restarted() {
        return afterRestart().sqs;
    }

    QueueFixture afterRestart() {
        return new QueueFixture(store, clock, resting);
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(sqs, operation, request);
    }

    static <I extends Shape, O extends Shape> O call(
            Sqs sqs, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler =
                Objects.requireNonNull(sqs.service().operation(operation), operation.name());
        return handler.handle(CALLER.calling(operation.name()), request);
    }

    /// Calls with this header `X-Amzn-Trace-Id`.
    <I extends Shape, O extends Shape> O callTraced(
            String traceHeader, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler =
                Objects.requireNonNull(sqs.service().operation(operation), operation.name());
        return handler.handle(CALLER.calling(operation.name()).traced(traceHeader), request);
    }

    /// Calls as another account's root.
    <I extends Shape, O extends Shape> O callAs(
            String accountId, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler =
                Objects.requireNonNull(sqs.service().operation(operation), operation.name());
        Caller caller =
                new Caller(
                        accountId,
                        CALLER.region(),
                        "arn:aws:iam::" + accountId + ":root",
                        accountId,
                        "request",
                        CALLER.endpoint());
        return handler.handle(caller.calling(operation.name()), request);
    }

    <I extends Shape, O extends Shape> ServiceException refused(
            OperationModel<I, O> operation, I request) {
        ServiceException refusal =
                catchThrowableOfType(ServiceException.class, () -> call(operation, request));
        assertThat(refusal).as("refusal of " + operation).isNotNull();
        return refusal;
    }

    <I extends Shape, O extends Shape> ServiceException refusedAs(
            String accountId, OperationModel<I, O> operation, I request) {
        ServiceException refusal =
                catchThrowableOfType(
                        ServiceException.class, () -> callAs(accountId, operation, request));
        assertThat(refusal).as("refusal of " + operation).isNotNull();
        return refusal;
    }

    String create(String name) {
        return create(name, Map.of());
    }

    String create(String name, Map<String, String> attributes) {
        return Objects.requireNonNull(
                call(
                                SqsApi.CREATE_QUEUE,
                                CreateQueueRequest.builder()
                                        .queueName(name)
                                        .attributes(attributes)
                                        .build())
                        .queueUrl());
    }

    String createFifo(String name, Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put("FifoQueue", "true");
        return create(name, all);
    }

    SendMessageResult send(String url, String body) {
        return call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder().queueUrl(url).messageBody(body).build());
    }

    SendMessageResult sendDelayed(String url, String body, int seconds) {
        return call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody(body)
                        .delaySeconds(seconds)
                        .build());
    }

    /// To a standard queue.
    SendMessageResult sendInGroup(String url, String body, String group, int delaySeconds) {
        return call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody(body)
                        .messageGroupId(group)
                        .delaySeconds(delaySeconds)
                        .build());
    }

    SendMessageResult sendFifo(String url, String body, String group, String id) {
        return call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody(body)
                        .messageGroupId(group)
                        .messageDeduplicationId(id)
                        .build());
    }

    static ReceiveMessageRequest.Builder receiving(String url) {
        return ReceiveMessageRequest.builder()
                .queueUrl(url)
                .maxNumberOfMessages(10)
                .messageSystemAttributeNames(List.of("All"))
                .messageAttributeNames(List.of("All"));
    }

    List<Message> receive(String url) {
        return receive(receiving(url));
    }

    List<Message> receive(ReceiveMessageRequest.Builder request) {
        List<Message> messages = call(SqsApi.RECEIVE_MESSAGE, request.build()).messages();
        return messages == null ? List.of() : messages;
    }

    Message receiveOne(String url) {
        List<Message> messages = receive(receiving(url).maxNumberOfMessages(1));
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    List<String> bodies(String url) {
        return bodies(receive(url));
    }

    static List<String> bodies(List<Message> messages) {
        return messages.stream().map(message -> String.valueOf(message.body())).toList();
    }

    void delete(String url, Message message) {
        delete(url, handle(message));
    }

    void delete(String url, String handle) {
        call(
                SqsApi.DELETE_MESSAGE,
                DeleteMessageRequest.builder().queueUrl(url).receiptHandle(handle).build());
    }

    void changeVisibility(String url, Message message, int seconds) {
        changeVisibility(url, handle(message), seconds);
    }

    void changeVisibility(String url, String handle, int seconds) {
        call(
                SqsApi.CHANGE_MESSAGE_VISIBILITY,
                ChangeMessageVisibilityRequest.builder()
                        .queueUrl(url)
                        .receiptHandle(handle)
                        .visibilityTimeout(seconds)
                        .build());
    }

    void set(String url, String attribute, String value) {
        call(
                SqsApi.SET_QUEUE_ATTRIBUTES,
                SetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributes(Map.of(attribute, value))
                        .build());
    }

    /// Lets services put messages into a queue.
    void openToServices(String url) {
        set(
                url,
                "Policy",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
                        + "\"sqs:SendMessage\",\"Resource\":\"*\"}]}");
    }

    Map<String, String> attributes(String url) {
        Map<String, String> attributes =
                call(
                                SqsApi.GET_QUEUE_ATTRIBUTES,
                                GetQueueAttributesRequest.builder()
                                        .queueUrl(url)
                                        .attributeNames(List.of("All"))
                                        .build())
                        .attributes();
        return attributes == null ? Map.of() : attributes;
    }

    /// Visible, in flight, delayed.
    String counts(String url) {
        Map<String, String> attributes = attributes(url);
        return attributes.get("ApproximateNumberOfMessages")
                + " "
                + attributes.get("ApproximateNumberOfMessagesNotVisible")
                + " "
                + attributes.get("ApproximateNumberOfMessagesDelayed");
    }

    static String handle(Message message) {
        return Objects.requireNonNull(message.receiptHandle());
    }

    static String attribute(Message message, String name) {
        return String.valueOf(Objects.requireNonNull(message.attributes()).get(name));
    }

    static String arn(String name) {
        return "arn:aws:sqs:us-east-1:000000000000:" + name;
    }
}

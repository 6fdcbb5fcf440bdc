package com.example.orders;

import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Long-polls a queue, hands each body to a handler, and deletes what was handled. What is not
/// deleted, as after a crash, comes again.
final class QueueConsumer {

    private static final int MESSAGES_MAX = 10;
    private static final int WAIT_SECONDS = 5;
    private static final int VISIBILITY_SECONDS = 10;

    private final Cloud cloud;
    private final String queueUrl;
    private final Consumer<String> handler;

    QueueConsumer(Cloud cloud, String queueName, Consumer<String> handler) {
        this.cloud = cloud;
        this.queueUrl = cloud.sqs.getQueueUrl(request -> request.queueName(queueName)).queueUrl();
        this.handler = handler;
    }

    void step() {
        List<Message> messages =
                cloud.sqs
                        .receiveMessage(request ->
                                request.queueUrl(queueUrl)
                                        .maxNumberOfMessages(MESSAGES_MAX)
                                        .visibilityTimeout(VISIBILITY_SECONDS)
                                        .waitTimeSeconds(WAIT_SECONDS))
                        .messages();
        List<DeleteMessageBatchRequestEntry> handled = new ArrayList<>();
        for (Message message : messages) {
            handler.accept(message.body());
            handled.add(
                    DeleteMessageBatchRequestEntry.builder()
                            .id(message.messageId())
                            .receiptHandle(message.receiptHandle())
                            .build());
        }
        if (!handled.isEmpty()) {
            cloud.sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(handled));
        }
    }
}

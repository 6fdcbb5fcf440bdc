package io.millrace.service.sqs;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sqs.StartMessageMoveTaskRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Queues with dead-letter queues on a fixture, and short forms of moving messages.
record DeadLetters(QueueFixture fixture) {

    /// A queue of which a message is dead after one receive.
    String source(String name, String deadLetters) {
        return fixture.create(name, Map.of("RedrivePolicy", policy(deadLetters)));
    }

    String fifoSource(String name, String deadLetters) {
        return fixture.createFifo(name, Map.of("RedrivePolicy", policy(deadLetters)));
    }

    static String policy(String deadLetters) {
        return "{\"deadLetterTargetArn\":\""
                + QueueFixture.arn(deadLetters)
                + "\",\"maxReceiveCount\":\"1\"}";
    }

    /// Lets everything visible, up to ten messages, end in the dead-letter queue.
    void fail(String url) {
        fixture.receive(QueueFixture.receiving(url).visibilityTimeout(0));
        fixture.receive(QueueFixture.receiving(url).visibilityTimeout(0));
    }

    /// The handle of a task that begins.
    String start(String source, @Nullable String destination, @Nullable Integer rate) {
        return Objects.requireNonNull(
                fixture.call(
                                SqsApi.START_MESSAGE_MOVE_TASK,
                                StartMessageMoveTaskRequest.builder()
                                        .sourceArn(QueueFixture.arn(source))
                                        .destinationArn(
                                                destination == null
                                                        ? null
                                                        : QueueFixture.arn(destination))
                                        .maxNumberOfMessagesPerSecond(rate)
                                        .build())
                        .taskHandle());
    }

    /// Receives and deletes everything, until nothing comes.
    List<String> drain(String url) {
        List<String> bodies = new ArrayList<>();
        List<Message> page = fixture.receive(url);
        while (!page.isEmpty()) { // what comes is deleted
            bodies.addAll(QueueFixture.bodies(page));
            page.forEach(message -> fixture.delete(url, message));
            page = fixture.receive(url);
        }
        return bodies;
    }
}

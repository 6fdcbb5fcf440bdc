package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.SqsException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A move task brings the messages of a dead-letter queue back to where they came from, or to
/// another queue, at the rate that is asked for, until it has moved all or is cancelled.
@ExtendWith(MillraceExtension.class)
@Timeout(120)
final class MoveTasksTest {

    private final Clients aws;

    MoveTasksTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void movesDeadLettersBackWhereTheyCameFrom() {
        String dead = createQueue("dead", Map.of());
        String source = createSource("source", dead);
        for (int i = 0; i < 3; i++) {
            String body = "m" + i;
            aws.sqs.sendMessage(request -> request.queueUrl(source).messageBody(body));
        }
        Eventually.see(
                "three dead letters",
                () -> {
                    aws.sqs.receiveMessage(request ->
                            request.queueUrl(source).maxNumberOfMessages(10).visibilityTimeout(0));
                    return count(dead);
                },
                dying -> dying >= 3);
        String deadArn = arn(dead);

        aws.sqs.startMessageMoveTask(request -> request.sourceArn(deadArn));

        List<String> bodies = new ArrayList<>();
        while (bodies.size() < 3) { // they come
            for (Message message :
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(source)
                                            .maxNumberOfMessages(10)
                                            .waitTimeSeconds(5))
                            .messages()) {
                bodies.add(message.body());
                aws.sqs.deleteMessage(
                        request -> request.queueUrl(source).receiptHandle(message.receiptHandle()));
            }
        }
        assertThat(bodies).containsExactlyInAnyOrder("m0", "m1", "m2");
        ListMessageMoveTasksResultEntry task = ended(deadArn);
        assertThat(task.status()).isEqualTo("COMPLETED");
        assertThat(task.sourceArn()).isEqualTo(deadArn);
        assertThat(task.destinationArn()).isNull();
        assertThat(task.taskHandle()).isNull();
        assertThat(task.startedTimestamp()).isPositive();
    }

    @Test
    void stopsWhenItIsCancelled() {
        String dead = createQueue("dead", Map.of());
        createSource("source", dead);
        String destinationArn = arn(createQueue("destination", Map.of()));
        for (int i = 0; i < 5; i++) {
            aws.sqs.sendMessage(request -> request.queueUrl(dead).messageBody("m"));
        }
        String deadArn = arn(dead);

        String handle =
                aws.sqs
                        .startMessageMoveTask(request ->
                                request.sourceArn(deadArn)
                                        .destinationArn(destinationArn)
                                        .maxNumberOfMessagesPerSecond(1))
                        .taskHandle();
        assertThatThrownBy(
                        () -> aws.sqs.startMessageMoveTask(request -> request.sourceArn(deadArn)))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("There is already a task running.");
        aws.sqs.cancelMessageMoveTask(request -> request.taskHandle(handle));

        ListMessageMoveTasksResultEntry task = ended(deadArn);
        assertThat(task.status()).isEqualTo("CANCELLED");
        assertThat(task.approximateNumberOfMessagesMoved()).isLessThan(5);
        assertThat(count(dead)).isPositive();
    }

    @Test
    void refusesWhatIsNoDeadLetterQueueOrNotThere() {
        String plainArn = arn(createQueue("plain", Map.of()));

        assertThatThrownBy(
                        () -> aws.sqs.startMessageMoveTask(request -> request.sourceArn(plainArn)))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("Source queue must be configured as a Dead Letter Queue.");
        assertThatThrownBy(() ->
                        aws.sqs.startMessageMoveTask(
                                request -> request.sourceArn(plainArn + "-none")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() ->
                        aws.sqs.cancelMessageMoveTask(request -> request.taskHandle("foobared")))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("Value for parameter TaskHandle is invalid.");
    }

    /// The newest task of a queue, when it has ended.
    private ListMessageMoveTasksResultEntry ended(String sourceArn) {
        return Eventually.see(
                "the task's end",
                () ->
                        aws.sqs
                                .listMessageMoveTasks(request -> request.sourceArn(sourceArn))
                                .results()
                                .getFirst(),
                task -> !List.of("RUNNING", "CANCELLING").contains(task.status()));
    }

    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        return aws.sqs
                .createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    private String createSource(String name, String dead) {
        String policy = "{\"deadLetterTargetArn\":\"" + arn(dead) + "\",\"maxReceiveCount\":\"1\"}";
        return createQueue(name, Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
    }

    private String arn(String queueUrl) {
        return attribute(queueUrl, QueueAttributeName.QUEUE_ARN);
    }

    private int count(String queueUrl) {
        return Integer.parseInt(
                attribute(queueUrl, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }

    private String attribute(String queueUrl, QueueAttributeName name) {
        return String.valueOf(
                aws.sqs
                        .getQueueAttributes(
                                request -> request.queueUrl(queueUrl).attributeNames(name))
                        .attributes()
                        .get(name));
    }
}

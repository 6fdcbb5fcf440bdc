package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.sqs.CancelMessageMoveTaskRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.ListMessageMoveTasksRequest;
import io.millrace.api.sqs.ListMessageMoveTasksResultEntry;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sqs.StartMessageMoveTaskRequest;
import io.millrace.engine.Cursor;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Move tasks: what they move and what they leave, their rate, their ends and their refusals.
class MoveTasksTest {

    private final QueueFixture fixture = new QueueFixture();
    private final DeadLetters queues = new DeadLetters(fixture);

    @Test
    void bringsEachMessageBackToTheQueueFromWhichItCameAsANewOne() {
        String dead = fixture.create("dead");
        String one = queues.source("one", "dead");
        String other = queues.source("other", "dead");
        fixture.call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(one)
                        .messageBody("a")
                        .messageAttributes(
                                Map.of(
                                        "k",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("v")
                                                .build()))
                        .build());
        queues.fail(one);
        fixture.send(other, "b");
        queues.fail(other);
        String oldId = String.valueOf(fixture.receive(dead).getFirst().messageId());
        fixture.clock.passSeconds(60);

        start("dead", null, null);
        fixture.sqs.moveMessages();

        Message message = fixture.receiveOne(one);
        assertThat(message.body()).isEqualTo("a");
        assertThat(message.messageId()).isNotEqualTo(oldId);
        assertThat(message.messageAttributes()).containsOnlyKeys("k");
        assertThat(message.attributes())
                .containsEntry("ApproximateReceiveCount", "1")
                .containsEntry("SentTimestamp", "" + fixture.clock.millis())
                .containsEntry("ApproximateFirstReceiveTimestamp", "" + fixture.clock.millis())
                .doesNotContainKey("DeadLetterQueueSourceArn");
        assertThat(fixture.bodies(other)).containsExactly("b");
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
        ListMessageMoveTasksResultEntry task = only("dead");
        assertThat(task.status()).isEqualTo("COMPLETED");
        assertThat(task.approximateNumberOfMessagesMoved()).isEqualTo(2);
        assertThat(task.approximateNumberOfMessagesToMove()).isEqualTo(2);
        assertThat(task.taskHandle()).isNull();
        assertThat(task.destinationArn()).isNull();
        assertThat(task.maxNumberOfMessagesPerSecond()).isNull();
        assertThat(task.failureReason()).isNull();
    }

    @Test
    void movesToADestinationInPagesAndInOrder() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            bodies.add("m" + i);
            fixture.send(dead, "m" + i);
        }

        String handle = start("dead", "destination", null);
        fixture.sqs.moveMessages();

        assertThat(fixture.counts(dead)).isEqualTo("150 0 0");
        assertThat(only("dead").status()).isEqualTo("RUNNING");
        assertThat(only("dead").taskHandle()).isEqualTo(handle);
        assertThat(only("dead").approximateNumberOfMessagesMoved()).isEqualTo(100);
        fixture.sqs.moveMessages();
        fixture.sqs.moveMessages();
        assertThat(only("dead").status()).isEqualTo("COMPLETED");
        assertThat(queues.drain(destination)).containsExactlyElementsOf(bodies);
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
    }

    @Test
    void leavesWhatIsInFlightDelayedDeletedOrSentLater() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        fixture.send(dead, "in flight");
        fixture.send(dead, "deleted");
        Message inFlight = fixture.receiveOne(dead);
        fixture.delete(dead, fixture.receiveOne(dead));
        fixture.sendDelayed(dead, "delayed", 60);
        fixture.send(dead, "visible");

        start("dead", "destination", null);
        fixture.send(dead, "later");
        fixture.sqs.moveMessages();

        assertThat(fixture.bodies(destination)).containsExactly("visible");
        assertThat(only("dead").status()).isEqualTo("COMPLETED");
        assertThat(only("dead").approximateNumberOfMessagesMoved()).isEqualTo(1);
        assertThat(only("dead").approximateNumberOfMessagesToMove()).isEqualTo(1);
        assertThat(fixture.counts(dead)).isEqualTo("1 1 1");
        fixture.delete(dead, inFlight);
        assertThat(fixture.counts(dead)).isEqualTo("1 0 1");
    }

    @Test
    void movesWhatWasReceivedAndIsVisibleAgainAndLetsItsOldHandleLeadToNothing() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        fixture.send(dead, "a");
        Message old = fixture.receiveOne(dead);
        fixture.clock.passSeconds(31);

        start("dead", "destination", null);
        fixture.sqs.moveMessages();
        fixture.delete(dead, old);

        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
        assertThat(fixture.receive(dead)).isEmpty();
        assertThat(fixture.bodies(destination)).containsExactly("a");
    }

    @Test
    void keepsToItsRateAndSurvivesRestarts() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        for (int i = 0; i < 5; i++) {
            fixture.send(dead, "m" + i);
        }

        start("dead", "destination", 2);
        for (int half = 0; half < 5; half++) {
            QueueFixture restarted = fixture.afterRestart();
            restarted.sqs.moveMessages();
            restarted.sqs.moveMessages();
            assertThat(fixture.counts(destination)).isEqualTo(half + 1 + " 0 0");
            fixture.clock.passSeconds(half == 2 ? 3600 : 1); // a pause is not caught up with
            fixture.clock.pass(Duration.ofMillis(-500));
        }
        fixture.sqs.moveMessages();

        assertThat(only("dead").status()).isEqualTo("COMPLETED");
        assertThat(only("dead").maxNumberOfMessagesPerSecond()).isEqualTo(2);
        assertThat(queues.drain(destination)).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void endsWhenItIsCancelledAndKeepsWhatItMoved() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        fixture.send(dead, "a");
        fixture.send(dead, "b");
        String handle = start("dead", "destination", 1);
        fixture.sqs.moveMessages();

        assertThat(cancel(handle)).isEqualTo(1);
        assertThat(only("dead").status()).isEqualTo("CANCELLING");
        assertThat(only("dead").taskHandle()).isNull();
        fixture.sqs.moveMessages();

        assertThat(only("dead").status()).isEqualTo("CANCELLED");
        assertThat(only("dead").approximateNumberOfMessagesMoved()).isEqualTo(1);
        assertThat(fixture.bodies(dead)).containsExactly("b");
        assertThat(fixture.bodies(destination)).containsExactly("a");
        assertThat(refusedCancel(handle)).isEqualTo("Task does not exist.");
    }

    /// It would be CANCELLING for ever, and the queue could have no other task.
    @Test
    void aTaskIsCancelledOrEndsInTimeAlsoWhenItsMessagesCannotBeRead() {
        fixture.create("destination");
        fixture.send(fixture.create("dead"), "damaged");
        queues.source("source", "dead");
        damageMessages();
        String handle = start("dead", "destination", null);
        fixture.sqs.moveMessages();
        assertThat(only("dead").status()).isEqualTo("RUNNING");

        cancel(handle);
        fixture.sqs.moveMessages();

        assertThat(only("dead").status()).isEqualTo("CANCELLED");
        start("dead", "destination", null);
        fixture.clock.pass(SqsLimits.MOVE_TASK);
        fixture.sqs.moveMessages();
        assertThat(list("dead", 10).getFirst().status()).isEqualTo("FAILED");
    }

    private void damageMessages() {
        fixture.store.write(tx -> {
            Queue queue = Queues.byName(tx, "000000000000", "us-east-1", "dead");
            try (Cursor cursor =
                    tx.prefix(SqsKeys.messages(Objects.requireNonNull(queue).number()))) {
                while (cursor.next()) {
                    tx.put(cursor.key(), new byte[] {1});
                }
            }
            return 0;
        });
    }

    @Test
    void failsWhereThereIsNoQueueToMoveTo() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        String destination = fixture.create("destination");
        fixture.send(dead, "sent to it");
        start("dead", null, null);
        fixture.sqs.moveMessages();
        assertThat(only("dead").status()).isEqualTo("FAILED");
        assertThat(only("dead").failureReason()).isEqualTo("CouldNotDetermineMessageSource");

        start("dead", "destination", null);
        fixture.call(
                SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(destination).build());
        fixture.sqs.moveMessages();

        assertThat(only("dead").status()).isEqualTo("FAILED");
        assertThat(only("dead").failureReason())
                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(fixture.bodies(dead)).containsExactly("sent to it");
    }

    @Test
    void failsAfterThirtySixHours() {
        String dead = fixture.create("dead");
        queues.source("source", "dead");
        fixture.create("destination");
        fixture.send(dead, "a");
        fixture.send(dead, "b");
        start("dead", "destination", 1);
        fixture.sqs.moveMessages();
        fixture.clock.passSeconds(36 * 3600);
        fixture.sqs.moveMessages();

        assertThat(only("dead").status()).isEqualTo("FAILED");
        assertThat(only("dead").approximateNumberOfMessagesMoved()).isEqualTo(1);
    }

    @Test
    void endsWithItsQueueAndLeavesNothingToOneOfTheSameName() {
        QueueFixture development = new QueueFixture(fixture.store, false);
        String dead = development.create("dead");
        queues.source("source", "dead");
        development.create("destination");
        development.send(dead, "a");
        start("dead", "destination", 1);

        development.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(dead).build());
        development.sqs.moveMessages();
        development.create("dead");

        assertThat(list("dead", 10)).isEmpty();
        start("dead", "destination", null);
        development.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(dead).build());
        development.sqs.moveMessages();
        assertThat(only("dead").status()).isEqualTo("COMPLETED");
    }

    @Test
    void keepsTheOrderOfGroupsAndLeavesGroupsThatAreInFlight() {
        String dead = fixture.createFifo("dead.fifo", Map.of());
        queues.fifoSource("source.fifo", "dead.fifo");
        String destination = fixture.createFifo("destination.fifo", Map.of());
        fixture.sendFifo(dead, "a1", "a", "1");
        fixture.sendFifo(dead, "a2", "a", "2");
        fixture.receiveOne(dead);
        fixture.sendFifo(dead, "b1", "b", "3");
        fixture.sendFifo(dead, "b2", "b", "4");

        start("dead.fifo", "destination.fifo", null);
        fixture.sqs.moveMessages();

        assertThat(fixture.bodies(destination)).containsExactly("b1", "b2");
        assertThat(fixture.counts(dead)).isEqualTo("1 1 0");
        fixture.clock.passSeconds(31);
        assertThat(fixture.bodies(dead)).containsExactly("a1", "a2");
    }

    @Test
    void aRedrivenMessageIsNoDuplicateOfItself() {
        String dead = fixture.createFifo("dead.fifo", Map.of());
        String source = queues.fifoSource("source.fifo", "dead.fifo");
        fixture.sendFifo(source, "a", "g", "1");
        queues.fail(source);
        assertThat(fixture.counts(dead)).isEqualTo("1 0 0");

        start("dead.fifo", null, null);
        fixture.sqs.moveMessages();

        Message message = fixture.receiveOne(source);
        assertThat(message.body()).isEqualTo("a");
        assertThat(message.attributes()).containsEntry("MessageGroupId", "g");
    }

    @Test
    void listsTheLastTenTheNewestFirst() {
        fixture.create("dead");
        queues.source("source", "dead");
        for (int rate = 1; rate <= 12; rate++) {
            start("dead", null, rate);
            fixture.sqs.moveMessages();
        }

        assertThat(list("dead", null))
                .extracting(ListMessageMoveTasksResultEntry::maxNumberOfMessagesPerSecond)
                .containsExactly(12);
        assertThat(list("dead", 10))
                .extracting(ListMessageMoveTasksResultEntry::maxNumberOfMessagesPerSecond)
                .containsExactly(12, 11, 10, 9, 8, 7, 6, 5, 4, 3);
    }

    @Test
    void namesTasksAsAwsDoes() {
        fixture.create("dead");
        queues.source("source", "dead");

        String handle = start("dead", null, null);

        assertThat(new String(Base64.getDecoder().decode(handle), StandardCharsets.UTF_8))
                .matches(
                        "\\{\"taskId\":\"[0-9a-f-]{36}\",\"sourceArn\":\""
                                + QueueFixture.arn("dead")
                                + "\"}");
    }

    @Test
    void refusesWhatAwsRefuses() {
        fixture.create("dead");
        fixture.create("plain");
        fixture.createFifo("other.fifo", Map.of());
        queues.source("source", "dead");
        String prefix = "You must use this format to specify the ";

        assertThat(refusedStart("arn", null, null).message()).startsWith(prefix + "SourceArn: arn");
        assertThat(refusedStart(QueueFixture.arn("none"), null, null))
                .satisfies(refusal -> {
                    assertThat(refusal.error().httpStatus()).isEqualTo(404);
                    assertThat(refusal.error().code()).isEqualTo("ResourceNotFoundException");
                    assertThat(refusal.message())
                            .isEqualTo(
                                    "The resource that you specified for the SourceArn parameter"
                                            + " doesn't exist.");
                });
        assertThat(refusedStart(QueueFixture.arn("plain"), null, null))
                .satisfies(refusal -> {
                    assertThat(refusal.error().queryCodeOrCode())
                            .isEqualTo("InvalidParameterValue");
                    assertThat(refusal.message())
                            .isEqualTo("Source queue must be configured as a Dead Letter Queue.");
                });
        String dead = QueueFixture.arn("dead");
        assertThat(refusedStart(dead, "", null).message()).startsWith(prefix + "DestinationArn:");
        assertThat(refusedStart(dead, QueueFixture.arn("none"), null).message())
                .contains("DestinationArn parameter doesn't exist.");
        assertThat(refusedStart(dead, dead, null).message()).contains("cannot be the same");
        assertThat(refusedStart(dead, QueueFixture.arn("other.fifo"), null).message())
                .contains("of the same queue type");
        assertThat(refusedStart(dead, null, 0).message()).contains("between 1 and 500");
        assertThat(refusedStart(dead, null, 501).message()).contains("between 1 and 500");
        start("dead", null, 1);
        assertThat(refusedStart(dead, null, null).message())
                .isEqualTo(
                        "There is already a task running. Only one active task is allowed for a"
                                + " source queue arn at a given time.");
        assertThat(refusedCancel("foobared"))
                .isEqualTo("Value for parameter TaskHandle is invalid.");
        assertThat(refusedCancel(new MoveTaskHandle("1", QueueFixture.arn("none")).toString()))
                .contains("SourceArn parameter doesn't exist.");
        assertThat(refusedCancel(new MoveTaskHandle("1", dead).toString()))
                .isEqualTo("Task does not exist.");
    }

    @Test
    void refusesOtherAccounts() {
        fixture.create("dead");
        queues.source("source", "dead");
        StartMessageMoveTaskRequest request =
                StartMessageMoveTaskRequest.builder().sourceArn(QueueFixture.arn("dead")).build();

        assertThatThrownBy(() ->
                        fixture.callAs("111122223333", SqsApi.START_MESSAGE_MOVE_TASK, request))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("sqs:startmessagemovetask");
    }

    @Test
    void refusesTheHundredAndFirstActiveTask() {
        for (int i = 0; i <= 100; i++) {
            fixture.create("dead" + i);
            queues.source("source" + i, "dead" + i);
        }
        for (int i = 0; i < 100; i++) {
            start("dead" + i, null, 1);
        }

        ServiceException refusal = refusedStart(QueueFixture.arn("dead100"), null, null);

        assertThat(refusal.error().code()).isEqualTo("UnsupportedOperation");
        fixture.sqs.moveMessages();
        start("dead100", null, null);
    }

    private String start(String source, @Nullable String destination, @Nullable Integer rate) {
        return queues.start(source, destination, rate);
    }

    private ServiceException refusedStart(
            String sourceArn, @Nullable String destinationArn, @Nullable Integer rate) {
        return fixture.refused(
                SqsApi.START_MESSAGE_MOVE_TASK,
                StartMessageMoveTaskRequest.builder()
                        .sourceArn(sourceArn)
                        .destinationArn(destinationArn)
                        .maxNumberOfMessagesPerSecond(rate)
                        .build());
    }

    private @Nullable Long cancel(String handle) {
        return fixture.call(
                        SqsApi.CANCEL_MESSAGE_MOVE_TASK,
                        CancelMessageMoveTaskRequest.builder().taskHandle(handle).build())
                .approximateNumberOfMessagesMoved();
    }

    private String refusedCancel(String handle) {
        return fixture.refused(
                        SqsApi.CANCEL_MESSAGE_MOVE_TASK,
                        CancelMessageMoveTaskRequest.builder().taskHandle(handle).build())
                .message();
    }

    private ListMessageMoveTasksResultEntry only(String source) {
        return list(source, null).getFirst();
    }

    private List<ListMessageMoveTasksResultEntry> list(String source, @Nullable Integer countMax) {
        List<ListMessageMoveTasksResultEntry> tasks =
                fixture.call(
                                SqsApi.LIST_MESSAGE_MOVE_TASKS,
                                ListMessageMoveTasksRequest.builder()
                                        .sourceArn(QueueFixture.arn(source))
                                        .maxResults(countMax)
                                        .build())
                        .results();
        return tasks == null ? List.of() : tasks;
    }
}

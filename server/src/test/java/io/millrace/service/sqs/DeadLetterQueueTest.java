package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.SqsApi;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// What a dead-letter queue does to a message: its age, its counts, its end.
class DeadLetterQueueTest {

    private static final int DAY = 86_400;

    private final QueueFixture fixture = new QueueFixture();
    private final DeadLetters queues = new DeadLetters(fixture);

    @Test
    void aMessageOfAStandardQueueIsAsOldThereAsItIs() {
        String dead = fixture.create("dead", Map.of("MessageRetentionPeriod", "" + 2 * DAY));
        String source = queues.source("source", "dead");
        long sent = fixture.clock.millis();
        fixture.send(source, "a");
        fixture.clock.passSeconds(DAY);
        queues.fail(source);

        Message message = fixture.receiveOne(dead);
        assertThat(message.attributes())
                .containsEntry("SentTimestamp", "" + sent)
                .containsEntry("ApproximateReceiveCount", "2")
                .containsEntry("ApproximateFirstReceiveTimestamp", "" + fixture.clock.millis())
                .containsEntry("DeadLetterQueueSourceArn", QueueFixture.arn("source"));
        fixture.clock.passSeconds(DAY - 1);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(dead)).isEqualTo("1 0 0");
        fixture.clock.passSeconds(1);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
    }

    @Test
    void aMessageOfAFifoQueueBeginsANewLifeThere() {
        String dead = fixture.createFifo("dead.fifo", Map.of("MessageRetentionPeriod", "" + DAY));
        String source = queues.fifoSource("source.fifo", "dead.fifo");
        String id = String.valueOf(fixture.sendFifo(source, "a", "g", "1").messageId());
        fixture.clock.passSeconds(DAY);
        long moved = fixture.clock.millis();
        queues.fail(source);

        Message message = fixture.receiveOne(dead);
        assertThat(message.messageId()).isEqualTo(id);
        assertThat(message.attributes())
                .containsEntry("SentTimestamp", "" + moved)
                .containsEntry("MessageDeduplicationId", id)
                .containsEntry("MessageGroupId", "g");
        fixture.clock.passSeconds(DAY - 1);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(dead)).isEqualTo("1 0 0");
        fixture.clock.passSeconds(1);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
    }

    @Test
    void oldMessagesEndBehindYoungerOnes() {
        String dead = fixture.create("dead", Map.of("MessageRetentionPeriod", "" + 2 * DAY));
        String source = queues.source("source", "dead");
        for (int i = 0; i < 3; i++) {
            fixture.send(source, "old " + i);
        }
        fixture.clock.passSeconds(DAY);
        fixture.send(dead, "sent to it");
        queues.fail(source);
        Message inFlight = fixture.receive(dead).get(1);
        fixture.delete(dead, inFlight);
        fixture.clock.passSeconds(DAY);
        fixture.sqs.cleanUp();

        assertThat(fixture.counts(dead)).isEqualTo("1 0 0");
        assertThat(fixture.bodies(dead)).containsExactly("sent to it");
        fixture.clock.passSeconds(DAY);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
    }

    @Test
    void whatIsMovedBackIsNew() {
        String dead = fixture.create("dead", Map.of("MessageRetentionPeriod", "" + 2 * DAY));
        String source =
                fixture.create(
                        "source",
                        Map.of(
                                "RedrivePolicy",
                                DeadLetters.policy("dead"),
                                "MessageRetentionPeriod",
                                "" + 2 * DAY));
        fixture.send(source, "a");
        fixture.clock.passSeconds(DAY);
        queues.fail(source);
        queues.start("dead", null, null);
        fixture.sqs.moveMessages();
        fixture.clock.passSeconds(2 * DAY - 1);
        fixture.sqs.cleanUp();

        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
        assertThat(fixture.counts(source)).isEqualTo("1 0 0");
        fixture.clock.passSeconds(1);
        fixture.sqs.cleanUp();
        assertThat(fixture.counts(source)).isEqualTo("0 0 0");
    }

    @Test
    void aFifoQueueThatIsItsOwnGetsItsMessagesAgain() {
        String url = fixture.createFifo("loop.fifo", Map.of());
        fixture.set(url, "RedrivePolicy", DeadLetters.policy("loop.fifo"));
        fixture.sendFifo(url, "a", "g", "1");
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);

        assertThat(fixture.bodies(url)).containsExactly("a");
        assertThat(fixture.counts(url)).isEqualTo("0 1 0");
    }

    @Test
    void aStandardQueueThatIsItsOwnKeepsALaneOpenIntoWhichItMoves() {
        String url = fixture.create("loop");
        fixture.set(url, "RedrivePolicy", DeadLetters.policy("loop"));
        fixture.sendInGroup(url, "a", "g", 0);
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);
        fixture.sendInGroup(url, "b", "g", 0);

        assertThat(fixture.bodies(url)).containsExactlyInAnyOrder("a", "b");
        assertThat(fixture.counts(url)).isEqualTo("0 2 0");
    }

    @Test
    void aQueueMadeAgainUnderItsNameGetsTheDeadLettersAgain() {
        QueueFixture development = new QueueFixture(fixture.store, false);
        String dead = development.create("dead");
        String source = queues.source("source", "dead");
        development.send(source, "a");
        development.call(SqsApi.DELETE_QUEUE, DeleteQueueRequest.builder().queueUrl(dead).build());
        queues.fail(source);
        assertThat(fixture.counts(source)).isEqualTo("1 0 0");

        development.create("dead");
        queues.fail(source);

        assertThat(fixture.counts(source)).isEqualTo("0 0 0");
        assertThat(fixture.bodies(dead)).containsExactly("a");
    }
}

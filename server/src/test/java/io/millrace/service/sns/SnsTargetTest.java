package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class SnsTargetTest {
    private final SnsFixture fixture = new SnsFixture();
    private final Arn topic = Arn.parse(fixture.topic("orders")).orElseThrow();

    @Test
    void publishesInTheGivenTransaction() {
        fixture.subscribeQueue(topic.toString(), "archive", Map.of());

        Outcome outcome = deliver(topic, Message.of("hello", "events"));

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(fixture.bodies("archive").getFirst()).contains("\"Message\" : \"hello\"");
    }

    @Test
    void handsOnTheTrace() {
        fixture.subscribeQueue(topic.toString(), "archive", Map.of());

        deliver(topic, new Message("x", Map.of(), null, null, null, "Root=1", "events", null));

        assertThat(fixture.messages("archive"))
                .extracting(Message::traceHeader)
                .containsExactly("Root=1");
    }

    @Test
    void nothingHappensWhenTheTransactionFails() {
        fixture.subscribeQueue(topic.toString(), "archive", Map.of());

        assertThatThrownBy(() ->
                        fixture.store.write(tx -> {
                            fixture.sns.target().deliver(tx, topic, Message.of("x", "events"));
                            throw new IllegalStateException("no");
                        }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(fixture.messages("archive")).isEmpty();
    }

    @Test
    void refusesATopicThatIsNotThere() {
        assertThat(
                        deliver(
                                Arn.of("sns", "us-east-1", "000000000000", "other"),
                                Message.of("hello", "events")))
                .isEqualTo(new Outcome.Refused("NotFound", "Topic does not exist"));
    }

    @Test
    void refusesWhatPublishRefuses() {
        assertThat(deliver(topic, Message.of("", "events")))
                .isEqualTo(
                        new Outcome.Refused(
                                "InvalidParameter", "Invalid parameter: Empty message"));
        assertThat(deliver(topic, Message.of("x".repeat(262_145), "events")))
                .isEqualTo(
                        new Outcome.Refused(
                                "InvalidParameter", "Invalid parameter: Message too long"));
    }

    @Test
    void aFifoTopicNeedsItsGroup() {
        Arn fifo =
                Arn.parse(
                                fixture.topic(
                                        "orders.fifo",
                                        Map.of(
                                                "FifoTopic",
                                                "true",
                                                "ContentBasedDeduplication",
                                                "true")))
                        .orElseThrow();
        fixture.subscribeQueue(fifo.toString(), "archive.fifo", Map.of());

        assertThat(deliver(fifo, Message.of("hello", "events")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(
                        deliver(
                                fifo,
                                new Message(
                                        "hello", Map.of(), null, "g", null, null, "events", null)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(fixture.messages("archive.fifo")).hasSize(1);
    }

    private Outcome deliver(Arn target, Message message) {
        return fixture.store.write(tx -> fixture.sns.target().deliver(tx, target, message));
    }
}

package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Unreadable;
import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.Message;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class FanOutTest {
    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");
    private final FanOut fanOut =
            new FanOut(
                    fixture.store,
                    new Publisher(
                            fixture.clock,
                            fixture.ids,
                            fixture.targets,
                            fixture.outbox,
                            fixture.notifications,
                            fixture.monitoring));

    @Test
    void servesTheFirstPageInTheTransactionAndTheRestInTurns() {
        subscribe(650);

        fixture.publish(topic, "hello");

        assertThat(served(650)).isEqualTo(100);
        assertThat(fanOut.turn()).isTrue();
        assertThat(served(650)).isEqualTo(500);
        assertThat(fanOut.turn()).isTrue();
        assertThat(served(650)).isEqualTo(650);
        assertThat(fanOut.turn()).isFalse();
    }

    @Test
    void theRestIsOfTheSameTrace() {
        subscribe(101);

        fixture.call(
                SnsFixture.CALLER.traced("Root=1"),
                SnsApi.PUBLISH,
                PublishInput.builder().topicArn(topic).message("hello").build());
        fanOut.turn();

        for (int i = 0; i < 101; i++) {
            assertThat(fixture.messages("queue-" + i))
                    .extracting(Message::traceHeader)
                    .containsExactly("Root=1");
        }
    }

    @Test
    void everySubscriptionGetsEveryMessageOnce() {
        subscribe(201);

        for (int i = 0; i < 3; i++) {
            fixture.publish(topic, "message-" + i);
        }
        while (fanOut.turn()) { // ends when nothing is left
            assertThat(served(201)).isPositive();
        }

        for (int i = 0; i < 201; i++) {
            assertThat(fixture.messages("queue-" + i)).hasSize(3);
        }
    }

    @Test
    void aLargeMessageIsServedInSmallerPages() {
        subscribe(200);

        fixture.publish(topic, "x".repeat(250_000));
        fanOut.turn();

        assertThat(served(200)).isBetween(160, 170);
    }

    @Test
    void topicsTakeTurns() {
        subscribe(101);
        String other = fixture.topic("other");
        for (int i = 0; i < 101; i++) {
            fixture.subscribeQueue(other, "other-" + i, Map.of("RawMessageDelivery", "true"));
        }
        for (int i = 0; i < 20; i++) {
            fixture.publish(topic, "busy");
        }
        fixture.publish(other, "hello");

        fanOut.turn();

        int others = 0;
        for (int i = 0; i < 101; i++) {
            others += fixture.messages("other-" + i).size();
        }
        assertThat(others).isEqualTo(101);
        for (int i = 0; i < 19; i++) {
            assertThat(fanOut.turn()).isTrue();
        }
        assertThat(fanOut.turn()).isFalse();
        assertThat(served(101)).isEqualTo(101 * 20);
    }

    @Test
    void whatCannotBeReadHoldsUpNeitherItsTopicNorOthersAndStaysThere() {
        subscribe(101);
        fixture.publish(topic, "first");
        byte[] key = Unreadable.first(fixture.store, SnsKeys.fanOuts());
        fixture.publish(topic, "second");

        while (fanOut.turn()) { // ends when nothing is left that can be read
            assertThat(served(101)).isPositive();
        }

        assertThat(served(101)).isEqualTo(100 + 101);
        assertThat(Unreadable.setAside(fixture.store)).containsExactly(key);
    }

    @Test
    void exactlyAPageLeavesNothingBehind() {
        subscribe(100);

        fixture.publish(topic, "hello");

        assertThat(served(100)).isEqualTo(100);
        fanOut.turn();
        assertThat(served(100)).isEqualTo(100);
        assertThat(fanOut.turn()).isFalse();
    }

    @Test
    void aDeletedTopicEndsIt() {
        subscribe(150);
        fixture.publish(topic, "hello");

        fixture.call(SnsApi.DELETE_TOPIC, DeleteTopicInput.builder().topicArn(topic).build());
        fanOut.turn();

        assertThat(fanOut.turn()).isFalse();
        assertThat(served(150)).isEqualTo(100);
    }

    private void subscribe(int count) {
        for (int i = 0; i < count; i++) {
            fixture.subscribeQueue(topic, "queue-" + i, Map.of("RawMessageDelivery", "true"));
        }
    }

    private int served(int count) {
        int served = 0;
        for (int i = 0; i < count; i++) {
            served += fixture.messages("queue-" + i).size();
        }
        return served;
    }
}

package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.SqsApi;
import io.millrace.service.sqs.SqsKeys.Counter;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;

/// 120,000 messages in flight, which are counted but not sent.
class InFlightLimitTest {
    private final QueueFixture fixture = new QueueFixture();

    @Test
    void aStandardQueueRefusesToHandOutMoreUnlessThePollWaits() {
        String url = fixture.create("q");
        count("q", 120_000);
        refusal(url); // the first receive that meets the limit may get what it asks for
        fixture.send(url, "one more");

        ServiceException refusal = refusal(url);

        assertThat(refusal.error()).isEqualTo(SqsApi.Errors.OVER_LIMIT);
        assertThat(refusal)
                .hasMessage(
                        "The maximum number of in flight messages is reached. The limit is"
                                + " 120000.");
        assertThat(fixture.receive(QueueFixture.receiving(url).waitTimeSeconds(1))).isEmpty();
        count("q", -1);
        fixture.clock.passSeconds(1);
        assertThat(fixture.bodies(url)).containsExactly("one more");
    }

    @Test
    void aFifoQueueHandsOutNothingMoreAndTellsNothing() {
        String url = fixture.createFifo("q.fifo", Map.of());
        count("q.fifo", 120_000);
        assertThat(fixture.receive(url)).isEmpty();
        fixture.sendFifo(url, "one more", "g", "1");

        assertThat(fixture.receive(url)).isEmpty();
        count("q.fifo", -1);
        fixture.clock.passSeconds(1);
        assertThat(fixture.bodies(url)).containsExactly("one more");
    }

    private ServiceException refusal(String url) {
        return fixture.refused(SqsApi.RECEIVE_MESSAGE, QueueFixture.receiving(url).build());
    }

    private void count(String name, int delta) {
        fixture.store.write(tx -> {
            Queue queue = Queues.byName(tx, "000000000000", "us-east-1", name);
            long number = Objects.requireNonNull(queue).number();
            tx.add(SqsKeys.counter(number, Counter.TOTAL), delta);
            tx.add(SqsKeys.counter(number, Counter.IN_FLIGHT), delta);
            return delta;
        });
    }
}

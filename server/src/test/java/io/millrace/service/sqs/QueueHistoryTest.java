package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.SendMessageResult;
import io.millrace.engine.RocksStore;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// Many producers and consumers at once, on the real store, while time passes, sometimes minutes at
/// once, and two servers are restarted under them again and again. `-Dmillrace.long=true` goes on
/// much longer; `-Dmillrace.seed=` repeats the choices.
///
/// Seen to fail, each check with a bug of its own: a move to the dead-letter queue that only
/// removes ("lost"); a visibility timeout or a delay that ends a tenth too soon ("early", "before
/// its delay"); a move one receipt too soon ("in the wrong queue"); a delete that does nothing when
/// its receipt is over, or on a message's last receipt, which then comes to the dead-letter queue
/// ("resurrected"); groups blocked for a second only ("of a group in flight"); pages of a group
/// received backwards ("overtakes", "out of order"); a window of a second ("not deduplicated"), and
/// one without an end ("deduplicated wrongly"); a sequence number that starts again ("a smaller
/// number", "another number"); lanes of a standard queue that are not in turn again when their
/// first message is taken, and lanes closed without a look for messages (both "lost"). It found by
/// itself a receive that outlasts the visibility timeout and hands out the same message again in
/// the same answer ("twice").
@Timeout(600)
class QueueHistoryTest {

    private static final long SEED = Long.getLong("millrace.seed", 20260307L);
    private static final int SENDS = Boolean.getBoolean("millrace.long") ? 4_000 : 150;
    private static final int PRODUCERS = 4;
    private static final int CONSUMERS = 6;
    private static final int SERVERS = 2;
    private static final int VISIBILITY_SECONDS_MAX = 30;
    private static final int MAX_RECEIVE_COUNT = 2;

    @TempDir private Path directory;

    /// Calls one of the servers.
    private static final class Client implements QueueTraffic.Client {
        private final QueueFixture first;
        private final AtomicReferenceArray<QueueFixture> servers =
                new AtomicReferenceArray<>(SERVERS);
        private final SplittableRandom random = new SplittableRandom(SEED);

        private Client(QueueFixture first) {
            this.first = first;
            IntStream.range(0, SERVERS).forEach(i -> servers.set(i, first.afterRestart()));
        }

        @Override
        public QueueTraffic.Answer send(String queue, QueueTraffic.Draft draft) {
            QueueFixture server = server();
            var result = send(server, queue, draft);
            String number = result.sequenceNumber();
            return new QueueTraffic.Answer(
                    Objects.requireNonNull(result.messageId()), number == null ? "" : number);
        }

        private static SendMessageResult send(
                QueueFixture server, String queue, QueueTraffic.Draft draft) {
            if (!draft.deduplicationId().isEmpty()) {
                return server.sendFifo(queue, draft.body(), draft.group(), draft.deduplicationId());
            }
            return draft.group().isEmpty()
                    ? server.sendDelayed(queue, draft.body(), draft.delaySeconds())
                    : server.sendInGroup(queue, draft.body(), draft.group(), draft.delaySeconds());
        }

        @Override
        public List<QueueTraffic.Message> receive(
                String queue, int countMax, int visibilitySeconds) {
            return server()
                    .receive(
                            QueueFixture.receiving(queue)
                                    .maxNumberOfMessages(countMax)
                                    .visibilityTimeout(visibilitySeconds)
                                    .waitTimeSeconds(waits() ? 1 : 0))
                    .stream()
                    .map(message ->
                            new QueueTraffic.Message(
                                    String.valueOf(message.messageId()),
                                    QueueFixture.handle(message),
                                    String.valueOf(message.body()),
                                    Objects.requireNonNull(message.attributes())))
                    .toList();
        }

        @Override
        public void delete(String queue, String handle) throws QueueTraffic.Refused {
            try {
                server().delete(queue, handle);
            } catch (ServiceException _) {
                throw new QueueTraffic.Refused(); // in a FIFO queue, when the receipt is over
            }
        }

        @Override
        public void changeVisibility(String queue, String handle, int seconds)
                throws QueueTraffic.Refused {
            try {
                server().changeVisibility(queue, handle, seconds);
            } catch (ServiceException _) {
                throw new QueueTraffic.Refused();
            }
        }

        @Override
        public void idle() {
            first.clock.pass(Duration.ofMillis(500));
        }

        @Override
        public void idleUntilAllIsVisible() {
            first.clock.passSeconds(VISIBILITY_SECONDS_MAX);
        }

        /// So that many are handed over what comes meanwhile.
        private boolean waits() {
            synchronized (random) {
                return random.nextInt(4) == 0;
            }
        }

        private QueueFixture server() {
            int one;
            int chance;
            synchronized (random) {
                one = random.nextInt(SERVERS);
                chance = random.nextInt(400);
            }
            first.clock.pass(Duration.ofMillis(chance / 10));
            switch (chance) {
                case 0 -> first.clock.passSeconds(2 * VISIBILITY_SECONDS_MAX);
                case 1 -> first.clock.pass(SqsLimits.DEDUPLICATION);
                case 2, 3 -> servers.set(one, first.afterRestart());
                case 4, 5 -> first.sqs.cleanUp();
                default -> {}
            }
            return servers.get(one);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isExplained(boolean fifo) throws Exception {
        System.out.println("queue history: -Dmillrace.seed=" + SEED);
        try (RocksStore store = RocksStore.open(directory)) {
            QueueFixture fixture = new QueueFixture(store, true);
            String suffix = fifo ? ".fifo" : "";
            Map<String, String> kind = fifo ? Map.of("FifoQueue", "true") : Map.of();
            String deadLetters = fixture.create("dead" + suffix, kind);
            String queue = fixture.create("q" + suffix, kind);
            fixture.set(
                    queue,
                    "RedrivePolicy",
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                            .formatted(QueueFixture.arn("dead" + suffix), MAX_RECEIVE_COUNT));
            QueueHistory history = new QueueHistory(fixture.clock);
            QueueTraffic.Plan plan =
                    new QueueTraffic.Plan(
                            queue,
                            deadLetters,
                            fifo,
                            SEED,
                            PRODUCERS,
                            CONSUMERS,
                            SENDS,
                            VISIBILITY_SECONDS_MAX);

            new QueueTraffic(new Client(fixture), history, plan).run();

            System.out.println(history);
            assertThat(new QueueHistoryChecker(history, queue, MAX_RECEIVE_COUNT).violations())
                    .isEmpty();
            assertThat(fixture.counts(queue)).isEqualTo("0 0 0");
            assertThat(fixture.counts(deadLetters)).isEqualTo("0 0 0");
        }
    }
}

package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Groups in standard queues: tenants, of which none holds up the others.
class FairQueueTest {
    private QueueFixture fixture = new QueueFixture(new MemoryStore(), false);
    private final String url = fixture.create("orders", Map.of("VisibilityTimeout", "30"));

    @Test
    void aFloodOfOneTenantDoesNotDelayTheOthers() {
        flood(10_000);
        for (int i = 0; i < 20; i++) {
            fixture.receive(url); // the flood is being worked off when the others come
        }
        for (int i = 0; i < 20; i++) {
            fixture.sendInGroup(url, "quiet-" + i, "tenant-" + i, 0);
        }

        Set<String> received = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            received.addAll(fixture.bodies(url));
        }

        assertThat(received).hasSize(40);
        assertThat(received.stream().filter(body -> body.startsWith("quiet"))).hasSize(20);
    }

    @Test
    void aFloodIsStillNoObstacleAfterARestart() {
        flood(2_000);
        fixture.sendInGroup(url, "quiet", "tenant", 0);
        fixture = fixture.afterRestart();

        assertThat(fixture.bodies(url)).contains("quiet");
    }

    @Test
    void messagesWithoutAGroupWaitForNoTenant() {
        flood(1_000);
        fixture.send(url, "plain");

        assertThat(fixture.bodies(url)).contains("plain");
    }

    /// Fails when tenants are served in turn however much of the consumers they take.
    @Test
    void aTenantWithATenthOfWhatIsInFlightComesAfterTheOthers() {
        flood(100);
        for (int i = 0; i < 4; i++) {
            fixture.receive(url);
        }
        for (int i = 0; i < 10; i++) {
            fixture.sendInGroup(url, "quiet-" + i, "quiet", 0);
        }

        assertThat(fixture.bodies(url))
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "quiet-" + i).toList());
        assertThat(fixture.bodies(url)).hasSize(10).allMatch(body -> body.startsWith("noisy"));
    }

    @Test
    void aTenantWhoseMessagesAreGoneIsQuietAgain() {
        flood(100);
        for (int i = 0; i < 4; i++) {
            fixture.receive(url).forEach(message -> fixture.delete(url, message));
        }
        for (int i = 0; i < 10; i++) {
            fixture.sendInGroup(url, "quiet-" + i, "quiet", 0);
        }

        assertThat(fixture.bodies(url)).filteredOn(body -> body.startsWith("noisy")).hasSize(5);
    }

    /// One consumer, who needs nine seconds for a noisy message and one for a quiet one, of which
    /// one comes every four seconds.
    @Test
    void aTenantWhoseMessagesTakeLongDoesNotDelayTheOthers() {
        flood(100);
        long seconds = 0;
        int sent = 0;
        int done = 0;
        for (int i = 0; i < 100; i++) {
            while (sent < seconds / 4) {
                fixture.sendInGroup(url, "quiet-" + sent++, "quiet", 0);
            }
            Message message = fixture.receiveOne(url);
            boolean quiet = String.valueOf(message.body()).startsWith("quiet");
            fixture.clock.passSeconds(quiet ? 1 : 9);
            seconds += quiet ? 1 : 9;
            done += quiet ? 1 : 0;
            fixture.delete(url, message);
        }

        assertThat(sent - done).isLessThanOrEqualTo(3);
    }

    @Test
    void messagesOfAQueueWithADelayAreServedInTurn() {
        fixture.set(url, "DelaySeconds", "5");
        for (int i = 0; i < 200; i++) {
            fixture.sendInGroup(url, "noisy-" + i, "noisy", 5);
        }
        fixture.sendInGroup(url, "quiet", "tenant", 5);
        fixture.clock.passSeconds(5);

        assertThat(fixture.bodies(url)).contains("quiet", "noisy-0", "noisy-8");
    }

    @Test
    void messagesThatComeBackAreServedInTurn() {
        flood(100);
        for (int i = 0; i < 10; i++) {
            fixture.receive(url);
        }
        fixture.sendInGroup(url, "quiet", "tenant", 0);
        fixture.receive(url);
        fixture.clock.passSeconds(30);

        assertThat(fixture.bodies(url)).contains("quiet");
    }

    /// Fails when due entries are not read again before those of a noisy tenant are handed out.
    @Test
    void aNoisyMessageThatComesBackKeepsNoOtherFromItsTurn() {
        flood(1);
        fixture.receiveOne(url);
        fixture.clock.passSeconds(30);
        for (int i = 0; i < 200; i++) {
            fixture.send(url, "plain-" + i);
        }
        assertThat(fixture.bodies(url)).hasSize(10).allMatch(body -> body.startsWith("plain"));
        fixture.sendDelayed(url, "late", 1);
        fixture.clock.passSeconds(1);

        assertThat(fixture.bodies(url)).contains("late").doesNotContain("noisy-0");
        Set<String> received = new HashSet<>();
        for (int i = 0; i < 10; i++) { // while there are others
            fixture.clock.passSeconds(1);
            received.addAll(fixture.bodies(url));
        }
        assertThat(received).contains("noisy-0");
    }

    @Test
    void whatHasTimedOutIsNotInFlight() {
        flood(40);
        for (int i = 0; i < 4; i++) {
            fixture.receive(url);
        }

        assertThatTheTenantIsQuietAmongOthers();
    }

    @Test
    void whatWasGivenBackIsNotInFlight() {
        fixture.set(url, "VisibilityTimeout", "3600");
        flood(40);
        List<Message> received = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            received.addAll(fixture.receive(url));
        }
        received.forEach(message -> fixture.changeVisibility(url, message, 0));

        assertThatTheTenantIsQuietAmongOthers();
    }

    /// Five minutes later, in which two hundred messages of others are in flight.
    private void assertThatTheTenantIsQuietAmongOthers() {
        for (int i = 0; i < 200; i++) {
            fixture.sendInGroup(url, "other-" + i, "other-" + i, 0);
        }
        fixture.set(url, "VisibilityTimeout", "3600");
        int others = 0;
        while (others < 200) { // each round finds some
            List<Message> received = fixture.receive(url);
            assertThat(received).isNotEmpty();
            for (Message message : received) {
                if (String.valueOf(message.body()).startsWith("noisy")) {
                    fixture.changeVisibility(url, message, 0);
                } else {
                    others++;
                }
            }
        }
        fixture.clock.passSeconds(300);
        for (int i = 0; i < 10; i++) {
            fixture.send(url, "plain-" + i);
        }

        assertThat(fixture.bodies(url)).filteredOn(body -> body.startsWith("noisy")).hasSize(5);
    }

    @Test
    void aTenantAloneIsServedInItsOrderAtFullRate() {
        flood(100);

        List<String> received = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            received.addAll(fixture.bodies(url));
        }

        assertThat(received)
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "noisy-" + i).toList());
    }

    @Test
    void redeliversWhatWasNotDeleted() {
        flood(30);
        fixture.receive(url);
        fixture.clock.passSeconds(30);

        Set<String> received = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            received.addAll(fixture.bodies(url));
        }

        assertThat(received).hasSize(30);
        assertThat(fixture.receive(url)).isEmpty();
        assertThat(fixture.counts(url)).isEqualTo("0 30 0");
    }

    @Test
    void tellsTheGroup() {
        fixture.sendInGroup(url, "one", "tenant", 0);

        Message message = fixture.receiveOne(url);

        assertThat(QueueFixture.attribute(message, "MessageGroupId")).isEqualTo("tenant");
        assertThat(message.attributes()).doesNotContainKey("SequenceNumber");
    }

    @Test
    void aGroupIsNotBlockedWhileAMessageOfItIsInFlight() {
        fixture.sendInGroup(url, "one", "tenant", 0);
        fixture.sendInGroup(url, "two", "tenant", 0);

        assertThat(fixture.receiveOne(url).body()).isEqualTo("one");
        assertThat(fixture.receiveOne(url).body()).isEqualTo("two");
    }

    @Test
    void groupsAreNotNamesOfFifoOnly() {
        var entries =
                IntStream.range(0, 10)
                        .mapToObj(i ->
                                SendMessageBatchRequestEntry.builder()
                                        .id("e" + i)
                                        .messageBody("m" + i)
                                        .messageGroupId("tenant-" + i % 2)
                                        .build())
                        .toList();
        fixture.call(
                SqsApi.SEND_MESSAGE_BATCH,
                SendMessageBatchRequest.builder().queueUrl(url).entries(entries).build());

        assertThat(fixture.receive(url)).hasSize(10);
        assertThat(fixture.receive(url)).isEmpty();
    }

    /// Fails when lanes are not closed, or are opened once more in a transaction.
    @Test
    void leavesNothingBehindOfTenantsThatHaveNoMessages() {
        int before = entries();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50; i++) {
                fixture.sendInGroup(url, "m" + i, "tenant-" + i, 0);
                fixture.sendInGroup(url, "n" + i, "tenant-" + i, 0);
            }
            List<Message> messages = fixture.receive(url);
            while (!messages.isEmpty()) { // ends when the hundred are deleted
                messages.forEach(message -> fixture.delete(url, message));
                messages = fixture.receive(url);
            }
        }

        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void servesThousandsOfTenants() {
        for (int i = 0; i < 3_000; i++) {
            fixture.sendInGroup(url, "m" + i, "tenant-" + i, 0);
        }
        Set<String> received = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            received.addAll(fixture.bodies(url));
        }

        assertThat(received).hasSize(3_000);
    }

    @Test
    void forgetsLanesOfAPurgedQueue() {
        flood(50);
        fixture.receive(url);
        fixture.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(url).build());
        fixture.sendInGroup(url, "new", "noisy", 0);

        assertThat(fixture.bodies(url)).containsExactly("new");
    }

    @Test
    void removesOldMessagesFromTheirLanes() {
        fixture.set(url, "MessageRetentionPeriod", "60");
        flood(20);
        fixture.clock.passSeconds(60);
        fixture.sqs.cleanUp();
        fixture.sendInGroup(url, "new", "noisy", 0);

        assertThat(fixture.bodies(url)).containsExactly("new");
        assertThat(fixture.receive(url)).isEmpty();
    }

    /// Each message is received once, while lanes open and close all the time. Fails when a lane is
    /// closed without being read again, or while others have messages of it.
    @Test
    @Timeout(120)
    void losesAndDoublesNothingWithManyAtOnce(@TempDir Path directory) throws Exception {
        try (Store store = RocksStore.open(directory)) {
            QueueFixture many = new QueueFixture(store, false);
            String queue = many.create("many");
            int total = 600;
            List<String> received = Collections.synchronizedList(new ArrayList<>());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    int producer = i;
                    all.add(
                            threads.submit(() -> {
                                for (int j = 0; j < total / 3; j++) {
                                    String body = producer + "-" + j;
                                    many.sendInGroup(queue, body, "g" + j % 4, 0);
                                }
                            }));
                }
                for (int i = 0; i < 4; i++) {
                    int wanted = 1 + i % 3;
                    all.add(
                            threads.submit(() -> {
                                while (received.size()
                                        < total) { // each is received, or the test times out
                                    received.addAll(
                                            QueueFixture.bodies(
                                                    many.receive(
                                                            QueueFixture.receiving(queue)
                                                                    .maxNumberOfMessages(wanted))));
                                }
                            }));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            }
            assertThat(received).hasSize(total).doesNotHaveDuplicates();
            assertThat(many.counts(queue)).isEqualTo("0 " + total + " 0");
        }
    }

    @Test
    void deliveriesOfServicesHaveTheirGroupAndWaitForNoOther() {
        fixture.openToServices(url);
        deliver("noisy", 200);
        deliver("quiet", 1);

        List<Message> received = fixture.receive(url);

        assertThat(received).hasSize(10);
        assertThat(received)
                .filteredOn(message -> "quiet-0".equals(message.body()))
                .singleElement()
                .satisfies(message ->
                        assertThat(QueueFixture.attribute(message, "MessageGroupId"))
                                .isEqualTo("quiet"));
        assertThat(QueueFixture.bodies(received)).contains("noisy-0", "noisy-8");
        assertThat(received)
                .allSatisfy(message ->
                        assertThat(message.attributes()).doesNotContainKey("SequenceNumber"));
    }

    /// As topics and rules do: many in one transaction.
    private void deliver(String group, int count) {
        Arn arn = Arn.of("sqs", "us-east-1", "000000000000", "orders");
        List<Outcome> outcomes =
                fixture.store.write(tx -> {
                    List<Outcome> all = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        var message =
                                new io.millrace.delivery.Message(
                                        group + "-" + i,
                                        Map.of(),
                                        null,
                                        group,
                                        null,
                                        null,
                                        "s",
                                        QueueFixture.TOPIC);
                        all.add(fixture.sqs.target().deliver(tx, arn, message));
                    }
                    return all;
                });
        assertThat(outcomes).hasSize(count).allMatch(Outcome.Delivered.class::isInstance);
    }

    private void flood(int count) {
        for (int i = 0; i < count; i++) {
            fixture.sendInGroup(url, "noisy-" + i, "noisy", 0);
        }
    }

    private int entries() {
        return fixture.store.read(
                tx -> IntStream.of(0x33, 0x37, 0x38).map(p -> count(tx, p)).sum());
    }

    private static int count(Snapshot tx, int prefix) {
        byte[] from = {(byte) prefix};
        int count = 0;
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(from), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }
}

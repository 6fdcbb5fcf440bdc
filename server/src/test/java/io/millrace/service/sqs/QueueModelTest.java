package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.MemoryStore;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Random histories of one caller against a model that is a list: after each step, queue and model
/// agree on what is received, in which order, and on all counts. Restarts happen at any point.
class QueueModelTest {

    private static final int STEPS = 1_000;
    private static final int RETENTION_SECONDS = 3_600;

    private static final class Entry {
        private final String body;
        private final String group;
        private final long sentMillis;
        private long visibleMillis;
        private boolean received;

        private Entry(String body, String group, long sentMillis, long visibleMillis) {
            this.body = body;
            this.group = group;
            this.sentMillis = sentMillis;
            this.visibleMillis = visibleMillis;
        }
    }

    private record Receipt(Entry entry, Message message) {}

    private final QueueFixture first = new QueueFixture(new MemoryStore(), false);
    private final List<Entry> model = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private QueueFixture fixture = first;
    private int sentCount;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 7})
    void standardQueueBehavesLikeAList(long seed) {
        String url =
                fixture.create(
                        "orders",
                        Map.of("MessageRetentionPeriod", Integer.toString(RETENTION_SECONDS)));
        run(url, new Random(seed), false);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void fifoQueueBehavesLikeListsOfGroups(long seed) {
        String url =
                fixture.createFifo(
                        "orders.fifo",
                        Map.of("MessageRetentionPeriod", Integer.toString(RETENTION_SECONDS)));
        run(url, new Random(seed), true);
    }

    private void run(String url, Random random, boolean fifo) {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(fifo ? 12 : 13)) {
                case 0, 1, 2, 3 -> send(url, random, fifo);
                case 4, 5, 6 -> receive(url, random, fifo);
                case 7, 8 -> delete(url, random, fifo);
                case 9 -> changeVisibility(url, random, fifo);
                case 10 -> fixture.clock.pass(Duration.ofMillis(random.nextInt(20_000)));
                case 11 -> rarely(url, random);
                default -> fixture.clock.pass(Duration.ofMillis(1));
            }
            expire();
            assertThat(fixture.counts(url)).as("step " + step).isEqualTo(counts(fifo));
        }
    }

    private void send(String url, Random random, boolean fifo) {
        String body = "m" + sentCount++;
        long now = fixture.clock.millis();
        if (fifo) {
            String group = "g" + random.nextInt(5);
            fixture.sendFifo(url, body, group, body);
            model.add(new Entry(body, group, now, now));
        } else {
            int delay = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
            if (random.nextBoolean()) {
                fixture.sendInGroup(url, body, "g" + random.nextInt(5), delay);
            } else {
                fixture.sendDelayed(url, body, delay);
            }
            model.add(new Entry(body, "", now, now + delay * 1000L));
        }
    }

    private void receive(String url, Random random, boolean fifo) {
        int countMax = 1 + random.nextInt(10);
        int timeout = random.nextInt(4) == 0 ? 0 : random.nextInt(40);
        List<Message> messages =
                fixture.receive(
                        QueueFixture.receiving(url)
                                .maxNumberOfMessages(countMax)
                                .visibilityTimeout(timeout));
        List<Entry> available = fifo ? availableInGroups() : availableEntries();

        int expected = Math.min(countMax, available.size());
        // what is visible again at once does not come twice in one answer, so that may be short
        assertThat(messages)
                .hasSizeBetween(timeout == 0 ? Math.min(1, expected) : expected, expected);
        List<String> bodies = QueueFixture.bodies(messages);
        assertThat(bodies).doesNotHaveDuplicates();
        for (Message message : messages) {
            Entry entry = find(String.valueOf(message.body()));
            assertThat(available).contains(entry);
            receipts.add(new Receipt(entry, message));
        }
        if (fifo) {
            checkOrder(available, bodies);
        }
        for (String body : bodies) {
            find(body).visibleMillis = fixture.clock.millis() + timeout * 1000L;
            find(body).received = true;
        }
    }

    /// Of each group that was received from, the first messages came, in their order.
    private static void checkOrder(List<Entry> available, List<String> bodies) {
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        for (Entry entry : available) {
            byGroup.computeIfAbsent(entry.group, _ -> new ArrayList<>()).add(entry.body);
        }
        for (List<String> group : byGroup.values()) {
            List<String> received = bodies.stream().filter(group::contains).toList();
            assertThat(received).isEqualTo(group.subList(0, received.size()));
        }
    }

    private void delete(String url, Random random, boolean fifo) {
        if (receipts.isEmpty()) {
            return;
        }
        Receipt receipt = receipts.get(random.nextInt(receipts.size()));
        boolean gone = !model.contains(receipt.entry());
        boolean current =
                isLatest(receipt) && receipt.entry().visibleMillis > fixture.clock.millis();
        if (fifo && !gone && !current) {
            var request =
                    DeleteMessageRequest.builder()
                            .queueUrl(url)
                            .receiptHandle(receipt.message().receiptHandle())
                            .build();
            fixture.refused(SqsApi.DELETE_MESSAGE, request);
            return;
        }
        fixture.delete(url, receipt.message());
        model.remove(receipt.entry());
    }

    private void changeVisibility(String url, Random random, boolean fifo) {
        if (receipts.isEmpty()) {
            return;
        }
        Receipt receipt = receipts.get(random.nextInt(receipts.size()));
        long now = fixture.clock.millis();
        if (!model.contains(receipt.entry())) {
            return;
        }
        int timeout = random.nextInt(3) == 0 ? 0 : random.nextInt(60);
        fixture.changeVisibility(url, receipt.message(), timeout);
        if ((!fifo || isLatest(receipt)) && receipt.entry().visibleMillis > now) {
            receipt.entry().visibleMillis = now + timeout * 1000L;
        }
    }

    private void rarely(String url, Random random) {
        switch (random.nextInt(20)) {
            case 0 -> {
                fixture.call(SqsApi.PURGE_QUEUE, PurgeQueueRequest.builder().queueUrl(url).build());
                model.clear();
            }
            case 1, 2 -> fixture.clock.passSeconds(random.nextInt(RETENTION_SECONDS));
            default -> fixture = fixture.afterRestart();
        }
    }

    private void expire() {
        long now = fixture.clock.millis();
        model.removeIf(entry -> entry.sentMillis + RETENTION_SECONDS * 1000L <= now);
        fixture.sqs.cleanUp();
    }

    private boolean isLatest(Receipt receipt) {
        return receipts.stream()
                .filter(other -> other.entry().equals(receipt.entry()))
                .reduce((_, later) -> later)
                .orElseThrow()
                .equals(receipt);
    }

    private List<Entry> availableEntries() {
        long now = fixture.clock.millis();
        return model.stream().filter(entry -> entry.visibleMillis <= now).toList();
    }

    /// Of each group what stands before the first that is not visible.
    private List<Entry> availableInGroups() {
        long now = fixture.clock.millis();
        List<Entry> available = new ArrayList<>();
        Set<String> blocked = new HashSet<>();
        for (Entry entry : model) {
            if (entry.visibleMillis > now) {
                blocked.add(entry.group);
            } else if (!blocked.contains(entry.group)) {
                available.add(entry);
            }
        }
        return available;
    }

    /// A FIFO message whose time has passed counts as in flight while its group is blocked.
    private String counts(boolean fifo) {
        long now = fixture.clock.millis();
        long delayed = model.stream().filter(e -> !e.received && e.visibleMillis > now).count();
        long inFlight =
                model.stream()
                        .filter(e ->
                                e.received
                                        && (e.visibleMillis > now
                                                || (fifo && !availableInGroups().contains(e))))
                        .count();
        return model.size() - delayed - inFlight + " " + inFlight + " " + delayed;
    }

    private Entry find(String body) {
        return model.stream()
                .filter(entry -> entry.body.equals(body))
                .findFirst()
                .orElseThrow(() -> new AssertionError(body + " is deleted or too old"));
    }
}

package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.engine.Disk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Publishers put events on a bus with several rules while the server is killed with SIGKILL again
/// and again. Afterwards every event that was acknowledged is in the queue of every rule exactly
/// once; one whose answer was lost is in all queues or in none. A second bus matches more than one
/// transaction carries: the same is counted there. The first bus keeps the order of each
/// publisher's events in a FIFO queue.
///
/// Meanwhile the disk is slow, so that most kills fall between the commits of a fan-out.
///
/// `-Dmillrace.kills=20 -Djunit.jupiter.execution.timeout.default=2h` for the long form.
///
/// Seen to fail, with: a fan-out that puts down in a transaction of its own how far it has come.
final class EventsKillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 3);
    private static final int PUBLISHERS = 4;
    private static final int PUT_BETWEEN_KILLS = 16;
    private static final int RULES = 3;
    private static final int WIDE_RULES = 40;
    private static final String ACCOUNT = "333344446666";
    private static final String WIDE_DETAIL = "{\"a\":\"" + "x".repeat(900_000) + "\"}";

    @TempDir private Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> wideAcknowledged = ConcurrentHashMap.newKeySet();
    private final List<String> ordered = new ArrayList<>();

    @Test
    void everyRuleGetsEveryEventOnce() throws Exception {
        Disk disk = Disk.prepare(Path.of("..").toAbsolutePath().normalize(), folder).orElse(null);
        try (ServerProcess server =
                        disk == null
                                ? new ServerProcess(folder)
                                : new ServerProcess(
                                        folder,
                                        ServerProcess.launcher(folder),
                                        disk.data(),
                                        disk.environment());
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            aws.events.createEventBus(request ->
                    request.name("orders")
                            .tags(
                                    Tag.builder()
                                            .key("millrace:order-by")
                                            .value("$.detail.by")
                                            .build()));
            aws.events.createEventBus(request -> request.name("wide"));
            rules(aws, "orders", RULES);
            rules(aws, "wide", WIDE_RULES);
            fifo(aws);

            if (disk != null) {
                disk.begin(Disk.Trouble.SLOW_SYNC);
            }
            loadAndKill(server, aws);
            if (disk != null) {
                disk.end(Disk.Trouble.SLOW_SYNC);
            }

            checkAll(aws, "orders", RULES, acknowledged);
            checkAll(aws, "wide", WIDE_RULES, wideAcknowledged);
            checkOrder(
                    Eventually.see(
                            "all events in order",
                            () -> ordered(aws),
                            events ->
                                    acknowledged.stream()
                                            .allMatch(String.join("", events)::contains)));
        }
    }

    private static void rules(Clients aws, String bus, int count) {
        for (int i = 0; i < count; i++) {
            String name = bus + "-" + i;
            aws.sqs.createQueue(request -> request.queueName(name));
            rule(aws, bus, name, Target.builder().id("t").arn(arn(name)).inputPath("$.id"));
        }
    }

    private static void rule(Clients aws, String bus, String name, Target.Builder target) {
        String rule = name.replace('.', '-');
        aws.events.putRule(request ->
                request.name(rule).eventBusName(bus).eventPattern("{\"source\":[\"shop\"]}"));
        aws.events.putTargets(
                request -> request.rule(rule).eventBusName(bus).targets(target.build()));
    }

    private static void fifo(Clients aws) {
        aws.sqs.createQueue(request ->
                request.queueName("ordered.fifo")
                        .attributes(
                                Map.of(
                                        QueueAttributeName.FIFO_QUEUE,
                                        "true",
                                        QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
                                        "true")));
        rule(aws, "orders", "ordered.fifo", Target.builder().id("t").arn(arn("ordered.fifo")));
    }

    private List<String> ordered(Clients aws) {
        ordered.addAll(drain(aws, "ordered.fifo"));
        return ordered;
    }

    private static String arn(String queue) {
        return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue;
    }

    private void loadAndKill(ServerProcess server, Clients aws) throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < PUBLISHERS; i++) {
                String by = "{\"by\":\"p" + i + "\",\"n\":";
                AtomicInteger next = new AtomicInteger();
                callers.repeat(_ -> {
                    put(aws, "orders", by + next.get() + "}", acknowledged);
                    next.incrementAndGet(); // only once the one before is acknowledged
                });
            }
            callers.repeat(_ -> {
                put(aws, "wide", WIDE_DETAIL, wideAcknowledged);
                LockSupport.parkNanos(500_000_000);
            });
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("events", acknowledged::size, PUT_BETWEEN_KILLS);
                callers.awaitMore("wide events", wideAcknowledged::size, 1);
                server.killAndRestart();
            }
        }
    }

    private static void put(Clients aws, String bus, String detail, Set<String> acknowledged) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .source("shop")
                        .detailType("Order")
                        .detail(detail)
                        .eventBusName(bus)
                        .build();
        acknowledged.add(
                aws.events
                        .putEvents(request -> request.entries(entry))
                        .entries()
                        .getFirst()
                        .eventId());
    }

    private static void checkAll(Clients aws, String bus, int count, Set<String> acknowledged) {
        List<String> expected = acknowledged.stream().map(id -> "\"" + id + "\"").toList();
        Map<String, List<String>> received = new TreeMap<>();
        Eventually.see(
                "all events in all queues of " + bus, // also what the fan-out is yet to bring
                () -> {
                    for (int i = 0; i < count; i++) {
                        String queue = bus + "-" + i;
                        received.computeIfAbsent(queue, _ -> new ArrayList<>())
                                .addAll(drain(aws, queue));
                    }
                    return received.values().stream().map(HashSet::new).distinct().toList();
                },
                sets -> sets.size() == 1 && sets.getFirst().containsAll(expected));
        assertThat(received)
                .allSatisfy((queue, ids) -> assertThat(ids).as(queue).doesNotHaveDuplicates());
    }

    /// A put whose answer was lost may have come twice, never too late.
    private static void checkOrder(List<String> events) {
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            String by = "\"by\":\"p" + publisher + "\",\"n\":";
            List<Integer> numbers =
                    events.stream()
                            .filter(event -> event.contains(by))
                            .map(event -> event.substring(event.indexOf(by) + by.length()))
                            .map(rest -> Integer.parseInt(rest.substring(0, rest.indexOf('}'))))
                            .toList();
            assertThat(numbers).isSorted().isNotEmpty();
            assertThat(new HashSet<>(numbers))
                    .isEqualTo(
                            new HashSet<>(
                                    IntStream.rangeClosed(0, numbers.getLast()).boxed().toList()));
        }
    }

    /// Receives all that there is.
    private static List<String> drain(Clients aws, String queue) {
        String url = aws.sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
        List<String> bodies = new ArrayList<>();
        while (true) { // ends with an empty answer: nobody puts events any more
            List<Message> page =
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(url)
                                            .maxNumberOfMessages(10)
                                            .waitTimeSeconds(1))
                            .messages();
            if (page.isEmpty()) {
                return bodies;
            }
            for (Message message : page) {
                bodies.add(message.body());
                aws.sqs.deleteMessage(
                        request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
    }
}

package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.faults.Disk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.exception.SdkException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
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
/// `-Dmillrace.kills=20` for the long form.
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
    private final AtomicBoolean stopped = new AtomicBoolean();

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
            checkOrder(drain(aws, "ordered.fifo"));
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

    private static String arn(String queue) {
        return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue;
    }

    private void loadAndKill(ServerProcess server, Clients aws) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PUBLISHERS; i++) {
                int publisher = i;
                threads.execute(() -> publish(aws, publisher));
            }
            threads.execute(() -> {
                while (!stopped.get()) {
                    put(aws, "wide", WIDE_DETAIL, wideAcknowledged);
                    LockSupport.parkNanos(500_000_000);
                }
            });
            for (int kill = 0; kill < KILLS; kill++) {
                int enough = acknowledged.size() + PUT_BETWEEN_KILLS;
                int wideEnough = wideAcknowledged.size() + 1;
                while (acknowledged.size() < enough || wideAcknowledged.size() < wideEnough) {
                    LockSupport.parkNanos(5_000_000);
                }
                server.killAndRestart();
            }
            stopped.set(true);
        }
    }

    /// The next number only once the one before is acknowledged.
    private void publish(Clients aws, int publisher) {
        int number = 0;
        while (!stopped.get()) {
            String detail = "{\"by\":\"p" + publisher + "\",\"n\":" + number + "}";
            if (put(aws, "orders", detail, acknowledged)) {
                number++;
            }
        }
    }

    private static boolean put(Clients aws, String bus, String detail, Set<String> acknowledged) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .source("shop")
                        .detailType("Order")
                        .detail(detail)
                        .eventBusName(bus)
                        .build();
        try {
            acknowledged.add(
                    aws.events
                            .putEvents(request -> request.entries(entry))
                            .entries()
                            .getFirst()
                            .eventId());
            return true;
        } catch (SdkException e) {
            LockSupport.parkNanos(5_000_000); // the server is away
            return false;
        }
    }

    private static void checkAll(Clients aws, String bus, int count, Set<String> acknowledged) {
        Set<String> everywhere = new HashSet<>();
        for (int i = 0; i < count; i++) {
            List<String> ids = drain(aws, bus + "-" + i);
            Set<String> once = new HashSet<>(ids);
            assertThat(ids).as(bus + "-" + i).hasSameSizeAs(once);
            if (i == 0) {
                everywhere.addAll(once);
            }
            assertThat(once).as(bus + "-" + i).isEqualTo(everywhere);
        }
        assertThat(everywhere)
                .containsAll(acknowledged.stream().map(id -> "\"" + id + "\"").toList());
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

    /// Receives all that there is, also what the fan-out is yet to bring.
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

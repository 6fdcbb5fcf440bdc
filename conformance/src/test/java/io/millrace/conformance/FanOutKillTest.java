package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Ten publishers and ten queues with a receiver each, while the server is killed with SIGKILL
/// again and again. Afterwards every publish that was acknowledged came to each of the ten queues
/// exactly once; one whose answer was lost came to all of them or to none; what was deleted has not
/// come back. A second topic has more queues than one transaction serves: there the same is
/// counted.
///
/// `-Dmillrace.kills=20 -Djunit.jupiter.execution.timeout.default=2h` for the long form. Shown to
/// fail when a fan-out puts down in a transaction of its own how far it has come.
final class FanOutKillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 3);
    private static final int PUBLISHERS = 10;
    private static final int QUEUES = 10;
    private static final int WIDE_QUEUES = 105;
    private static final int PUBLISHED_BETWEEN_KILLS = 40;
    private static final int VISIBILITY_SECONDS = 2;
    private static final String ACCOUNT = "333344445555";
    private static final String PADDING = "x".repeat(500);
    private static final Pattern MESSAGE_ID = Pattern.compile("\"MessageId\" : \"([^\"]+)\"");

    @TempDir private Path folder;

    /// What one queue has shown.
    private static final class Seen {
        final Map<String, String> copies = new ConcurrentHashMap<>(); // SQS's ids by SNS's
        final Set<String> deleted = ConcurrentHashMap.newKeySet(); // SQS's ids
        final Set<String> wrongs = ConcurrentHashMap.newKeySet();

        void received(Message message) {
            Matcher matcher = MESSAGE_ID.matcher(message.body());
            assertThat(matcher.find()).isTrue();
            String id = matcher.group(1);
            String other = copies.putIfAbsent(id, message.messageId());
            if (other != null && !other.equals(message.messageId())) {
                wrongs.add("twice: " + id);
            }
            if (deleted.contains(message.messageId())) {
                wrongs.add("back after its deletion: " + id);
            }
        }
    }

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger wideAcknowledged = new AtomicInteger();
    private final AtomicInteger wideUnknown = new AtomicInteger();
    private final List<Seen> seen = new ArrayList<>();

    @Test
    void nothingIsLostOrDoubled() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            String topic = topic(aws, "ten", QUEUES, false);
            String wide = topic(aws, "wide", WIDE_QUEUES, true);
            for (int i = 0; i < QUEUES; i++) {
                seen.add(new Seen());
            }

            loadAndKill(server, aws, topic, wide);

            for (int i = 0; i < QUEUES; i++) {
                drain(aws, i);
            }
            Set<String> everywhere = seen.getFirst().copies.keySet();
            assertThat(everywhere).containsAll(acknowledged);
            for (Seen queue : seen) {
                assertThat(queue.wrongs).isEmpty();
                assertThat(queue.copies.keySet()).isEqualTo(everywhere);
            }
            checkWide(aws);
        }
    }

    private static String url(Clients aws, String topic, int number) {
        return aws.sqs.getQueueUrl(request -> request.queueName(topic + "-" + number)).queueUrl();
    }

    private static String topic(Clients aws, String name, int queues, boolean raw) {
        String topic = aws.sns.createTopic(request -> request.name(name)).topicArn();
        for (int i = 0; i < queues; i++) {
            String queue = name + "-" + i;
            aws.sqs.createQueue(request -> request.queueName(queue));
            aws.sns.subscribe(request ->
                    request.topicArn(topic)
                            .protocol("sqs")
                            .endpoint("arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue)
                            .attributes(Map.of("RawMessageDelivery", "" + raw)));
        }
        return topic;
    }

    private void loadAndKill(ServerProcess server, Clients aws, String topic, String wide)
            throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < PUBLISHERS; i++) {
                callers.repeat(_ -> acknowledged.add(publish(aws, topic)));
            }
            for (int i = 0; i < QUEUES; i++) {
                int queue = i;
                String url = url(aws, "ten", queue);
                callers.repeat(_ -> receiveAndDelete(aws, url, queue));
            }
            callers.repeat(_ -> publishWide(aws, wide));
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("published", acknowledged::size, PUBLISHED_BETWEEN_KILLS);
                server.killAndRestart();
            }
        }
    }

    private static String publish(Clients aws, String topic) {
        return aws.sns.publish(request -> request.topicArn(topic).message(PADDING)).messageId();
    }

    private void publishWide(Clients aws, String topic) {
        wideUnknown.addAndGet(3); // the SDK tries three times
        publish(aws, topic);
        wideAcknowledged.incrementAndGet();
        LockSupport.parkNanos(50_000_000);
    }

    private void receiveAndDelete(Clients aws, String url, int queue) {
        for (Message message : receive(aws, url, VISIBILITY_SECONDS, 1)) {
            seen.get(queue).received(message);
            aws.sqs.deleteMessage(
                    request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            seen.get(queue).deleted.add(message.messageId());
        }
    }

    private static List<Message> receive(
            Clients aws, String url, int visibilitySeconds, int waitSeconds) {
        return aws.sqs
                .receiveMessage(request ->
                        request.queueUrl(url)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(waitSeconds)
                                .visibilityTimeout(visibilitySeconds))
                .messages();
    }

    /// Receives all that is left; waits long enough for what a kill left in flight.
    private void drain(Clients aws, int queue) {
        String url = url(aws, "ten", queue);
        while (true) { // ends with an empty answer: nobody publishes any more
            List<Message> page = receive(aws, url, 3600, queue == 0 ? VISIBILITY_SECONDS + 1 : 1);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(seen.get(queue)::received);
        }
    }

    /// All wide queues come to the same count, which is that of the publishes.
    private void checkWide(Clients aws) {
        Set<Integer> counts =
                Eventually.see(
                        "the same count in all wide queues",
                        () -> wideCounts(aws),
                        seen ->
                                seen.size() == 1
                                        && Collections.max(seen) >= wideAcknowledged.get());
        assertThat(Collections.max(counts)).isLessThanOrEqualTo(wideUnknown.get());
    }

    private static Set<Integer> wideCounts(Clients aws) {
        Set<Integer> counts = new HashSet<>();
        for (int i = 0; i < WIDE_QUEUES; i++) {
            counts.add(count(aws, "wide", i));
        }
        return counts;
    }

    private static int count(Clients aws, String topic, int queue) {
        String url = url(aws, topic, queue);
        return Integer.parseInt(
                aws.sqs
                        .getQueueAttributes(request ->
                                request.queueUrl(url)
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                        .attributes()
                        .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }
}

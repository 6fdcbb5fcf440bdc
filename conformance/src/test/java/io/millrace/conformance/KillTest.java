package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The whole server is killed with SIGKILL under load, again and again. Afterwards everything that
/// was acknowledged is there, once in the stream, and what was acknowledged as deleted has not come
/// back.
final class KillTest {

    private static final int KILLS = 4;
    private static final int WRITERS_PER_KIND = 3;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 150;
    private static final int VISIBILITY_SECONDS = 2;
    private static final String ACCOUNT = "222233334444";

    @TempDir private Path folder;

    private final Set<String> items = ConcurrentHashMap.newKeySet();
    private final Set<String> messages = ConcurrentHashMap.newKeySet();
    private final Set<String> events = ConcurrentHashMap.newKeySet();
    private final Map<String, String> deleted = new ConcurrentHashMap<>(); // by message id
    private final Set<String> perhapsDeleted = ConcurrentHashMap.newKeySet();

    @Test
    void keepsWhatItAcknowledged() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            String queue = prepare(aws);

            loadAndKill(server, aws, queue);

            assertThat(scan(aws)).containsAll(items);
            List<String> streamed = streamed(aws);
            assertThat(streamed).doesNotHaveDuplicates().containsAll(items);
            Map<String, String> left = drain(aws, queue);
            assertThat(left.keySet()).doesNotContainAnyElementsOf(deleted.keySet());
            Set<String> delivered = new HashSet<>(left.values());
            delivered.addAll(perhapsDeleted);
            assertThat(delivered).containsAll(messages).containsAll(events);
        }
    }

    private static String prepare(Clients aws) {
        aws.createTable("items", StreamViewType.KEYS_ONLY);
        String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
        aws.events.putRule(request -> request.name("all").eventPattern("{\"source\":[\"kill\"]}"));
        aws.events.putTargets(request ->
                request.rule("all")
                        .targets(
                                Target.builder()
                                        .id("q")
                                        .arn("arn:aws:sqs:us-east-1:" + ACCOUNT + ":q")
                                        .build()));
        return queue;
    }

    private void loadAndKill(ServerProcess server, Clients aws, String queue) throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < WRITERS_PER_KIND; i++) {
                String writer = "-" + i + "-";
                callers.repeat(number -> put(aws, "item" + writer + number));
                callers.repeat(number -> send(aws, queue, "msg" + writer + number));
                callers.repeat(number -> event(aws, "event" + writer + number));
            }
            callers.repeat(_ -> receiveAndDelete(aws, queue));
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("acknowledged", this::count, ACKNOWLEDGED_BETWEEN_KILLS);
                server.killAndRestart();
            }
        }
    }

    private int count() {
        return items.size() + messages.size() + events.size() + deleted.size();
    }

    private void put(Clients aws, String id) {
        aws.dynamodb.putItem(
                request -> request.tableName("items").item(Map.of("id", AttributeValue.fromS(id))));
        items.add(id);
    }

    private void send(Clients aws, String queue, String body) {
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body));
        messages.add(body);
    }

    private void event(Clients aws, String id) {
        aws.events.putEvents(request ->
                request.entries(
                        PutEventsRequestEntry.builder()
                                .source("kill")
                                .detailType("t")
                                .detail("{\"id\":\"" + id + "\"}")
                                .build()));
        events.add(id);
    }

    private void receiveAndDelete(Clients aws, String queue) {
        for (Message message : receive(aws, queue, VISIBILITY_SECONDS, 0)) {
            perhapsDeleted.add(idOf(message)); // also when a kill swallows the answer
            aws.sqs.deleteMessage(
                    request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
            deleted.put(message.messageId(), idOf(message));
        }
    }

    private static List<Message> receive(
            Clients aws, String queue, int visibilitySeconds, int waitSeconds) {
        return aws.sqs
                .receiveMessage(request ->
                        request.queueUrl(queue)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(waitSeconds)
                                .visibilityTimeout(visibilitySeconds))
                .messages();
    }

    /// A plain message is its own id; an event has it in its detail.
    private static String idOf(Message message) {
        String body = message.body();
        int at = body.indexOf("{\"id\":\"");
        return at < 0 ? body : body.substring(at + 7, body.indexOf('"', at + 7));
    }

    private static Set<String> scan(Clients aws) {
        Set<String> ids = new HashSet<>();
        aws.dynamodb
                .scanPaginator(request -> request.tableName("items"))
                .items()
                .forEach(item -> ids.add(Clients.attribute(item, "id").s()));
        return ids;
    }

    private static List<String> streamed(Clients aws) {
        String stream =
                aws.streams
                        .listStreams(request -> request.tableName("items"))
                        .streams()
                        .getFirst()
                        .streamArn();
        String shard =
                aws.streams
                        .describeStream(request -> request.streamArn(stream))
                        .streamDescription()
                        .shards()
                        .getFirst()
                        .shardId();
        String iterator =
                aws.streams
                        .getShardIterator(request ->
                                request.streamArn(stream)
                                        .shardId(shard)
                                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
        List<String> ids = new ArrayList<>();
        while (true) { // ends with an empty page: nobody writes any more
            String current = iterator;
            GetRecordsResponse page =
                    aws.streams.getRecords(request -> request.shardIterator(current));
            if (page.records().isEmpty()) {
                return ids;
            }
            page.records()
                    .forEach(record ->
                            ids.add(Clients.attribute(record.dynamodb().keys(), "id").s()));
            iterator = page.nextShardIterator();
        }
    }

    /// Receives all that is there, by message id; waits long enough for what was received before a
    /// kill, and never deleted, to be visible again.
    private static Map<String, String> drain(Clients aws, String queue) {
        Map<String, String> left = new HashMap<>();
        while (true) { // ends with an empty answer: nobody sends any more
            List<Message> page = receive(aws, queue, 3600, VISIBILITY_SECONDS + 1);
            if (page.isEmpty()) {
                return left;
            }
            page.forEach(message -> left.put(message.messageId(), idOf(message)));
        }
    }
}

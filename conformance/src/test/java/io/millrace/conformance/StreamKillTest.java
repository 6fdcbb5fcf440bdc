package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.Update;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A table's stream over kills of the server: each change that was acknowledged is told exactly
/// once, in the order of its item, and the images make a chain that ends at what the table holds.
/// `-Dmillrace.long=true` kills many more times; `-Dmillrace.seed=` repeats the writers' choices. A
/// long form needs `-Djunit.jupiter.execution.timeout.default=2h`, too.
///
/// Seen to fail, with: a record that takes its old image from the replacement (the chain breaks).
final class StreamKillTest {
    private static final long SEED = Long.getLong("millrace.seed", 20260105L);
    private static final int KILLS = Boolean.getBoolean("millrace.long") ? 60 : 3;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 150;
    private static final int WRITERS = 4;
    private static final int ITEMS = 5;
    private static final String ACCOUNT = "333344445555";

    @TempDir private Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger writes = new AtomicInteger();

    @Test
    void tellsEachChangeOnceInOrderAndInAChain() throws Exception {
        System.out.println("stream kill: -Dmillrace.seed=" + SEED);
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            aws.createTable("items", StreamViewType.NEW_AND_OLD_IMAGES);
            loadAndKill(server, aws);

            List<Record> records = records(aws);
            List<String> told = new ArrayList<>();
            Map<String, Map<String, AttributeValue>> images = new HashMap<>();
            BigInteger last = BigInteger.ZERO;
            for (Record record : records) {
                BigInteger number = new BigInteger(record.dynamodb().sequenceNumber());
                assertThat(number).isGreaterThan(last);
                last = number;
                String id = Clients.attribute(record.dynamodb().keys(), "id").s();
                assertThat(record.dynamodb().oldImage())
                        .as("old image of %s at %s", id, number)
                        .isEqualTo(images.getOrDefault(id, Map.of()));
                images.put(id, record.dynamodb().newImage());
                AttributeValue by = record.dynamodb().newImage().get("by");
                if (by != null) {
                    told.add(by.s());
                }
            }
            images.values().removeIf(Map::isEmpty);
            assertThat(told).doesNotHaveDuplicates().containsAll(acknowledged);
            assertThat(items(aws)).isEqualTo(images);
        }
    }

    private void loadAndKill(ServerProcess server, Clients aws) throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < WRITERS; i++) {
                String writer = i + "-";
                SplittableRandom random = new SplittableRandom(SEED + i);
                callers.repeat(number -> write(aws, random, writer + number));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("writes", writes::get, ACKNOWLEDGED_BETWEEN_KILLS);
                server.killAndRestart();
            }
        }
    }

    /// A write that names itself, or a deletion.
    private void write(Clients aws, SplittableRandom random, String by) {
        Map<String, AttributeValue> key =
                Map.of("id", AttributeValue.fromS("item" + random.nextInt(ITEMS)));
        if (random.nextInt(5) == 0) {
            aws.dynamodb.deleteItem(request -> request.tableName("items").key(key));
        } else {
            update(aws, key, by);
            acknowledged.add(by);
        }
        writes.incrementAndGet();
    }

    /// As a transaction, since the SDK repeats it with its token: it happens once, or not at all.
    @SuppressWarnings("unchecked") // arrays of builders' consumers, which the SDK makes of them
    private static void update(Clients aws, Map<String, AttributeValue> key, String by) {
        Update update =
                Update.builder()
                        .tableName("items")
                        .key(key)
                        .updateExpression("SET #by = :by ADD n :one")
                        .expressionAttributeNames(Map.of("#by", "by"))
                        .expressionAttributeValues(
                                Map.of(
                                        ":by", AttributeValue.fromS(by),
                                        ":one", AttributeValue.fromN("1")))
                        .build();
        aws.dynamodb.transactWriteItems(
                request -> request.transactItems(item -> item.update(update)));
    }

    private static Map<String, Map<String, AttributeValue>> items(Clients aws) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        aws.dynamodb
                .scanPaginator(request -> request.tableName("items"))
                .items()
                .forEach(item -> items.put(Clients.attribute(item, "id").s(), item));
        return items;
    }

    private static List<Record> records(Clients aws) {
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
        List<Record> records = new ArrayList<>();
        while (true) { // ends with an empty page: nobody writes any more
            String current = iterator;
            GetRecordsResponse page =
                    aws.streams.getRecords(request -> request.shardIterator(current));
            if (page.records().isEmpty()) {
                return records;
            }
            records.addAll(page.records());
            iterator = page.nextShardIterator();
        }
    }
}

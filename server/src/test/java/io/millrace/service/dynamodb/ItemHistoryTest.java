package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Random histories of writes on a table with an index and a stream, against maps in memory, over
/// restarts of the store. In the end the stream, replayed, must give the table again.
final class ItemHistoryTest {
    private static final long SEED = 20260102;
    private static final int STEPS = 1_500;
    private static final int PARTITIONS = 3;
    private static final int SORT_KEYS = 12;

    @TempDir Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, NavigableMap<Integer, Integer>> model = new HashMap<>();
    private final List<String> changes = new ArrayList<>();

    @Test
    void agreesWithTheModelOverRestarts() {
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory)) {
            create(db);
            for (int step = 0; step < STEPS; step++) {
                step(db);
                if (step % 500 == 499) {
                    db.restart();
                }
            }
            check(db);
            assertThat(streamed(db)).isEqualTo(changes);
        }
    }

    private static void create(DynamoDbFixture db) {
        db.call(
                "CreateTable",
                """
                {'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 's', 'AttributeType': 'N'},
                                          {'AttributeName': 'v', 'AttributeType': 'N'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}],
                 'GlobalSecondaryIndexes': [
                    {'IndexName': 'byV', 'Projection': {'ProjectionType': 'KEYS_ONLY'},
                     'KeySchema': [{'AttributeName': 'v', 'KeyType': 'HASH'}]}],
                 'StreamSpecification': {'StreamEnabled': true,
                                         'StreamViewType': 'NEW_AND_OLD_IMAGES'}}
                """);
    }

    private NavigableMap<Integer, Integer> partition(String p) {
        return model.computeIfAbsent(p, _ -> new TreeMap<>());
    }

    private void step(DynamoDbFixture db) {
        String p = "p" + random.nextInt(PARTITIONS);
        int s = random.nextInt(SORT_KEYS) - SORT_KEYS / 2;
        int v = random.nextInt(4);
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                db.call("PutItem", "{'TableName': 'tab', 'Item': " + item(p, s, v) + "}");
                replace(p, s, v);
            }
            case 2 -> {
                db.call(
                        "UpdateItem",
                        """
                        {'TableName': 'tab', 'Key': %s, 'UpdateExpression': 'ADD v :v',
                         'ExpressionAttributeValues': {':v': {'N': '%d'}}}
                        """
                                .formatted(key(p, s), v));
                Integer old = partition(p).get(s);
                replace(p, s, old == null ? v : old + v);
            }
            case 3 -> {
                db.call("DeleteItem", "{'TableName': 'tab', 'Key': " + key(p, s) + "}");
                replace(p, s, null);
            }
            case 4 -> {
                String conditional =
                        "{'TableName': 'tab', 'Item': %s, 'ConditionExpression':"
                                + " 'attribute_not_exists(p)'}";
                if (partition(p).containsKey(s)) {
                    assertThat(db.refused("PutItem", conditional.formatted(item(p, s, v))))
                            .startsWith("ConditionalCheckFailedException");
                } else {
                    db.call("PutItem", conditional.formatted(item(p, s, v)));
                    replace(p, s, v);
                }
            }
            default -> checkQuery(db, p, s, random.nextBoolean());
        }
    }

    private static String key(String p, int s) {
        return "{'p': {'S': '%s'}, 's': {'N': '%d'}}".formatted(p, s);
    }

    private static String item(String p, int s, int v) {
        return "{'p': {'S': '%s'}, 's': {'N': '%d'}, 'v': {'N': '%d'}}".formatted(p, s, v);
    }

    private void replace(String p, int s, @Nullable Integer v) {
        Integer old = v == null ? partition(p).remove(s) : partition(p).put(s, v);
        if (old == null ? v != null : !old.equals(v)) {
            changes.add(p + "/" + s + ": " + old + " -> " + v);
        }
    }

    private void checkQuery(DynamoDbFixture db, String p, int from, boolean forward) {
        JsonNode answer =
                db.call(
                        "Query",
                        """
                        {'TableName': 'tab', 'ScanIndexForward': %s,
                         'KeyConditionExpression': 'p = :p and s >= :s',
                         'ExpressionAttributeValues': {':p': {'S': '%s'}, ':s': {'N': '%d'}}}
                        """
                                .formatted(forward, p, from));
        List<String> found = new ArrayList<>();
        answer.get("Items").forEach(item -> found.add(number(item, "s") + "=" + number(item, "v")));
        List<String> expected = new ArrayList<>();
        partition(p).tailMap(from).forEach((s, v) -> expected.add(s + "=" + v));
        assertThat(found).as("seed %d", SEED).isEqualTo(forward ? expected : expected.reversed());
    }

    private static String number(JsonNode item, String name) {
        JsonNode value = item.get(name);
        return value == null ? "null" : value.get("N").stringValue();
    }

    private void check(DynamoDbFixture db) {
        int count = 0;
        Map<Integer, Integer> byValue = new HashMap<>();
        for (Map.Entry<String, NavigableMap<Integer, Integer>> entry : model.entrySet()) {
            checkQuery(db, entry.getKey(), -SORT_KEYS, true);
            count += entry.getValue().size();
            entry.getValue().values().forEach(v -> byValue.merge(v, 1, Integer::sum));
        }
        JsonNode table = db.call("DescribeTable", "{'TableName': 'tab'}").get("Table");
        assertThat(table.get("ItemCount").intValue()).isEqualTo(count);
        assertThat(table.get("GlobalSecondaryIndexes").get(0).get("ItemCount").intValue())
                .isEqualTo(count);
        byValue.forEach((v, items) ->
                assertThat(
                                db.call(
                                                "Query",
                                                """
                                                {'TableName': 'tab', 'IndexName': 'byV',
                                                 'KeyConditionExpression': 'v = :v',
                                                 'Select': 'COUNT',
                                                 'ExpressionAttributeValues':
                                                    {':v': {'N': '%d'}}}
                                                """
                                                        .formatted(v))
                                        .get("Count")
                                        .intValue())
                        .isEqualTo(items));
    }

    private static List<String> streamed(DynamoDbFixture db) {
        JsonNode stream = db.call("ListStreams", "{}").get("Streams").get(0).get("StreamArn");
        JsonNode shard =
                db.call("DescribeStream", "{'StreamArn': " + stream + "}")
                        .get("StreamDescription")
                        .get("Shards")
                        .get(0)
                        .get("ShardId");
        JsonNode iterator =
                db.call(
                                "GetShardIterator",
                                "{'StreamArn': %s, 'ShardId': %s, 'ShardIteratorType':"
                                                .formatted(stream, shard)
                                        + " 'TRIM_HORIZON'}")
                        .get("ShardIterator");
        List<String> changes = new ArrayList<>();
        int read;
        do { // ends with an empty page
            JsonNode page =
                    db.call("GetRecords", "{'Limit': 100, 'ShardIterator': " + iterator + "}");
            read = page.get("Records").size();
            page.get("Records").forEach(record -> changes.add(change(record.get("dynamodb"))));
            iterator = page.get("NextShardIterator");
        } while (read > 0);
        return changes;
    }

    private static String change(JsonNode change) {
        return change.get("Keys").get("p").get("S").stringValue()
                + "/"
                + number(change.get("Keys"), "s")
                + ": "
                + value(change, "OldImage")
                + " -> "
                + value(change, "NewImage");
    }

    private static String value(JsonNode change, String image) {
        return change.has(image) ? number(change.get(image), "v") : "null";
    }
}

package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.HistoryWrite.Check;
import io.millrace.service.dynamodb.HistoryWrite.ItemKey;
import io.millrace.service.dynamodb.HistoryWrite.Kind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A random history of operations on one table, with a local and a global index and a stream: each
/// answer is compared with the model's.
final class ItemHistory {
    private static final int BATCH_MAX = 6;

    private final DynamoDbFixture db;
    private final SplittableRandom random;
    private final HistoryModel model;

    ItemHistory(DynamoDbFixture db, SplittableRandom random, HistoryModel model) {
        this.db = db;
        this.random = random;
        this.model = model;
    }

    void create() {
        db.call(
                "CreateTable",
                """
                {'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 's', 'AttributeType': 'N'},
                                          {'AttributeName': 'w', 'AttributeType': 'N'},
                                          {'AttributeName': 'v', 'AttributeType': 'N'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}],
                 'LocalSecondaryIndexes': [
                    {'IndexName': 'byW', 'Projection': {'ProjectionType': 'ALL'},
                     'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                                   {'AttributeName': 'w', 'KeyType': 'RANGE'}]}],
                 'GlobalSecondaryIndexes': [
                    {'IndexName': 'byV', 'Projection': {'ProjectionType': 'KEYS_ONLY'},
                     'KeySchema': [{'AttributeName': 'v', 'KeyType': 'HASH'}]}],
                 'StreamSpecification': {'StreamEnabled': true,
                                         'StreamViewType': 'NEW_AND_OLD_IMAGES'}}
                """);
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> write(write(false));
            case 4 -> batchWrite();
            case 5, 6 -> transact();
            case 7 -> get();
            case 8 -> query();
            default -> scan();
        }
    }

    HistoryWrite write(boolean inTransaction) {
        return HistoryWrite.random(random, ItemKey.random(random), inTransaction);
    }

    private void write(HistoryWrite write) {
        SortedMap<String, String> old = model.get(write.key());
        String told = write.kind().updates() ? "ALL_NEW" : "ALL_OLD";
        String request = "{" + write.request() + ",\"ReturnValues\":\"" + told + "\"}";
        if (!model.holds(write)) {
            assertThat(db.refused(write.action(), request))
                    .startsWith("ConditionalCheckFailedException");
            return;
        }
        JsonNode answer = db.call(write.action(), request);
        model.apply(write);
        assertThat(HistoryModel.text(item(answer.get("Attributes"))))
                .as(write.toString())
                .isEqualTo(
                        HistoryModel.text(write.kind().updates() ? model.get(write.key()) : old));
    }

    private List<HistoryWrite> distinct(boolean inTransaction) {
        Set<ItemKey> keys = new HashSet<>();
        List<HistoryWrite> writes = new ArrayList<>();
        for (int count = 1 + random.nextInt(BATCH_MAX); count > 0; count--) {
            HistoryWrite write = write(inTransaction);
            if (keys.add(write.key())) {
                writes.add(write);
            }
        }
        return writes;
    }

    private void batchWrite() {
        List<String> requests = new ArrayList<>();
        List<HistoryWrite> writes = new ArrayList<>();
        for (HistoryWrite write : distinct(false)) {
            Kind kind = random.nextBoolean() ? Kind.PUT : Kind.DELETE;
            SortedMap<String, String> item = HistoryWrite.item(random, write.key());
            writes.add(new HistoryWrite(kind, write.key(), item, 0, Check.NONE));
            requests.add(
                    kind == Kind.PUT
                            ? "{\"PutRequest\":{\"Item\":" + HistoryWrite.json(item) + "}}"
                            : "{\"DeleteRequest\":{\"Key\":" + write.key().json() + "}}");
        }
        JsonNode answer =
                db.call(
                        "BatchWriteItem",
                        "{\"RequestItems\":{\"tab\":[" + String.join(",", requests) + "]}}");
        assertThat(answer.get("UnprocessedItems")).isEmpty();
        writes.forEach(model::apply);
    }

    private void transact() {
        List<HistoryWrite> writes = distinct(true);
        List<String> members = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (HistoryWrite write : writes) {
            members.add("{\"" + write.member() + "\":{" + write.request() + "}}");
            reasons.add(model.holds(write) ? "None" : "ConditionalCheckFailed");
        }
        String request = "{\"TransactItems\":[" + String.join(",", members) + "]}";
        if (reasons.contains("ConditionalCheckFailed")) {
            assertThat(db.refused("TransactWriteItems", request))
                    .startsWith("TransactionCanceledException")
                    .endsWith("[" + String.join(", ", reasons) + "]");
        } else {
            db.call("TransactWriteItems", request);
            writes.forEach(model::apply);
        }
    }

    private void get() {
        List<ItemKey> keys = distinct(false).stream().map(HistoryWrite::key).toList();
        List<String> texts = new ArrayList<>();
        List<String> transact = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (ItemKey key : keys) {
            texts.add(key.json());
            transact.add("{\"Get\":{\"TableName\":\"tab\",\"Key\":" + key.json() + "}}");
            expected.add(HistoryModel.text(model.get(key)));
        }
        List<String> found = new ArrayList<>();
        db.call("TransactGetItems", "{\"TransactItems\":[" + String.join(",", transact) + "]}")
                .get("Responses")
                .forEach(response -> found.add(HistoryModel.text(item(response.get("Item")))));
        assertThat(found).isEqualTo(expected);
        JsonNode batch =
                db.call(
                        "BatchGetItem",
                        "{\"RequestItems\":{\"tab\":{\"Keys\":["
                                + String.join(",", texts)
                                + "]}}}");
        assertThat(texts(batch.get("Responses").get("tab")))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().filter(text -> !text.equals("nothing")).toList());
        JsonNode one =
                db.call(
                        "GetItem",
                        "{\"TableName\":\"tab\",\"Key\":" + keys.getFirst().json() + "}");
        assertThat(HistoryModel.text(item(one.get("Item")))).isEqualTo(expected.getFirst());
    }

    private void query() {
        ItemKey key = ItemKey.random(random);
        boolean forward = random.nextBoolean();
        List<SortedMap<String, String>> expected = model.partition(key.p(), key.s());
        boolean filtered = random.nextInt(3) == 0;
        if (filtered) {
            expected.removeIf(item -> !item.containsKey("d"));
        }
        String request =
                """
                'TableName': 'tab', 'ScanIndexForward': %s, %s 'Limit': %d,
                'KeyConditionExpression': 'p = :p and s >= :s',
                'ExpressionAttributeValues': {':p': {'S': '%s'}, ':s': {'N': '%d'}}
                """
                        .formatted(
                                forward,
                                filtered ? "'FilterExpression': 'attribute_exists(d)'," : "",
                                1 + random.nextInt(20),
                                key.p(),
                                key.s());
        List<String> texts = new ArrayList<>();
        expected.forEach(item -> texts.add(HistoryWrite.json(item)));
        assertThat(pages("Query", request)).isEqualTo(forward ? texts : texts.reversed());
    }

    private void scan() {
        int segments = 1 + random.nextInt(3);
        List<String> found = new ArrayList<>();
        for (int segment = 0; segment < segments; segment++) {
            found.addAll(
                    pages(
                            "Scan",
                            "'TableName': 'tab', 'Limit': %d, 'Segment': %d, 'TotalSegments': %d"
                                    .formatted(1 + random.nextInt(20), segment, segments)));
        }
        List<String> expected = new ArrayList<>();
        model.items().values().forEach(item -> expected.add(HistoryWrite.json(item)));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    /// All items, page by page.
    private List<String> pages(String action, String request) {
        List<String> items = new ArrayList<>();
        JsonNode last = null;
        do { // ends with the range: each page begins behind the one before it
            JsonNode page =
                    db.call(
                            action,
                            "{"
                                    + request
                                    + (last == null ? "" : ", 'ExclusiveStartKey': " + last)
                                    + "}");
            items.addAll(texts(page.get("Items")));
            last = page.get("LastEvaluatedKey");
        } while (last != null);
        return items;
    }

    private static List<String> texts(JsonNode items) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(HistoryModel.text(item(item))));
        return texts;
    }

    static @Nullable SortedMap<String, String> item(@Nullable JsonNode json) {
        if (json == null) {
            return null;
        }
        SortedMap<String, String> item = new TreeMap<>();
        json.properties()
                .forEach(member -> item.put(member.getKey(), member.getValue().toString()));
        return item;
    }

    /// Compares everything: the items, the indexes, the counts and the stream.
    void check() {
        scan();
        JsonNode table = db.call("DescribeTable", "{'TableName': 'tab'}").get("Table");
        assertThat(table.get("ItemCount").intValue()).isEqualTo(model.items().size());
        checkIndex(table, "GlobalSecondaryIndexes", "byV", "v");
        checkIndex(table, "LocalSecondaryIndexes", "byW", "w");
        Map<String, Integer> counts = model.counts("v");
        counts.forEach((value, count) ->
                assertThat(
                                pages(
                                        "Query",
                                        "'TableName': 'tab', 'IndexName': 'byV',"
                                                + " 'KeyConditionExpression': 'v = :v',"
                                                + " 'ExpressionAttributeValues': {':v': "
                                                + value
                                                + "}"))
                        .hasSize(count));
        assertThat(streamed()).isEqualTo(model.changes());
    }

    private void checkIndex(JsonNode table, String indexes, String name, String attribute) {
        int count = model.counts(attribute).values().stream().mapToInt(Integer::intValue).sum();
        assertThat(table.get(indexes).get(0).get("ItemCount").intValue()).isEqualTo(count);
        List<String> entries =
                pages("Scan", "'TableName': 'tab', 'Limit': 7, 'IndexName': '" + name + "'");
        assertThat(entries).hasSize(count).doesNotHaveDuplicates();
        if (name.equals("byW")) {
            List<String> expected = new ArrayList<>();
            model.items().values().stream()
                    .filter(item -> item.containsKey(attribute))
                    .forEach(item -> expected.add(HistoryWrite.json(item)));
            assertThat(entries).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /// The changes of each item, as the stream tells them.
    private Map<ItemKey, List<String>> streamed() {
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
        Map<ItemKey, List<String>> changes = new HashMap<>();
        int read;
        do { // ends with an empty page
            JsonNode page = db.call("GetRecords", "{'ShardIterator': " + iterator + "}");
            read = page.get("Records").size();
            page.get("Records").forEach(record -> add(changes, record.get("dynamodb")));
            iterator = page.get("NextShardIterator");
        } while (read > 0);
        return changes;
    }

    private static void add(Map<ItemKey, List<String>> changes, JsonNode change) {
        JsonNode keys = change.get("Keys");
        ItemKey key =
                new ItemKey(
                        keys.get("p").get("S").stringValue(),
                        Integer.parseInt(keys.get("s").get("N").stringValue()));
        changes.computeIfAbsent(key, _ -> new ArrayList<>())
                .add(
                        HistoryModel.change(
                                item(change.get("OldImage")), item(change.get("NewImage"))));
    }
}

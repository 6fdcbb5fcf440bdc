package io.millrace.service.dynamodbstreams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.DynamoDbFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A reader that follows the stream while many write: it must see every change once, and for each
/// item in the order in which they happened, although it reads between commits.
final class StreamFollowerTest {
    private static final int WRITERS = 8;
    private static final int WRITES = 150;
    private static final int ITEMS = 3;

    @TempDir Path directory;

    @Test
    void seesEveryChangeOfConcurrentWritersOnceAndInOrder() throws InterruptedException {
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory)) {
            db.createTable(
                    "tab",
                    "N",
                    "'StreamSpecification': {'StreamEnabled': true,"
                            + " 'StreamViewType': 'NEW_AND_OLD_IMAGES'},");
            String first = iterator(db);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(Thread.ofVirtual().start(() -> write(db, writer)));
            }

            List<JsonNode> followed = follow(db, first);
            for (Thread writer : writers) {
                writer.join();
            }

            check(followed);
        }
    }

    private static void write(DynamoDbFixture db, int writer) {
        for (int i = 0; i < WRITES; i++) {
            db.call(
                    "UpdateItem",
                    """
                    {'TableName': 'tab', 'Key': {'p': {'S': 'k'}, 's': {'N': '%d'}},
                     'UpdateExpression': 'ADD v :one',
                     'ExpressionAttributeValues': {':one': {'N': '1'}}}
                    """
                            .formatted((writer + i) % ITEMS));
        }
    }

    private static String iterator(DynamoDbFixture db) {
        JsonNode stream = db.call("ListStreams", "{}").get("Streams").get(0).get("StreamArn");
        JsonNode shard =
                db.call("DescribeStream", "{'StreamArn': " + stream + "}")
                        .get("StreamDescription")
                        .get("Shards")
                        .get(0)
                        .get("ShardId");
        return db.call(
                        "GetShardIterator",
                        "{'StreamArn': %s, 'ShardId': %s, 'ShardIteratorType': 'LATEST'}"
                                .formatted(stream, shard))
                .get("ShardIterator")
                .toString();
    }

    /// Ends when it has seen as many records as there are writes.
    private static List<JsonNode> follow(DynamoDbFixture db, String first) {
        List<JsonNode> followed = new ArrayList<>();
        String iterator = first;
        while (followed.size() < WRITERS * WRITES) {
            JsonNode page = db.call("GetRecords", "{'ShardIterator': " + iterator + "}");
            page.get("Records").forEach(followed::add);
            iterator = page.get("NextShardIterator").toString();
        }
        return followed;
    }

    private static void check(List<JsonNode> followed) {
        Map<String, Integer> values = new HashMap<>();
        Set<String> numbers = new HashSet<>();
        String before = "";
        for (JsonNode record : followed) {
            JsonNode change = record.get("dynamodb");
            String number = change.get("SequenceNumber").stringValue();
            String key = change.get("Keys").get("s").get("N").stringValue();
            assertThat(number).isGreaterThan(before);
            assertThat(numbers.add(number)).isTrue();
            assertThat(value(change, "OldImage")).isEqualTo(values.getOrDefault(key, 0));
            values.put(key, value(change, "NewImage"));
            before = number;
        }
        assertThat(values.values().stream().mapToInt(value -> value).sum())
                .isEqualTo(WRITERS * WRITES);
    }

    private static int value(JsonNode change, String image) {
        JsonNode item = change.get(image);
        return item == null ? 0 : Integer.parseInt(item.get("v").get("N").stringValue());
    }
}

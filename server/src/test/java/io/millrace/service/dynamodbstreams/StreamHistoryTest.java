package io.millrace.service.dynamodbstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.LiveCopy;
import io.millrace.engine.StoreException;
import io.millrace.service.dynamodb.DynamoDbFixture;
import io.millrace.stream.StreamOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/// Many write to many items while one reads the stream, shards are divided and followed, and the
/// server is closed or crashes under their hands: each change comes once, each item's in order,
/// nothing that was acknowledged is missing, and the images are one chain up to the table itself.
final class StreamHistoryTest {
    private static final StreamOptions BUSY =
            new StreamOptions(Duration.ofHours(24), Duration.ofHours(4), 60, 5);
    private static final int ROUNDS = 6;
    private static final int WRITERS = 6;
    private static final int WRITES = 80;
    private static final int ITEMS = 12;

    @TempDir Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(longs = {1, 20260102})
    void everyChangeComesOnceAndInOrder(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ChangeChecker checker = new ChangeChecker();
        CheckpointReader reader = new CheckpointReader(checker, random.split());
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory.resolve("0"))) {
            db.createTable(
                    "tab",
                    "N",
                    "'StreamSpecification': {'StreamEnabled': true,"
                            + " 'StreamViewType': 'NEW_AND_OLD_IMAGES'},");
            db.restart(BUSY);
            for (int round = 0; round < ROUNDS; round++) {
                round(db, reader, random, round);
            }
            while (reader.pass(db) > 0 || !drained(db, reader)) { // ends: nobody writes any more
                db.rollShards();
            }

            checker.end(acknowledged, table(db));
            assertThat(checker.records()).isGreaterThan(ROUNDS * WRITES);
            assertThat(reader.ended()).hasSizeGreaterThan(ROUNDS);
        }
    }

    /// Writers and the reader side by side; when a part has been read, the server ends, or crashes.
    private void round(
            DynamoDbFixture db, CheckpointReader reader, SplittableRandom random, int round)
            throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String name = "r" + round + "w" + writer;
            SplittableRandom own = random.split();
            writers.add(Thread.ofVirtual().start(() -> write(db, name, own)));
        }
        int end = random.nextInt(WRITERS * WRITES);
        int read = 0;
        while (read < end && writers.stream().anyMatch(Thread::isAlive)) {
            read += reader.pass(db);
            if (random.nextInt(4) == 0) {
                db.rollShards();
            }
            if (random.nextInt(4) == 0) {
                reader.restart();
            }
        }
        if (round % 2 == 0) {
            db.restart();
        } else {
            Set<String> before = new HashSet<>(acknowledged);
            Path copy = directory.resolve(Integer.toString(round));
            LiveCopy.make(directory(round), copy);
            db.restart(copy);
            join(writers);
            acknowledged.retainAll(before); // what came later happened in a world that is gone
        }
        join(writers);
        reader.restart();
    }

    /// Where round `round` runs: the copy that the last crash left.
    private Path directory(int round) {
        return directory.resolve(Integer.toString(round < 2 ? 0 : round - 2));
    }

    private static void join(List<Thread> writers) throws InterruptedException {
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private void write(DynamoDbFixture db, String writer, SplittableRandom random) {
        try {
            for (int i = 0; i < WRITES; i++) {
                write(db, writer + "i" + i, random.nextInt(ITEMS), random.nextInt(10));
            }
        } catch (StoreException _) {
            Thread.currentThread().interrupt(); // the server ended
        }
    }

    private void write(DynamoDbFixture db, String token, int item, int kind) {
        switch (kind) {
            case 0 -> db.call("DeleteItem", "{'TableName': 'tab', 'Key': " + key(item) + "}");
            case 1 -> {
                int other = (item + 1) % ITEMS;
                db.call(
                        "TransactWriteItems",
                        "{'TransactItems': [{'Put': {'TableName': 'tab', 'Item': %s}},"
                                        .formatted(item(item, token))
                                + " {'Put': {'TableName': 'tab', 'Item': %s}}]}"
                                        .formatted(item(other, token)));
                acknowledge(item, token);
                acknowledge(other, token);
            }
            case 2 -> {
                db.call(
                        "BatchWriteItem",
                        "{'RequestItems': {'tab': [{'PutRequest': {'Item': %s}}]}}"
                                .formatted(item(item, token)));
                acknowledge(item, token);
            }
            default -> {
                db.call(
                        "UpdateItem",
                        """
                        {'TableName': 'tab', 'Key': %s, 'UpdateExpression': 'ADD v :v SET t = :t',
                         'ExpressionAttributeValues': {':v': {'N': '1'}, ':t': {'S': '%s'}}}
                        """
                                .formatted(key(item), token));
                acknowledge(item, token);
            }
        }
    }

    private static String key(int item) {
        return "{'p': {'S': 'p%d'}, 's': {'N': '%d'}}".formatted(item, item);
    }

    private static String item(int item, String token) {
        return "{'p': {'S': 'p%d'}, 's': {'N': '%d'}, 't': {'S': '%s'}}"
                .formatted(item, item, token);
    }

    private void acknowledge(int item, String token) {
        acknowledged.add(ChangeChecker.token(DynamoDbFixture.json(key(item)).toString(), token));
    }

    private static boolean drained(DynamoDbFixture db, CheckpointReader reader) {
        for (int i = 0; i < 100; i++) { // a pass may end a parent, and only the next read its child
            if (reader.pass(db) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, JsonNode> table(DynamoDbFixture db) {
        Map<String, JsonNode> items = new HashMap<>();
        for (JsonNode item : db.call("Scan", "{'TableName': 'tab'}").get("Items")) {
            String key = "{'p': %s, 's': %s}".formatted(item.get("p"), item.get("s"));
            items.put(DynamoDbFixture.json(key).toString(), item);
        }
        return items;
    }

    @Test
    void theCheckerSeesWhatMustNotBe() {
        JsonNode insert = record(1, "INSERT", "", "'NewImage': {'t': {'S': 'a'}}");
        JsonNode modify =
                record(
                        2,
                        "MODIFY",
                        "'OldImage': {'t': {'S': 'a'}},",
                        "'NewImage': {'t': {'S': 'b'}}");
        JsonNode remove = record(3, "REMOVE", "", "'OldImage': {'t': {'S': 'b'}}");

        for (List<JsonNode> bad :
                List.of(
                        List.of(insert, insert),
                        List.of(insert, remove),
                        List.of(modify, insert),
                        List.of(insert, modify, modify))) {
            ChangeChecker checker = new ChangeChecker();
            assertThatThrownBy(() -> bad.forEach(checker::next)).isInstanceOf(AssertionError.class);
        }
        ChangeChecker good = new ChangeChecker();
        List.of(insert, modify, remove).forEach(good::next);
        String key = "{\"p\":1}";
        good.end(Set.of(ChangeChecker.token(key, "a")), Map.of());
        assertThatThrownBy(() -> good.end(Set.of(ChangeChecker.token(key, "c")), Map.of()))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> good.end(Set.of(), Map.of(key, insert)))
                .isInstanceOf(AssertionError.class);
    }

    private static JsonNode record(int number, String name, String old, String image) {
        return DynamoDbFixture.json(
                "{'eventName': '%s', 'dynamodb': {'SequenceNumber': '%d', 'Keys': {'p': 1}, %s %s}}"
                        .formatted(name, number, old, image));
    }
}

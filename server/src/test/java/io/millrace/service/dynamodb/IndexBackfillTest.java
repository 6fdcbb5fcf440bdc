package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/// What must hold of a new index whatever is written while it is filled: it is what an index that
/// was there from the beginning would be.
final class IndexBackfillTest {
    private static final int ITEMS = 900;
    private static final int STEPS = 3; // of 256 items each, so that it is not filled by then
    private static final String CREATE =
            """
            {'TableName': 'tab', 'AttributeDefinitions':
                [{'AttributeName': 'g', 'AttributeType': 'S'},
                 {'AttributeName': 'r', 'AttributeType': 'N'}],
             'GlobalSecondaryIndexUpdates': [{'Create': {'IndexName': 'new',
                'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'},
                              {'AttributeName': 'r', 'KeyType': 'RANGE'}],
                'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['d']}}}]}
            """;

    private static String item(int key, Random random) {
        StringBuilder item = new StringBuilder("{'p': {'S': 'k" + key + "'}");
        switch (random.nextInt(4)) {
            case 0 -> item.append(", 'g': {'N': '1'}"); // cannot stand in the index
            case 1 -> item.append(", 'g': {'S': 'x'}");
            default -> item.append(", 'g': {'S': 'g" + random.nextInt(5) + "'}");
        }
        if (random.nextInt(5) > 0) {
            item.append(", 'r': {'N': '" + random.nextInt(3) + "'}");
        }
        return item.append(", 'd': {'S': '" + "d".repeat(random.nextInt(30)) + "'},")
                .append(" 'e': {'N': '" + random.nextInt(2) + "'}}")
                .toString();
    }

    private static void write(DynamoDbFixture db, int key, Random random) {
        String named = "'Key': {'p': {'S': 'k" + key + "'}}";
        switch (random.nextInt(3)) {
            case 0 -> db.put("tab", item(key, random));
            case 1 -> db.call("DeleteItem", "{'TableName': 'tab', " + named + "}");
            default ->
                    db.call(
                            "UpdateItem",
                            "{'TableName': 'tab', "
                                    + named
                                    + ", 'UpdateExpression': 'SET r = :r, e = :r',"
                                    + " 'ExpressionAttributeValues': {':r': {'N': '"
                                    + random.nextInt(3)
                                    + "'}}}");
        }
    }

    /// A filled index refuses some of the writes.
    private static void writeWhatIsTaken(DynamoDbFixture db, Random random) {
        try {
            write(db, random.nextInt(ITEMS), random);
        } catch (ServiceException e) {
            assertThat(e.message()).startsWith("One or more parameter values were invalid: Type");
        }
    }

    private static void fillTable(DynamoDbFixture db, Random random) {
        db.createTable("tab");
        for (int first = 0; first < ITEMS; first += 25) {
            StringBuilder puts = new StringBuilder();
            for (int i = first; i < first + 25; i++) {
                puts.append(puts.isEmpty() ? "" : ", ");
                puts.append("{'PutRequest': {'Item': " + item(i, random) + "}}");
            }
            db.call("BatchWriteItem", "{'RequestItems': {'tab': [" + puts + "]}}");
        }
    }

    private static List<JsonNode> scan(DynamoDbFixture db, String more) {
        List<JsonNode> items = new ArrayList<>();
        String start = "";
        do { // ends with the last page
            JsonNode page = db.call("Scan", "{'TableName': 'tab'" + more + start + "}");
            page.get("Items").forEach(items::add);
            JsonNode last = page.get("LastEvaluatedKey");
            start = last == null ? "" : ", 'ExclusiveStartKey': " + last;
        } while (!start.isEmpty());
        return items;
    }

    private static void checkIndex(DynamoDbFixture db) {
        List<String> expected = new ArrayList<>();
        for (JsonNode item : scan(db, "")) {
            boolean fits = item.has("g") && item.get("g").has("S") && item.has("r");
            if (fits) {
                JsonNode entry = item.deepCopy();
                ((ObjectNode) entry).remove("e");
                expected.add(sorted(entry));
            }
        }
        List<String> found = new ArrayList<>();
        scan(db, ", 'IndexName': 'new'").forEach(entry -> found.add(sorted(entry)));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);

        JsonNode index =
                db.call("DescribeTable", "{'TableName': 'tab'}")
                        .get("Table")
                        .get("GlobalSecondaryIndexes")
                        .get(0);
        assertThat(index.get("IndexStatus").stringValue()).isEqualTo("ACTIVE");
        assertThat(index.get("ItemCount").intValue()).isEqualTo(expected.size());
        JsonNode fresh = fresh(db);
        assertThat(index.get("IndexSizeBytes")).isEqualTo(fresh.get("IndexSizeBytes"));
    }

    /// The same index, made again of what is there now.
    private static JsonNode fresh(DynamoDbFixture db) {
        db.call("UpdateTable", CREATE.replace("'new'", "'fresh'"));
        db.finishJobs();
        return db.call("DescribeTable", "{'TableName': 'tab'}")
                .get("Table")
                .get("GlobalSecondaryIndexes")
                .get(1);
    }

    private static String sorted(JsonNode item) {
        StringBuilder text = new StringBuilder();
        for (String name : new TreeSet<>(item.propertyNames())) {
            text.append(name).append(item.get(name));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isWholeWhateverIsWrittenMeanwhileAndHoweverOftenTheServerStops(
            long seed, @TempDir Path directory) {
        Random random = new Random(seed);
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory)) {
            fillTable(db, random);

            db.call("UpdateTable", CREATE);
            for (int step = 0; step < STEPS; step++) {
                for (int i = 0; i < 60; i++) {
                    write(db, random.nextInt(ITEMS + 100), random);
                }
                if (random.nextBoolean()) {
                    db.restart();
                }
                db.stepJobs();
            }
            db.finishJobs();

            checkIndex(db);
        }
    }

    @Test
    void isWholeWhenOthersWriteAtTheSameTime(@TempDir Path directory) throws InterruptedException {
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory)) {
            fillTable(db, new Random(5));
            AtomicBoolean filled = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();

            for (int i = 0; i < 4; i++) {
                Random own = new Random(i);
                writers.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    while (!filled.get()) {
                                        writeWhatIsTaken(db, own);
                                    }
                                }));
            }
            db.call("UpdateTable", CREATE);
            db.finishJobs();
            filled.set(true);
            for (Thread writer : writers) {
                writer.join();
            }

            checkIndex(db);
        }
    }
}

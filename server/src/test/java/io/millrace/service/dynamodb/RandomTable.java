package io.millrace.service.dynamodb;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A table that is written to at random, and what must be in it.
final class RandomTable {
    private static final int PARTITIONS = 12;
    private static final int SORTS = 12;

    private final DynamoDbFixture dynamoDb;
    private final String name;
    private final Random random;
    private final Map<String, JsonNode> model = new TreeMap<>();

    RandomTable(DynamoDbFixture dynamoDb, String name, long seed) {
        this.dynamoDb = dynamoDb;
        this.name = name;
        this.random = new Random(seed);
        dynamoDb.call(
                "CreateTable",
                """
                {'TableName': '%s', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 's', 'AttributeType': 'N'},
                                          {'AttributeName': 'g', 'AttributeType': 'S'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}],
                 'GlobalSecondaryIndexes': [{'IndexName': 'byG',
                     'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
                     'Projection': {'ProjectionType': 'ALL'}}]}
                """
                        .formatted(name));
    }

    /// What must be in the table now.
    Map<String, JsonNode> model() {
        return new TreeMap<>(model);
    }

    void write(int count) {
        for (int i = 0; i < count; i++) {
            write();
        }
    }

    private void write() {
        String p = "p" + random.nextInt(PARTITIONS);
        int s = random.nextInt(SORTS);
        String key = "{'p': {'S': '" + p + "'}, 's': {'N': '" + s + "'}}";
        if (random.nextInt(3) == 0) {
            dynamoDb.call("DeleteItem", "{'TableName': '" + name + "', 'Key': " + key + "}");
            model.remove(p + "/" + s);
            return;
        }
        // large values, so that a table has several pages
        String item =
                """
                {'p': {'S': '%s'}, 's': {'N': '%d'}, 'g': {'S': 'g%d'},
                 'n': {'N': '%d'}, 'v': {'S': '%s'}}
                """
                        .formatted(
                                p,
                                s,
                                random.nextInt(5),
                                random.nextInt(1000),
                                "x".repeat(random.nextInt(40_000)));
        dynamoDb.put(name, item);
        model.put(p + "/" + s, DynamoDbFixture.json(item));
    }

    /// What is in a table, or in one of its indexes.
    static Map<String, JsonNode> contents(DynamoDbFixture dynamoDb, String table, String index) {
        Map<String, JsonNode> contents = new TreeMap<>();
        String start = "";
        do { // ends with the last page
            JsonNode page =
                    dynamoDb.call(
                            "Scan",
                            "{'TableName': '"
                                    + table
                                    + "'"
                                    + (index.isEmpty() ? "" : ", 'IndexName': '" + index + "'")
                                    + start
                                    + "}");
            for (JsonNode item : page.get("Items")) {
                contents.put(
                        item.get("p").get("S").asString() + "/" + item.get("s").get("N").asString(),
                        item);
            }
            JsonNode last = page.get("LastEvaluatedKey");
            start = last == null ? "" : ", 'ExclusiveStartKey': " + last;
        } while (!start.isEmpty());
        return contents;
    }
}

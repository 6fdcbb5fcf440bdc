package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Vector indexes made and removed while a table is in use.
final class OnlineVectorIndexTest {
    private static final int ITEMS = 600;

    private final DynamoDbFixture dynamoDb = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        dynamoDb.createTable("docs");
    }

    @AfterEach
    void close() {
        dynamoDb.close();
    }

    private static String create(String name, String more) {
        return """
        {'TableName': 'docs', %s
         'VectorIndexUpdates': [{'Create': {'IndexName': '%s', %s
            'VectorAttribute': {'AttributeName': 'v'}, 'Dimensions': 2,
            'DistanceFunction': 'EUCLIDEAN', 'Projection': {'ProjectionType': 'ALL'}}}]}
        """
                .formatted(
                        more.isEmpty()
                                ? ""
                                : "'AttributeDefinitions': [{'AttributeName': 'tenant',"
                                        + " 'AttributeType': 'S'}],",
                        name,
                        more);
    }

    private static String delete(String name) {
        return "{'TableName': 'docs', 'VectorIndexUpdates': [{'Delete': {'IndexName': '%s'}}]}"
                .formatted(name);
    }

    private static final String BY_TENANT =
            "'SearchSchema': [{'AttributeName': 'tenant', 'SearchSchemaElementType': 'HASH'}],";

    private JsonNode described(String path) {
        return dynamoDb.call("DescribeTable", "{'TableName': 'docs'}").at("/Table" + path);
    }

    private static String searchRequest(String more) {
        return """
        {'TableName': 'docs', 'IndexName': 'new', 'TopK': 100, %s
         'SearchVector': [{'N': '0'}, {'N': '0'}]}
        """
                .formatted(more);
    }

    @Test
    void isFilledWithTheItemsThatAreThereAndThenSearched() {
        dynamoDb.put("docs", "{'p': {'S': 'a'}, 'v': {'L': [{'N': '3'}, {'N': '4'}]}}");
        dynamoDb.put("docs", "{'p': {'S': 'wrong size'}, 'v': {'L': [{'N': '3'}]}}");
        dynamoDb.put("docs", "{'p': {'S': 'no vector'}, 'v': {'S': 'x'}}");

        JsonNode answer = dynamoDb.call("UpdateTable", create("new", ""));
        assertThat(answer.at("/TableDescription/TableStatus").asString()).isEqualTo("UPDATING");
        assertThat(answer.at("/TableDescription/VectorIndexes/0/IndexStatus").asString())
                .isEqualTo("CREATING");
        assertThat(answer.at("/TableDescription/VectorIndexes/0/Backfilling").asBoolean(true))
                .isFalse();
        assertThat(described("/TableStatus").asString()).isEqualTo("ACTIVE");
        assertThat(described("/VectorIndexes/0/IndexStatus").asString()).isEqualTo("CREATING");
        assertThat(described("/VectorIndexes/0/Backfilling").asBoolean()).isTrue();
        assertThat(dynamoDb.refused("SearchVectors", searchRequest("")))
                .isEqualTo("ValidationException: Cannot search backfilling vector index: new");
        assertThat(dynamoDb.refused("DeleteTable", "{'TableName': 'docs'}"))
                .isEqualTo(
                        "ResourceInUseException: Attempt to change a resource which is still in"
                                + " use: Cannot delete table while indexes are being created,"
                                + " updated, or deleted.");

        dynamoDb.finishJobs();

        assertThat(described("/VectorIndexes/0/IndexStatus").asString()).isEqualTo("ACTIVE");
        assertThat(described("/VectorIndexes/0").has("Backfilling")).isFalse();
        assertThat(described("/VectorIndexes/0/ItemCount").asInt()).isEqualTo(1);
        assertThat(dynamoDb.call("SearchVectors", searchRequest("")).get("SearchResults"))
                .isEqualTo(json("[{'Item': {'p': {'S': 'a'}}, 'Score': 5.0}]"));
    }

    @Test
    void takesItsAttributeDefinitionsWithIt() {
        dynamoDb.call("UpdateTable", create("new", BY_TENANT));
        dynamoDb.finishJobs();
        assertThat(described("/AttributeDefinitions").findValuesAsString("AttributeName"))
                .containsExactly("p", "tenant");

        JsonNode answer = dynamoDb.call("UpdateTable", delete("new"));

        assertThat(answer.at("/TableDescription/VectorIndexes/0/IndexStatus").asString())
                .isEqualTo("DELETING");
        assertThat(described("").has("VectorIndexes")).isFalse();
        assertThat(described("/AttributeDefinitions").findValuesAsString("AttributeName"))
                .containsExactly("p");
        assertThat(dynamoDb.refused("SearchVectors", searchRequest("")))
                .isEqualTo("ValidationException: The table does not have the specified index: new");
    }

    @Test
    void onlyOneIndexIsMadeAtATimeAndItsCreationCanBeEnded() {
        dynamoDb.call("UpdateTable", create("new", ""));

        String onlyOne =
                "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                        + " created or deleted simultaneously per table";
        assertThat(dynamoDb.refused("UpdateTable", create("other", ""))).isEqualTo(onlyOne);
        assertThat(
                        dynamoDb.refused(
                                "UpdateTable",
                                """
                                {'TableName': 'docs', 'AttributeDefinitions':
                                    [{'AttributeName': 'g', 'AttributeType': 'S'}],
                                 'GlobalSecondaryIndexUpdates': [{'Create': {'IndexName': 'gsi',
                                    'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
                                    'Projection': {'ProjectionType': 'ALL'}}}]}
                                """))
                .isEqualTo(onlyOne);
        assertThat(dynamoDb.refused("UpdateTable", create("new", "")))
                .isEqualTo(
                        "ResourceInUseException: Attempt to change a resource which is still in"
                                + " use: Index is being created.  Table: docs Index: new");

        dynamoDb.call("UpdateTable", delete("new"));
        dynamoDb.finishJobs();

        assertThat(described("").has("VectorIndexes")).isFalse();
        dynamoDb.call("DeleteTable", "{'TableName': 'docs'}");
    }

    @Test
    void refusesWhatCannotBeMade() {
        dynamoDb.call("UpdateTable", create("new", ""));
        dynamoDb.finishJobs();

        assertThat(dynamoDb.refused("UpdateTable", create("new", "")))
                .isEqualTo(
                        "ValidationException: Attempting to create an index which already exists");
        String invalid = "ValidationException: One or more parameter values were invalid: ";
        assertThat(
                        dynamoDb.refused(
                                "UpdateTable",
                                create("two", BY_TENANT).replace("'tenant', 'A", "'other', 'A")))
                .isEqualTo(
                        invalid
                                + "One element in SearchSchema is not defined in attribute"
                                + " definitions");
        assertThat(
                        dynamoDb.refused(
                                "UpdateTable",
                                create("two", "").replace("'Dimensions': 2", "'Dimensions': 3")))
                .isEqualTo(
                        invalid
                                + "Conflicting attribute definition for 'v'. All VectorIndexes on"
                                + " the same vector attribute must use the same dimensions.");
        assertThat(
                        dynamoDb.refused(
                                "UpdateTable",
                                create("two", "").replace("Name': 'v'", "Name': 'p'")))
                .isEqualTo(
                        invalid
                                + "Attributes cannot be redefined. Please check that your attribute"
                                + " has the same type as previously defined. Existing schema:"
                                + " Schema:[SchemaElement: key{p:S:HASH}] New schema:"
                                + " VectorIndexSchema:[VectorAttribute: key{p:L:2}]");
        assertThat(
                        dynamoDb.refused(
                                "UpdateTable",
                                """
                                {'TableName': 'docs', 'BillingMode': 'PROVISIONED',
                                 'ProvisionedThroughput':
                                    {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1}}
                                """))
                .isEqualTo(
                        invalid + "Vector indexes are only supported for PAY_PER_REQUEST tables");
        assertThat(dynamoDb.refused("UpdateTable", delete("none")))
                .startsWith("ResourceNotFoundException: Requested resource not found: ");
    }

    @Test
    void aTableHasFiveAtMost() {
        for (int i = 0; i < DynamoDbLimits.VECTOR_INDEXES_MAX; i++) {
            dynamoDb.call("UpdateTable", create("vectors" + i, ""));
            dynamoDb.finishJobs();
        }

        assertThat(dynamoDb.refused("UpdateTable", create("new", "")))
                .isEqualTo(
                        "LimitExceededException: Subscriber limit exceeded: Number of vector"
                                + " secondary indexes exceeds per-table limit of 5");
    }

    @Test
    void aRestoredTableHasItsVectorIndexesUnlessOthersAreAskedFor() {
        dynamoDb.call("UpdateTable", create("new", BY_TENANT));
        dynamoDb.finishJobs();
        dynamoDb.put(
                "docs",
                "{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, 'v': {'L': [{'N': '3'}, {'N': '4'}]}}");
        String arn =
                dynamoDb.call("CreateBackup", "{'TableName': 'docs', 'BackupName': 'backup'}")
                        .at("/BackupDetails/BackupArn")
                        .asString();
        dynamoDb.finishJobs();

        assertThat(
                        dynamoDb.call("DescribeBackup", "{'BackupArn': '" + arn + "'}")
                                .at("/BackupDescription/SourceTableFeatureDetails/VectorIndexes"))
                .hasSize(1);
        String restore = "{'BackupArn': '" + arn + "', 'TargetTableName': '%s'%s}";
        dynamoDb.call("RestoreTableFromBackup", restore.formatted("copy", ""));
        dynamoDb.finishJobs();
        dynamoDb.call(
                "RestoreTableFromBackup", restore.formatted("bare", ", 'VectorIndexOverride': []"));
        dynamoDb.finishJobs();

        String search =
                searchRequest(
                        "'SearchConditionExpression': 'tenant = :t',"
                                + " 'ExpressionAttributeValues': {':t': {'S': 'x'}},");
        assertThat(dynamoDb.call("SearchVectors", search.replace("docs", "copy")))
                .isEqualTo(dynamoDb.call("SearchVectors", search));
        assertThat(dynamoDb.call("SearchVectors", search).get("SearchResults")).hasSize(1);
        assertThat(dynamoDb.refused("SearchVectors", search.replace("docs", "bare")))
                .contains("does not have the specified index");
    }

    private static String item(int key, Random random) {
        String tenant =
                switch (random.nextInt(4)) {
                    case 0 -> "";
                    case 1 -> "'tenant': {'S': 'y'},";
                    default -> "'tenant': {'S': 'x'},";
                };
        return "{'p': {'S': 'k%d'}, %s 'v': {'L': [{'N': '%d'}, {'N': '%d'}]}}"
                .formatted(key, tenant, random.nextInt(9), random.nextInt(9));
    }

    private static void write(DynamoDbFixture db, int key, Random random) {
        if (random.nextBoolean()) {
            db.put("docs", item(key, random));
        } else {
            db.call("DeleteItem", "{'TableName': 'docs', 'Key': {'p': {'S': 'k" + key + "'}}}");
        }
    }

    /// Items that the tenant's partition of the index holds, as the table says, by their keys.
    private static Map<String, Double> expected(DynamoDbFixture db) {
        Map<String, Double> expected = new HashMap<>();
        for (JsonNode item : db.call("Scan", "{'TableName': 'docs'}").get("Items")) {
            if (item.at("/tenant/S").asString("").equals("x")) {
                double a = Double.parseDouble(item.at("/v/L/0/N").asString());
                double b = Double.parseDouble(item.at("/v/L/1/N").asString());
                expected.put(item.at("/p/S").asString(), (double) (float) Math.hypot(a, b));
            }
        }
        return expected;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isWholeWhateverIsWrittenMeanwhileAndHoweverOftenTheServerStops(
            long seed, @TempDir Path directory) {
        Random random = new Random(seed);
        try (DynamoDbFixture db = DynamoDbFixture.onDisk(directory)) {
            db.createTable("docs");
            for (int i = 0; i < ITEMS; i++) {
                db.put("docs", item(i, random));
            }

            db.call("UpdateTable", create("new", BY_TENANT));
            for (int step = 0; step < 2; step++) {
                for (int i = 0; i < 80; i++) {
                    write(db, random.nextInt(ITEMS + 100), random);
                }
                if (random.nextBoolean()) {
                    db.restart();
                }
                db.stepJobs();
            }
            db.finishJobs();

            check(db);
        }
    }

    private static void check(DynamoDbFixture db) {
        String tenant =
                "'SearchConditionExpression': 'tenant = :t',"
                        + " 'ExpressionAttributeValues': {':t': {'S': 'x'}},";
        Map<String, Double> expected = expected(db);
        double last = 0;
        for (JsonNode found :
                db.call("SearchVectors", searchRequest(tenant)).get("SearchResults")) {
            double score = found.get("Score").asDouble();
            String key = found.at("/Item/p/S").asString();
            assertThat(score).isGreaterThanOrEqualTo(last);
            assertThat(expected.remove(key)).isNotNull().isCloseTo(score, within(1e-5));
            last = score;
        }
        double farthest = last;
        assertThat(expected.values()).allMatch(distance -> distance >= farthest - 1e-6);
        JsonNode counted =
                db.call("DescribeTable", "{'TableName': 'docs'}").at("/Table/VectorIndexes/0");
        db.call("UpdateTable", create("again", BY_TENANT));
        db.finishJobs();
        JsonNode fresh =
                db.call("DescribeTable", "{'TableName': 'docs'}").at("/Table/VectorIndexes/1");
        assertThat(counted.get("ItemCount")).isEqualTo(fresh.get("ItemCount"));
        assertThat(counted.get("IndexSizeBytes")).isEqualTo(fresh.get("IndexSizeBytes"));
    }
}

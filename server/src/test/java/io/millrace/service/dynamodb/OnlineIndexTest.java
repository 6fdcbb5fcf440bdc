package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

final class OnlineIndexTest {
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";
    private static final String BY_G =
            """
            {'TableName': 'tab', 'IndexName': 'by-g', 'KeyConditionExpression': 'g = :g',
             'ExpressionAttributeValues': {':g': {'S': 'x'}}}
            """;

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private static String create(String name, String attribute, String more) {
        return """
        {'TableName': 'tab', 'AttributeDefinitions':
            [{'AttributeName': '%2$s', 'AttributeType': 'S'}],
         'GlobalSecondaryIndexUpdates': [{'Create': {'IndexName': '%1$s',
            'KeySchema': [{'AttributeName': '%2$s', 'KeyType': 'HASH'}],
            'Projection': {'ProjectionType': 'ALL'} %3$s}}]}
        """
                .formatted(name, attribute, more);
    }

    private static String delete(String name) {
        return updates("{'Delete': {'IndexName': '" + name + "'}}");
    }

    private static String updates(String updates) {
        return "{'TableName': 'tab', 'GlobalSecondaryIndexUpdates': [" + updates + "]}";
    }

    private JsonNode describe() {
        return db.call("DescribeTable", "{'TableName': 'tab'}").get("Table");
    }

    private JsonNode index(int index) {
        return describe().get("GlobalSecondaryIndexes").get(index);
    }

    @Test
    void isFilledInTheBackgroundAndToldAsBeingCreatedUntilThen() {
        db.createTable("tab");
        db.put("tab", "{'p': {'S': 'a'}, 'g': {'S': 'x'}}");

        JsonNode answer = db.call("UpdateTable", create("by-g", "g", "")).get("TableDescription");
        JsonNode meanwhile = index(0);
        String refusedQuery = db.refused("Query", BY_G);
        String refusedScan = db.refused("Scan", "{'TableName': 'tab', 'IndexName': 'by-g'}");
        db.finishJobs();

        assertThat(answer.get("TableStatus").stringValue()).isEqualTo("UPDATING");
        JsonNode told = answer.get("GlobalSecondaryIndexes").get(0);
        assertThat(told.get("IndexStatus").stringValue()).isEqualTo("CREATING");
        assertThat(told.get("Backfilling").booleanValue()).isFalse();
        assertThat(meanwhile.get("IndexStatus").stringValue()).isEqualTo("CREATING");
        assertThat(meanwhile.get("Backfilling").booleanValue()).isTrue();
        assertThat(refusedQuery)
                .isEqualTo(
                        "ValidationException: Cannot read from backfilling global secondary index:"
                                + " by-g");
        assertThat(refusedScan).isEqualTo(refusedQuery);
        assertThat(index(0).get("IndexStatus").stringValue()).isEqualTo("ACTIVE");
        assertThat(index(0).has("Backfilling")).isFalse();
        assertThat(index(0).get("ItemCount").intValue()).isEqualTo(1);
        assertThat(describe().get("AttributeDefinitions"))
                .isEqualTo(
                        json(
                                "[{'AttributeName': 'g', 'AttributeType': 'S'},"
                                        + " {'AttributeName': 'p', 'AttributeType': 'S'}]"));
        assertThat(db.call("Query", BY_G).get("Items"))
                .isEqualTo(json("[{'p': {'S': 'a'}, 'g': {'S': 'x'}}]"));
    }

    @Test
    void leavesOutWhatCannotBeItsKeyAndRefusesThatOnlyOnceItIsFilled() {
        db.createTable("tab");
        String wrongType = "{'p': {'S': 'a'}, 'g': {'N': '1'}}";
        db.put("tab", wrongType);
        db.put("tab", "{'p': {'S': 'b'}, 'g': {'S': ''}}");
        db.put("tab", "{'p': {'S': 'c'}, 'g': {'S': '" + "x".repeat(2049) + "'}}");
        db.put("tab", "{'p': {'S': 'd'}}");
        db.put("tab", "{'p': {'S': 'e'}, 'g': {'S': 'x'}}");

        db.call("UpdateTable", create("by-g", "g", ""));
        db.put("tab", wrongType);
        db.finishJobs();

        assertThat(db.call("Scan", "{'TableName': 'tab', 'IndexName': 'by-g'}").get("Items"))
                .isEqualTo(json("[{'p': {'S': 'e'}, 'g': {'S': 'x'}}]"));
        assertThat(index(0).get("ItemCount").intValue()).isEqualTo(1);
        String put = "{'TableName': 'tab', 'Item': " + wrongType + "}";
        assertThat(db.refused("PutItem", put))
                .isEqualTo(
                        INVALID
                                + "Type mismatch for Index Key g Expected: S Actual: N IndexName:"
                                + " by-g");
        db.put("tab", "{'p': {'S': 'a'}, 'g': {'S': 'x'}}");
        assertThat(db.call("Query", BY_G).get("Count").intValue()).isEqualTo(2);
    }

    @Test
    void isRemovedWithItsEntriesAndItsAttributes() {
        db.createTable("tab");
        db.put("tab", "{'p': {'S': 'a'}, 'g': {'S': 'x'}}");
        db.call("UpdateTable", create("by-g", "g", ""));
        db.finishJobs();

        JsonNode answer = db.call("UpdateTable", delete("by-g")).get("TableDescription");

        assertThat(answer.get("TableStatus").stringValue()).isEqualTo("UPDATING");
        assertThat(answer.get("GlobalSecondaryIndexes").get(0).get("IndexStatus").stringValue())
                .isEqualTo("DELETING");
        assertThat(describe().has("GlobalSecondaryIndexes")).isFalse();
        assertThat(describe().get("AttributeDefinitions").size()).isEqualTo(1);
        assertThat(db.refused("Query", BY_G))
                .isEqualTo(
                        "ValidationException: The table does not have the specified index: by-g");
        db.call("UpdateTable", create("by-g", "g", ""));
        db.finishJobs();
        assertThat(index(0).get("ItemCount").intValue()).isEqualTo(1);
    }

    @Test
    void isRemovedWhileItIsBeingFilled() {
        db.createTable("tab");
        for (int i = 0; i < 300; i++) {
            db.put("tab", "{'p': {'S': 'a" + i + "'}, 'g': {'S': 'x'}}");
        }
        db.call("UpdateTable", create("by-g", "g", ""));
        db.stepJobs();

        db.call("UpdateTable", delete("by-g"));
        db.call("UpdateTable", create("by-g", "g", ""));
        db.finishJobs();

        assertThat(index(0).get("ItemCount").intValue()).isEqualTo(300);
    }

    @Test
    void isMadeOneAtATime() {
        db.createTable("tab");
        String limit =
                "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be"
                        + " created or deleted simultaneously per table";
        db.call("UpdateTable", create("first", "g", ""));
        db.finishJobs();
        db.call("UpdateTable", create("second", "h", ""));

        assertThat(db.refused("UpdateTable", create("third", "i", ""))).isEqualTo(limit);
        assertThat(db.refused("UpdateTable", delete("first"))).isEqualTo(limit);
        assertThat(db.refused("DeleteTable", "{'TableName': 'tab'}"))
                .isEqualTo(
                        "ResourceInUseException: Attempt to change a resource which is still in use:"
                                + " Cannot delete table while indexes are being created, updated, or"
                                + " deleted.");
        db.finishJobs();
        assertThat(
                        db.refused(
                                "UpdateTable",
                                updates(
                                        "{'Delete': {'IndexName': 'first'}},"
                                                + " {'Delete': {'IndexName': 'second'}}")))
                .isEqualTo(limit);
        assertThat(describe().get("GlobalSecondaryIndexes").size()).isEqualTo(2);
        db.call("DeleteTable", "{'TableName': 'tab'}");
    }

    @Test
    void refusesMoreThanTwenty() {
        db.createTable("tab");
        for (int i = 0; i < 20; i++) {
            db.call("UpdateTable", create("index-" + i, "g", ""));
            db.finishJobs();
        }

        assertThat(db.refused("UpdateTable", create("index-20", "g", "")))
                .isEqualTo(
                        "LimitExceededException: Subscriber limit exceeded: Number of global"
                                + " secondary indexes exceeds per-table limit of 20");
    }

    @Test
    void changesItsThroughputAndTellsTheOldOneFirst() {
        db.call(
                "CreateTable",
                """
                {'TableName': 'tab',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                 'ProvisionedThroughput': {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1}}
                """);
        String units =
                "'ProvisionedThroughput': {'ReadCapacityUnits': %d, 'WriteCapacityUnits': %d}";
        db.call("UpdateTable", create("by-g", "g", ", " + units.formatted(2, 2)));
        db.finishJobs();
        String update = updates("{'Update': {'IndexName': 'by-g', " + units.formatted(3, 2) + "}}");

        JsonNode answer = db.call("UpdateTable", update).get("TableDescription");

        assertThat(answer.get("TableStatus").stringValue()).isEqualTo("ACTIVE");
        JsonNode told = answer.get("GlobalSecondaryIndexes").get(0);
        assertThat(told.get("IndexStatus").stringValue()).isEqualTo("UPDATING");
        assertThat(told.get("ProvisionedThroughput").get("ReadCapacityUnits").intValue())
                .isEqualTo(2);
        JsonNode now = index(0).get("ProvisionedThroughput");
        assertThat(now.get("ReadCapacityUnits").intValue()).isEqualTo(3);
        assertThat(now.has("LastIncreaseDateTime")).isTrue();
        assertThat(db.refused("UpdateTable", update))
                .startsWith(
                        "ValidationException: The provisioned throughput for the index by-g will"
                                + " not change. The requested value equals the current value."
                                + " Current ReadCapacityUnits provisioned for index by-g: 3.");
        assertThat(db.refused("UpdateTable", create("by-h", "h", "")))
                .isEqualTo(
                        INVALID
                                + "Both ReadCapacityUnits and WriteCapacityUnits must be specified"
                                + " for index: by-h");
    }

    @Test
    void followsTheBillingModeOfItsTable() {
        db.createTable("tab");
        db.call(
                "UpdateTable",
                create("by-g", "g", ", 'OnDemandThroughput': {'MaxReadRequestUnits': 5}"));
        db.finishJobs();
        String units = "'ProvisionedThroughput': {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 2}";
        String toProvisioned =
                "{'TableName': 'tab', 'BillingMode': 'PROVISIONED', " + units + " %s}";

        assertThat(index(0).get("OnDemandThroughput"))
                .isEqualTo(json("{'MaxReadRequestUnits': 5}"));
        assertThat(db.refused("UpdateTable", toProvisioned.formatted("")))
                .isEqualTo(INVALID + "ProvisionedThroughput must be specified for index: by-g");
        assertThat(
                        db.refused(
                                "UpdateTable",
                                updates("{'Update': {'IndexName': 'by-g', " + units + "}}")))
                .isEqualTo(
                        INVALID
                                + "The only Updates for index: by-g when TableThroughputMode is"
                                + " PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput");
        db.call(
                "UpdateTable",
                toProvisioned.formatted(
                        ", 'GlobalSecondaryIndexUpdates': [{'Update': {'IndexName': 'by-g', "
                                + units
                                + "}}]"));
        assertThat(index(0).get("ProvisionedThroughput").get("WriteCapacityUnits").intValue())
                .isEqualTo(2);
        assertThat(index(0).has("OnDemandThroughput")).isFalse();
        db.call("UpdateTable", "{'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST'}");
        assertThat(index(0).get("ProvisionedThroughput").get("WriteCapacityUnits").intValue())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create,"
                        + " GlobalSecondaryIndexUpdate.Delete must not be null",
                "{'Delete': {'IndexName': 'by-g'}, 'Update': {'IndexName': 'by-g'}} | Only one global"
                        + " secondary index action is allowed per GlobalSecondaryIndexUpdate object",
                "{'Delete': {'IndexName': 'by-g'}}, {'Update': {'IndexName': 'by-g'}} | Only one"
                        + " global secondary index update per index is allowed simultaneously. Index:"
                        + " by-g"
            })
    void refusesUpdatesThatMeanNothing(String updates, String message) {
        assertThat(db.refused("UpdateTable", updates(updates))).isEqualTo(INVALID + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'DeletionProtectionEnabled': true | DeletionProtection modification must be the only"
                        + " operation in the request",
                "'TableClass': 'STANDARD' | TableClass modification must be the only operation in the"
                        + " request",
                "'StreamSpecification': {'StreamEnabled': false} | You cannot create or delete index"
                        + " while changing stream status",
                "'ProvisionedThroughput': {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1} | You"
                        + " cannot create or delete index while updating table IOPS",
                "'OnDemandThroughput': {'MaxReadRequestUnits': 1} | OnDemandThroughput can only be"
                        + " combined with BillingMode in an UpdateTable request"
            })
    void isNotMadeTogetherWithOtherChanges(String change, String message) {
        assertThat(
                        db.refused(
                                "UpdateTable",
                                create("by-g", "g", "")
                                        .replace(
                                                "{'TableName': 'tab'",
                                                "{'TableName': 'tab', " + change)))
                .isEqualTo(INVALID + message);
    }

    @Test
    void refusesWhatDoesNotFitTheTable() {
        db.createTable("tab", "S");
        db.call("UpdateTable", create("by-g", "g", ""));
        db.finishJobs();

        assertThat(db.refused("UpdateTable", create("by-g", "nope", "")))
                .isEqualTo(
                        "ValidationException: Attempting to create an index which already exists");
        assertThat(db.refused("UpdateTable", delete("nope")))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Index nope for"
                                + " table tab");
        assertThat(
                        db.refused(
                                "UpdateTable",
                                create("new", "h", "").replace("AttributeDefinitions", "Ignored")))
                .isEqualTo(INVALID + "AttributeDefinitions is not specified for index: new");
        assertThat(
                        db.refused(
                                "UpdateTable",
                                create("new", "h", "").replace("'h', 'KeyType'", "'i', 'KeyType'")))
                .startsWith(
                        INVALID
                                + "Some index key attributes are not defined in"
                                + " AttributeDefinitions. Keys: [i], AttributeDefinitions: [");
        assertThat(db.refused("UpdateTable", updates("")))
                .startsWith("ValidationException: At least one of ProvisionedThroughput,");
    }
}

package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;

final class TableOperationsTest {
    private static final String P = "{'AttributeName': 'p', 'AttributeType': 'S'}";
    private static final String Q = "{'AttributeName': 'q', 'AttributeType': 'N'}";
    private static final String HASH_P = "{'AttributeName': 'p', 'KeyType': 'HASH'}";
    private static final String RANGE_Q = "{'AttributeName': 'q', 'KeyType': 'RANGE'}";
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private static String create(String definitions, String keySchema, String more) {
        return "{'TableName': 'orders', 'BillingMode': 'PAY_PER_REQUEST', 'AttributeDefinitions': ["
                + definitions
                + "], 'KeySchema': ["
                + keySchema
                + "]"
                + more
                + "}";
    }

    @Test
    void describesWhatItCreated() {
        JsonNode created =
                db.call("CreateTable", create(P + "," + Q, HASH_P + "," + RANGE_Q, ""))
                        .get("TableDescription");

        JsonNode described = db.call("DescribeTable", "{'TableName': 'orders'}").get("Table");

        assertThat(created.get("TableStatus").stringValue()).isEqualTo("CREATING");
        assertThat(described.get("TableStatus").stringValue()).isEqualTo("ACTIVE");
        assertThat(described.get("AttributeDefinitions")).isEqualTo(json("[" + P + "," + Q + "]"));
        assertThat(described.get("KeySchema")).isEqualTo(json("[" + HASH_P + "," + RANGE_Q + "]"));
        assertThat(described.get("TableArn").stringValue())
                .isEqualTo("arn:aws:dynamodb:us-east-1:000000000000:table/orders");
        assertThat(described.get("TableId")).isEqualTo(created.get("TableId"));
        assertThat(described.get("BillingModeSummary").get("BillingMode").stringValue())
                .isEqualTo("PAY_PER_REQUEST");
        assertThat(described.get("ProvisionedThroughput"))
                .isEqualTo(
                        json(
                                "{'NumberOfDecreasesToday':0,'ReadCapacityUnits':0,"
                                        + "'WriteCapacityUnits':0}"));
        assertThat(described.get("DeletionProtectionEnabled").booleanValue()).isFalse();
        assertThat(described.has("StreamSpecification")).isFalse();
        assertThat(described.get("ItemCount").intValue()).isZero();
    }

    @Test
    void takesAnArnForAName() {
        db.createTable("orders");

        JsonNode described =
                db.call(
                        "DescribeTable",
                        "{'TableName': 'arn:aws:dynamodb:us-east-1:000000000000:table/orders'}");

        assertThat(described.get("Table").get("TableName").stringValue()).isEqualTo("orders");
    }

    @Test
    void refusesTheTableOfAnotherAccount() {
        assertThat(
                        db.refused(
                                "DescribeTable",
                                "{'TableName':"
                                        + " 'arn:aws:dynamodb:us-east-1:111111111111:table/orders'}"))
                .startsWith("AccessDeniedException: User: arn:aws:iam::000000000000:root is not");
    }

    @Test
    void refusesASecondTableOfTheSameName() {
        db.createTable("orders");

        assertThat(db.refused("CreateTable", create(P, HASH_P, "")))
                .isEqualTo("ResourceInUseException: Table already exists: orders");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ab, TableName must be at least 3 characters long and at most 255 characters long",
                "a!b, 1 validation error detected: Value 'a!b' at 'tableName' failed to satisfy constraint:"
                        + " Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            })
    void refusesABadName(String name, String message) {
        assertThat(db.refused("DescribeTable", "{'TableName': '" + name + "'}"))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void refusesKeysThatDoNotFitTheirDefinitions() {
        assertThat(db.refused("CreateTable", create(Q, HASH_P, "")))
                .isEqualTo(
                        INVALID
                                + "Some index key attributes are not defined in"
                                + " AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]");
        assertThat(db.refused("CreateTable", create(P, HASH_P + "," + RANGE_Q, "")))
                .isEqualTo(
                        "ValidationException: Invalid KeySchema: Some index key attribute have no"
                                + " definition");
        assertThat(db.refused("CreateTable", create(P + "," + Q, HASH_P, "")))
                .isEqualTo(
                        INVALID
                                + "Number of attributes in KeySchema does not exactly match number"
                                + " of attributes defined in AttributeDefinitions");
        assertThat(
                        db.refused(
                                "CreateTable",
                                create(
                                        P + "," + Q,
                                        HASH_P + ",{'AttributeName': 'p', 'KeyType': 'RANGE'}",
                                        "")))
                .isEqualTo(
                        "ValidationException: Both the Hash Key and the Range Key element in the"
                                + " KeySchema have the same name");
        assertThat(db.refused("CreateTable", create(P + "," + Q, RANGE_Q + "," + HASH_P, "")))
                .isEqualTo(
                        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not"
                                + " a HASH key type");
    }

    @Test
    void refusesThroughputThatDoesNotFitTheBillingMode() {
        String units =
                ", 'ProvisionedThroughput': {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1}";

        assertThat(db.refused("CreateTable", create(P, HASH_P, units)))
                .isEqualTo(
                        INVALID
                                + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified"
                                + " when BillingMode is PAY_PER_REQUEST");
        assertThat(
                        db.refused(
                                "CreateTable",
                                create(P, HASH_P, "").replace("PAY_PER_REQUEST", "PROVISIONED")))
                .isEqualTo(
                        INVALID
                                + "ReadCapacityUnits and WriteCapacityUnits must both be specified"
                                + " when BillingMode is PROVISIONED");
    }

    @Test
    void refusesWhatIsNotImplementedByName() {
        assertThat(db.refused("CreateTable", create(P, HASH_P, ", 'GlobalTableSourceArn': 'x'")))
                .startsWith("NotImplemented: ")
                .contains("GlobalTableSourceArn");
        assertThat(db.refused("DescribeTable", "{'TableName': 'orders'}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Table: orders not"
                                + " found");
    }

    @Test
    void listsInPagesInTheOrderOfNames() {
        for (String name : new String[] {"ccc", "aaa", "bbb"}) {
            db.createTable(name);
        }

        JsonNode first = db.call("ListTables", "{'Limit': 2}");
        JsonNode second =
                db.call(
                        "ListTables",
                        "{'Limit': 2, 'ExclusiveStartTableName': '"
                                + first.get("LastEvaluatedTableName").stringValue()
                                + "'}");

        assertThat(first.get("TableNames")).isEqualTo(json("['aaa', 'bbb']"));
        assertThat(second).isEqualTo(json("{'TableNames': ['ccc']}"));
        assertThat(db.call("ListTables", "{}").get("TableNames").size()).isEqualTo(3);
    }

    @Test
    void countsItemsAndBytes() {
        db.createTable("orders");
        db.put("orders", "{'p': {'S': 'a'}, 'n': {'S': '1234'}}");
        db.put("orders", "{'p': {'S': 'b'}}");
        db.put("orders", "{'p': {'S': 'a'}, 'n': {'S': '12'}}");
        db.call("DeleteItem", "{'TableName': 'orders', 'Key': {'p': {'S': 'b'}}}");

        JsonNode table = db.call("DescribeTable", "{'TableName': 'orders'}").get("Table");

        assertThat(table.get("ItemCount").intValue()).isEqualTo(1);
        assertThat(table.get("TableSizeBytes").intValue()).isEqualTo(5);
    }

    @Test
    void aTableThatIsMadeAgainIsEmpty() {
        db.createTable("orders");
        db.put("orders", "{'p': {'S': 'a'}}");

        JsonNode deleted =
                db.call("DeleteTable", "{'TableName': 'orders'}").get("TableDescription");
        db.createTable("orders");

        assertThat(deleted.get("TableStatus").stringValue()).isEqualTo("DELETING");
        assertThat(db.call("Scan", "{'TableName': 'orders'}").get("Count").intValue()).isZero();
        assertThat(
                        db.call("DescribeTable", "{'TableName': 'orders'}")
                                .get("Table")
                                .get("ItemCount")
                                .intValue())
                .isZero();
    }

    @Test
    void refusesToDeleteWhatIsProtectedOrMissing() {
        db.createTable("orders");
        db.call("UpdateTable", "{'TableName': 'orders', 'DeletionProtectionEnabled': true}");

        assertThat(db.refused("DeleteTable", "{'TableName': 'orders'}"))
                .isEqualTo(
                        "ValidationException: Resource cannot be deleted as it is currently"
                                + " protected against deletion. Disable deletion protection first.");
        assertThat(db.refused("DeleteTable", "{'TableName': 'other'}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Table: other not"
                                + " found");
    }

    @Test
    void changesBillingAndThroughput() {
        db.createTable("orders");
        String units = "{'ReadCapacityUnits': %d, 'WriteCapacityUnits': %d}";
        String update = "{'TableName': 'orders', %s 'ProvisionedThroughput': " + units + "}";

        db.call("UpdateTable", update.formatted("'BillingMode': 'PROVISIONED',", 5, 5));
        db.call("UpdateTable", update.formatted("", 3, 6));

        JsonNode throughput =
                db.call("DescribeTable", "{'TableName': 'orders'}")
                        .get("Table")
                        .get("ProvisionedThroughput");
        assertThat(throughput.get("ReadCapacityUnits").intValue()).isEqualTo(3);
        assertThat(throughput.get("NumberOfDecreasesToday").intValue()).isEqualTo(1);
        assertThat(throughput.has("LastIncreaseDateTime")).isTrue();
        assertThat(db.refused("UpdateTable", update.formatted("", 3, 6)))
                .startsWith(
                        "ValidationException: The provisioned throughput for the table will not"
                                + " change. The requested value equals the current value.");
        db.clock().advance(Duration.ofDays(1));
        assertThat(
                        db.call("DescribeTable", "{'TableName': 'orders'}")
                                .get("Table")
                                .get("ProvisionedThroughput")
                                .get("NumberOfDecreasesToday")
                                .intValue())
                .isZero();
    }

    @Test
    void refusesAnUpdateOfNothing() {
        db.createTable("orders");

        assertThat(db.refused("UpdateTable", "{'TableName': 'orders'}"))
                .startsWith("ValidationException: At least one of ProvisionedThroughput");
        assertThat(db.refused("UpdateTable", "{'TableName': 'nope', 'TableClass': 'STANDARD'}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Table: nope not"
                                + " found");
    }

    @Test
    void switchesTheStreamOnAndOff() {
        db.createTable("orders");
        String on =
                "{'TableName': 'orders', 'StreamSpecification':"
                        + " {'StreamEnabled': true, 'StreamViewType': 'KEYS_ONLY'}}";
        String off = "{'TableName': 'orders', 'StreamSpecification': {'StreamEnabled': false}}";

        JsonNode first = db.call("UpdateTable", on).get("TableDescription");

        assertThat(first.get("LatestStreamLabel").stringValue())
                .isEqualTo("2026-01-02T03:04:05.678");
        assertThat(db.refused("UpdateTable", on))
                .isEqualTo(
                        "ValidationException: Table already has an enabled stream: TableName:"
                                + " orders");
        JsonNode second = db.call("UpdateTable", off).get("TableDescription");
        assertThat(second.has("StreamSpecification")).isFalse();
        assertThat(second.get("LatestStreamArn")).isEqualTo(first.get("LatestStreamArn"));
        assertThat(db.refused("UpdateTable", off))
                .isEqualTo(
                        "ValidationException: Table has no stream to disable: TableName: orders");
        JsonNode third = db.call("UpdateTable", on).get("TableDescription");
        assertThat(third.get("LatestStreamArn")).isNotEqualTo(first.get("LatestStreamArn"));
    }

    @Test
    void keepsTags() {
        db.createTable("orders");
        String arn = "'ResourceArn': 'arn:aws:dynamodb:us-east-1:000000000000:table/orders'";

        db.call(
                "TagResource",
                "{" + arn + ", 'Tags': [{'Key': 'a', 'Value': '1'}, {'Key': 'b', 'Value': '2'}]}");
        db.call("UntagResource", "{" + arn + ", 'TagKeys': ['a']}");

        assertThat(db.call("ListTagsOfResource", "{" + arn + "}"))
                .isEqualTo(json("{'Tags': [{'Key': 'b', 'Value': '2'}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders' | {'Key': 'aws:a', 'Value':"
                        + " ''} | Tag Key cannot be prefixed with aws:, Key: aws:a",
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders' | {'Key': 'a', 'Value': '1'},"
                        + " {'Key': 'a', 'Value': '2'} | Duplicate Tag Keys provided as input:"
                        + " Duplicate Tag Key found a",
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders' | {'Key': 'a!', 'Value': ''}"
                        + " | The Tag Key provided is invalid, Key: a!",
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders' | {'Key': 'a', 'Value': '#'}"
                        + " | The Tag Value provided is invalid, Value: #",
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders' | `` | Atleast one Tag needs"
                        + " to be provided as Input.",
                "'orders' | {'Key': 'a', 'Value': ''} | One or more parameter values were invalid:"
                        + " ARNs must start with 'arn:': orders",
                "'arn:aws:sqs:us-east-1:000000000000:orders' | {'Key': 'a', 'Value': ''} | One or"
                        + " more parameter values were invalid: Provided Arn is not a DynamoDB"
                        + " resource arn: arn:aws:sqs:us-east-1:000000000000:orders",
                "'arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/by-g' | {'Key': 'a',"
                        + " 'Value': ''} | One or more parameter values were invalid: Invalid"
                        + " resource arn provided, only table or stream is accepted. Provided"
                        + " resource arn:"
                        + " arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/by-g"
            })
    void refusesTagsThatAreNone(String arn, String tags, String message) {
        db.createTable("orders");

        assertThat(
                        db.refused(
                                "TagResource",
                                "{'ResourceArn': " + arn + ", 'Tags': [" + tags + "]}"))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void throughputIsDecreasedFourTimesADayAndThenOnceAnHour() {
        db.createTable("orders");
        String units = "{'ReadCapacityUnits': %d, 'WriteCapacityUnits': 9}";
        String update = "{'TableName': 'orders', %s 'ProvisionedThroughput': " + units + "}";
        db.call("UpdateTable", update.formatted("'BillingMode': 'PROVISIONED',", 9));
        for (int i = 8; i > 4; i--) {
            db.call("UpdateTable", update.formatted("", i));
        }

        assertThat(db.refused("UpdateTable", update.formatted("", 4)))
                .isEqualTo(
                        "LimitExceededException: Subscriber limit exceeded: Provisioned throughput"
                                + " decreases are limited within a given UTC day. After the first 4"
                                + " decreases, each subsequent decrease in the same UTC day can be"
                                + " performed at most once every 3600 seconds. Number of decreases"
                                + " today: 4. Last decrease at Friday, January 2, 2026 at 3:04:05 AM"
                                + " Coordinated Universal Time. Next decrease can be made at Friday,"
                                + " January 2, 2026 at 4:04:05 AM Coordinated Universal Time");
        db.call("UpdateTable", update.formatted("", 10));
        db.clock().advance(Duration.ofHours(1));
        db.call("UpdateTable", update.formatted("", 4));
    }
}

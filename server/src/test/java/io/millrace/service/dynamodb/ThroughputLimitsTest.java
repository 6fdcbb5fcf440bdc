package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.ProvisionedThroughputExceededException;
import io.millrace.api.dynamodb.ThrottlingException;
import io.millrace.api.dynamodb.ThrottlingReason;
import io.millrace.api.dynamodb.TransactionCanceledException;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Provisioned capacity and maximums on demand, with a clock that stands still.
final class ThroughputLimitsTest {
    private static final int BURST_SECONDS = 300;
    private static final String ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
    private static final String EXCEEDED =
            "ProvisionedThroughputExceededException: The level of configured provisioned throughput"
                    + " for the table was exceeded. Consider increasing your provisioning level"
                    + " with the UpdateTable API.";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private void provisioned(String name, int read, int write, String more) {
        db.call(
                "CreateTable",
                """
                {'TableName': '%s', 'ProvisionedThroughput': %s, %s
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}%s],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}]}
                """
                        .formatted(
                                name,
                                units(read, write),
                                more,
                                more.isEmpty()
                                        ? ""
                                        : ", {'AttributeName': 'g', 'AttributeType': 'S'}"));
    }

    private static String units(int read, int write) {
        return "{'ReadCapacityUnits': " + read + ", 'WriteCapacityUnits': " + write + "}";
    }

    private static String index(int write) {
        return """
        'GlobalSecondaryIndexes': [{'IndexName': 'byG',
          'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
          'Projection': {'ProjectionType': 'ALL'},
          'ProvisionedThroughput': %s}],
        """
                .formatted(units(1, write));
    }

    private static String put(String key) {
        return "{'TableName': 'orders', 'Item': {'p': {'S': '" + key + "'}}}";
    }

    private static String get(String key) {
        return "{'TableName': 'orders', 'ConsistentRead': true, 'Key': {'p': {'S': '"
                + key
                + "'}}}";
    }

    private void useUpWrites(int units) {
        for (int i = 0; i < units; i++) {
            db.call("PutItem", put("item"));
        }
    }

    private static List<ThrottlingReason> reasons(ServiceException refusal) {
        return switch (refusal.details()) {
            case ProvisionedThroughputExceededException e ->
                    Objects.requireNonNull(e.throttlingReasons());
            case ThrottlingException e -> Objects.requireNonNull(e.throttlingReasons());
            case null, default -> throw new AssertionError("no reasons in " + refusal);
        };
    }

    @Test
    void fiveMinutesOfCapacityAreThereAtFirstAndThenWhatFlowsIn() {
        provisioned("orders", 5, 2, "");

        useUpWrites(2 * BURST_SECONDS);

        assertThat(db.refused("PutItem", put("item"))).isEqualTo(EXCEEDED);
        assertThat(reasons(db.refusal("PutItem", put("item"))))
                .containsExactly(
                        new ThrottlingReason("TableWriteProvisionedThroughputExceeded", ARN));
        db.clock().advance(Duration.ofSeconds(3));
        useUpWrites(6);
        assertThat(db.refused("PutItem", put("item"))).isEqualTo(EXCEEDED);
        db.call("GetItem", get("item"));
    }

    @Test
    void whatIsRefusedLeavesNoTrace() {
        provisioned("orders", 5, 1, "");
        useUpWrites(BURST_SECONDS);

        assertThat(db.refused("PutItem", put("other"))).isEqualTo(EXCEEDED);

        assertThat(db.call("GetItem", get("other"))).isEqualTo(json("{}"));
    }

    @Test
    void aLargeReadIsChargedInFullAndRepaidLater() {
        provisioned("orders", 1, 100, "");
        String large = "x".repeat(100 * 1024);
        db.put("orders", "{'p': {'S': 'large'}, 'a': {'S': '" + large + "'}}");
        for (int units = 0; units < BURST_SECONDS; units += 26) {
            db.call("GetItem", get("large"));
        }

        assertThat(db.refused("GetItem", get("large"))).isEqualTo(EXCEEDED);
        assertThat(reasons(db.refusal("Scan", "{'TableName': 'orders'}")))
                .containsExactly(
                        new ThrottlingReason("TableReadProvisionedThroughputExceeded", ARN));
        db.clock().advance(Duration.ofSeconds(10));
        assertThat(db.refused("GetItem", get("large"))).isEqualTo(EXCEEDED);
        db.clock().advance(Duration.ofSeconds(10));
        db.call("GetItem", get("large"));
    }

    @Test
    void anIndexLimitsTheWritesThatTouchIt() {
        provisioned("orders", 1, 100, index(1));
        String indexed = "{'TableName': 'orders', 'Item': {'p': {'S': '%d'}, 'g': {'S': 'g'}}}";
        for (int i = 0; i < BURST_SECONDS; i++) {
            db.call("PutItem", indexed.formatted(i));
        }

        ServiceException refusal = db.refusal("PutItem", indexed.formatted(BURST_SECONDS));

        assertThat(refusal.message())
                .startsWith(
                        "The level of configured provisioned throughput for one or more global"
                                + " secondary indexes of the table was exceeded.");
        assertThat(reasons(refusal))
                .containsExactly(
                        new ThrottlingReason(
                                "IndexWriteProvisionedThroughputExceeded", ARN + "/index/byG"));
        db.call("PutItem", put("not indexed"));
        assertThat(
                        db.call("Scan", "{'TableName': 'orders', 'Select': 'COUNT'}")
                                .get("Count")
                                .intValue())
                .isEqualTo(BURST_SECONDS + 1);
    }

    @Test
    void aChangeOfCapacityHoldsAtOnce() {
        provisioned("orders", 1, 1, "");
        useUpWrites(BURST_SECONDS);

        db.call(
                "UpdateTable",
                "{'TableName': 'orders', 'ProvisionedThroughput': " + units(1, 10) + "}");

        assertThat(db.refused("PutItem", put("item"))).isEqualTo(EXCEEDED);
        db.clock().advance(Duration.ofSeconds(1));
        useUpWrites(10);
        assertThat(db.refused("PutItem", put("item"))).isEqualTo(EXCEEDED);
        db.call("UpdateTable", "{'TableName': 'orders', 'BillingMode': 'PAY_PER_REQUEST'}");
        db.call("PutItem", put("item"));
    }

    @Test
    void aFailedConditionCostsToo() {
        provisioned("orders", 1, 1, "");
        String conditional =
                put("item")
                        .replace("'Item'", "'ConditionExpression': 'attribute_exists(p)', 'Item'");
        for (int i = 0; i < BURST_SECONDS; i++) {
            assertThat(db.refused("PutItem", conditional))
                    .startsWith("ConditionalCheckFailedException");
        }

        assertThat(db.refused("PutItem", put("item"))).isEqualTo(EXCEEDED);
    }

    @Test
    void aBatchOfWritesIsDoneAsFarAsCapacityGoes() {
        provisioned("orders", 1, 1, "");
        useUpWrites(BURST_SECONDS - 2);
        String batch =
                "{'RequestItems': {'orders': ["
                        + "{'PutRequest': {'Item': {'p': {'S': 'a'}}}},"
                        + "{'PutRequest': {'Item': {'p': {'S': 'b'}}}},"
                        + "{'PutRequest': {'Item': {'p': {'S': 'c'}}}},"
                        + "{'DeleteRequest': {'Key': {'p': {'S': 'd'}}}}]}}";

        JsonNode answer = db.call("BatchWriteItem", batch);

        assertThat(answer.get("UnprocessedItems"))
                .isEqualTo(
                        json(
                                "{'orders': [{'PutRequest': {'Item': {'p': {'S': 'c'}}}},"
                                        + "{'DeleteRequest': {'Key': {'p': {'S': 'd'}}}}]}"));
        assertThat(db.call("GetItem", get("b")).has("Item")).isTrue();
        assertThat(db.call("GetItem", get("c")).has("Item")).isFalse();
        assertThat(db.refused("BatchWriteItem", batch)).isEqualTo(EXCEEDED);
    }

    @Test
    void aBatchOfReadsIsDoneAsFarAsCapacityGoes() {
        provisioned("orders", 1, 1, "");
        db.createTable("free");
        for (int i = 0; i < BURST_SECONDS - 1; i++) {
            db.call("GetItem", get("a"));
        }
        String keys = "{'ConsistentRead': true, 'Keys': [{'p': {'S': 'a'}}, {'p': {'S': 'b'}}]}";

        JsonNode answer =
                db.call(
                        "BatchGetItem",
                        "{'RequestItems': {'orders': " + keys + ", 'free': " + keys + "}}");

        assertThat(answer.get("UnprocessedKeys"))
                .isEqualTo(
                        json("{'orders': {'Keys': [{'p': {'S': 'b'}}], 'ConsistentRead': true}}"));
        assertThat(db.refused("BatchGetItem", "{'RequestItems': {'orders': " + keys + "}}"))
                .isEqualTo(EXCEEDED);
    }

    @Test
    void transactionsAreCancelledForThatReason() {
        provisioned("orders", 1, 1, "");
        db.createTable("free");
        useUpWrites(BURST_SECONDS);
        String transaction =
                "{'TransactItems': ["
                        + "{'Put': {'TableName': 'free', 'Item': {'p': {'S': 'a'}}}},"
                        + "{'Put': {'TableName': 'orders', 'Item': {'p': {'S': 'a'}}}}]}";

        ServiceException refusal = db.refusal("TransactWriteItems", transaction);

        assertThat(refusal.message()).endsWith("[None, ProvisionedThroughputExceeded]");
        assertThat(refusal.details())
                .isInstanceOf(TransactionCanceledException.class)
                .asString()
                .contains("The level of configured provisioned throughput for the table");
        assertThat(db.call("Scan", "{'TableName': 'free'}").get("Count").intValue()).isZero();
    }

    @Test
    void aTableOnDemandIsLimitedByItsMaximumsOnly() {
        db.createTable("orders");
        db.call(
                "UpdateTable",
                "{'TableName': 'orders', 'OnDemandThroughput': {'MaxWriteRequestUnits': 5}}");
        useUpWrites(5);

        ServiceException refusal = db.refusal("PutItem", put("item"));

        assertThat(refusal.error().code()).isEqualTo("ThrottlingException");
        assertThat(refusal.message())
                .isEqualTo(
                        "Throughput exceeds the maximum OnDemandThroughput configured on table or"
                                + " index");
        assertThat(reasons(refusal))
                .containsExactly(
                        new ThrottlingReason("TableWriteMaxOnDemandThroughputExceeded", ARN));
        db.clock().advance(Duration.ofSeconds(60));
        useUpWrites(5);
        assertThat(db.refused("PutItem", put("item"))).startsWith("ThrottlingException");
        assertThat(
                        db.refused(
                                "TransactWriteItems",
                                "{'TransactItems': [{'Put': " + put("a") + "}]}"))
                .endsWith("[ThrottlingError]");
    }
}

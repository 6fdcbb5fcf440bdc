package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A table in several regions of one server.
final class GlobalTableTest {
    private static final String HOME = "us-east-1";
    private static final String AWAY = "eu-west-1";
    private static final String ORDERS = "{'TableName': 'orders'}";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void table() {
        db.createTable(
                "orders",
                "S",
                "'GlobalSecondaryIndexes': [{'IndexName': 'byS', 'KeySchema':"
                        + " [{'AttributeName': 's', 'KeyType': 'HASH'}],"
                        + " 'Projection': {'ProjectionType': 'ALL'}}],");
    }

    private static String update(String action, String region) {
        return "{'TableName': 'orders', 'ReplicaUpdates': [{'"
                + action
                + "': {'RegionName': '"
                + region
                + "'}}]}";
    }

    private JsonNode replicate(String region) {
        return db.call("UpdateTable", update("Create", region)).get("TableDescription");
    }

    private JsonNode describe(String region) {
        return db.callIn(region, "DescribeTable", ORDERS).get("Table");
    }

    private void put(String region, String partition) {
        db.callIn(
                region,
                "PutItem",
                "{'TableName': 'orders', 'Item': {'p': {'S': '"
                        + partition
                        + "'}, 's': {'S': 'x'}}}");
    }

    private int count(String region) {
        return db.callIn(region, "Scan", ORDERS).get("Count").intValue();
    }

    private List<String> streamed(String region) {
        String arn = describe(region).get("LatestStreamArn").stringValue();
        JsonNode shard =
                db.callIn(region, "DescribeStream", "{'StreamArn': '" + arn + "'}")
                        .get("StreamDescription")
                        .get("Shards")
                        .get(0);
        String iterator =
                db.callIn(
                                region,
                                "GetShardIterator",
                                "{'StreamArn': '"
                                        + arn
                                        + "', 'ShardId': '"
                                        + shard.get("ShardId").stringValue()
                                        + "', 'ShardIteratorType': 'TRIM_HORIZON'}")
                        .get("ShardIterator")
                        .stringValue();
        List<String> events = new ArrayList<>();
        db.callIn(region, "GetRecords", "{'ShardIterator': '" + iterator + "'}")
                .get("Records")
                .forEach(record ->
                        events.add(
                                record.get("eventName").stringValue()
                                        + " "
                                        + record.get("dynamodb")
                                                .get("Keys")
                                                .get("p")
                                                .get("S")
                                                .stringValue()));
        return events;
    }

    @Test
    void aReplicaHasTheItemsThatWereThereAndAStreamOfItsOwn() {
        put(HOME, "before");

        JsonNode told = replicate(AWAY);

        assertThat(told.get("TableStatus").stringValue()).isEqualTo("UPDATING");
        assertThat(told.get("Replicas")).isEmpty();
        assertThat(told.get("StreamSpecification").get("StreamViewType").stringValue())
                .isEqualTo("NEW_AND_OLD_IMAGES");
        JsonNode home = describe(HOME);
        JsonNode away = describe(AWAY);
        assertThat(home.get("GlobalTableVersion").stringValue()).isEqualTo("2019.11.21");
        assertThat(home.get("Replicas").get(0).get("RegionName").stringValue()).isEqualTo(AWAY);
        assertThat(home.get("Replicas").get(0).get("ReplicaStatus").stringValue())
                .isEqualTo("ACTIVE");
        assertThat(away.get("Replicas").get(0).get("RegionName").stringValue()).isEqualTo(HOME);
        assertThat(away.get("TableArn").stringValue()).contains(":" + AWAY + ":");
        assertThat(away.get("TableId")).isNotEqualTo(home.get("TableId"));
        assertThat(away.get("ItemCount").intValue()).isEqualTo(1);
        assertThat(away.get("LatestStreamArn")).isNotEqualTo(home.get("LatestStreamArn"));
        assertThat(count(AWAY)).isEqualTo(1);
    }

    @Test
    void aWriteInAnyRegionIsInAllAndInAllStreams() {
        replicate(AWAY);
        put(HOME, "a");
        put(AWAY, "b");
        put(AWAY, "a");

        assertThat(count(HOME)).isEqualTo(2);
        assertThat(streamed(HOME)).containsExactly("INSERT a", "INSERT b");
        assertThat(streamed(AWAY)).containsExactly("INSERT a", "INSERT b");
        db.callIn(
                AWAY,
                "DeleteItem",
                "{'TableName': 'orders', 'Key': {'p': {'S': 'a'}, 's': {'S': 'x'}}}");
        assertThat(streamed(HOME)).endsWith("REMOVE a");
        assertThat(count(HOME)).isEqualTo(1);
    }

    @Test
    void aConditionHoldsAcrossRegions() {
        replicate(AWAY);
        put(HOME, "a");

        String again =
                "{'TableName': 'orders', 'ConditionExpression': 'attribute_not_exists(p)', 'Item':"
                        + " {'p': {'S': 'a'}, 's': {'S': 'x'}}}";

        assertThat(db.refusedIn(AWAY, "PutItem", again))
                .startsWith("ConditionalCheckFailedException");
    }

    @Test
    void whatIsTheTablesChangesInAllRegions() {
        replicate(AWAY);
        db.callIn(
                AWAY,
                "UpdateTimeToLive",
                "{'TableName': 'orders', 'TimeToLiveSpecification': {'Enabled': true,"
                        + " 'AttributeName': 'until'}}");
        db.callIn(
                AWAY,
                "UpdateTable",
                "{'TableName': 'orders', 'GlobalSecondaryIndexUpdates': [{'Delete': {'IndexName':"
                        + " 'byS'}}]}");
        db.callIn(
                AWAY, "UpdateTable", "{'TableName': 'orders', 'DeletionProtectionEnabled': true}");
        db.finishJobs();

        assertThat(
                        db.call("DescribeTimeToLive", ORDERS)
                                .get("TimeToLiveDescription")
                                .get("TimeToLiveStatus")
                                .stringValue())
                .isEqualTo("ENABLED");
        assertThat(describe(HOME).has("GlobalSecondaryIndexes")).isFalse();
        assertThat(describe(HOME).get("DeletionProtectionEnabled").booleanValue()).isFalse();
        put(HOME, "after");
        assertThat(count(AWAY)).isEqualTo(1);
    }

    @Test
    void deletingAReplicaLeavesTheItems() {
        put(HOME, "a");
        replicate(AWAY);

        db.call("UpdateTable", update("Delete", AWAY));

        assertThat(db.refusedIn(AWAY, "DescribeTable", ORDERS))
                .startsWith("ResourceNotFoundException");
        assertThat(describe(HOME).has("Replicas")).isFalse();
        assertThat(describe(HOME).has("GlobalTableVersion")).isFalse();
        assertThat(count(HOME)).isEqualTo(1);
        put(HOME, "b");
        replicate(AWAY);
        assertThat(count(AWAY)).isEqualTo(2);
    }

    @Test
    void theSourceStaysUntilItsReplicasAreGone() {
        replicate(AWAY);
        String reason =
                "ValidationException: Replica cannot be deleted because it has acted as a source"
                        + " region for new replica(s) being added to the table in the last 24"
                        + " hours.";

        assertThat(db.refused("DeleteTable", ORDERS)).isEqualTo(reason);
        assertThat(db.refusedIn(AWAY, "UpdateTable", update("Delete", HOME))).isEqualTo(reason);
        db.clock().advance(Duration.ofHours(25));
        put(HOME, "a");
        db.call("DeleteTable", ORDERS);
        assertThat(count(AWAY)).isEqualTo(1);
        assertThat(describe(AWAY).has("Replicas")).isFalse();
        db.callIn(AWAY, "DeleteTable", ORDERS);
        db.createTable("orders");
        assertThat(count(HOME)).isZero();
    }

    @Test
    void itemsExpireAfterTheRegionThatSwitchedItOnIsGone() {
        replicate(AWAY);
        db.callIn(
                AWAY,
                "UpdateTimeToLive",
                "{'TableName': 'orders', 'TimeToLiveSpecification': {'Enabled': true,"
                        + " 'AttributeName': 'until'}}");
        db.finishJobs();
        db.call("UpdateTable", update("Delete", AWAY));
        db.call(
                "PutItem",
                "{'TableName': 'orders', 'Item': {'p': {'S': 'a'}, 's': {'S': 'x'}, 'until': {'N': '"
                        + db.clock().instant().plusSeconds(60).getEpochSecond()
                        + "'}}}");

        db.clock().advance(Duration.ofMinutes(2));
        db.expireItems();

        assertThat(count(HOME)).isZero();
    }

    @Test
    void everyRegionHasItsOwnMaximumsAndClass() {
        db.call(
                "UpdateTable",
                "{'TableName': 'orders', 'ReplicaUpdates': [{'Create': {'RegionName': 'eu-west-1',"
                        + " 'TableClassOverride': 'STANDARD_INFREQUENT_ACCESS',"
                        + " 'OnDemandThroughputOverride': {'MaxReadRequestUnits': 7}}}]}");

        JsonNode replica = describe(HOME).get("Replicas").get(0);
        assertThat(replica.get("OnDemandThroughputOverride"))
                .isEqualTo(json("{'MaxReadRequestUnits': 7}"));
        assertThat(replica.get("ReplicaTableClassSummary").get("TableClass").stringValue())
                .isEqualTo("STANDARD_INFREQUENT_ACCESS");
        db.call(
                "UpdateTable",
                "{'TableName': 'orders', 'ReplicaUpdates': [{'Update': {'RegionName': 'eu-west-1',"
                        + " 'OnDemandThroughputOverride': {'MaxReadRequestUnits': 8}}}]}");
        assertThat(describe(AWAY).get("OnDemandThroughput"))
                .isEqualTo(json("{'MaxReadRequestUnits': 8}"));
        assertThat(describe(HOME).has("OnDemandThroughput")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'Create': {'RegionName': 'us-east-1'}} | Cannot add or delete the local region"
                        + " through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as"
                        + " required.",
                "{} | There are no actions specified in the Replica Update Action of the request.",
                "{'Update': {'RegionName': 'eu-west-1'}} | There are no actions specified in the"
                        + " Replica Update Action of the request.",
                "{'Create': {'RegionName': 'eu-west-1'}, 'Delete': {'RegionName': 'eu-west-1'}} |"
                        + " Update table operation with more than one type of replica actions not"
                        + " allowed.",
                "{'Create': {'RegionName': 'eu-west-2'}}, {'Create': {'RegionName': 'eu-west-3'}} |"
                        + " Update table operation with more than one create or delete replica"
                        + " actions not allowed",
                "{'Create': {'RegionName': 'eu-west-1'}} | Failed to create a the new replica of"
                        + " table with name: ‘orders’ because one or more replicas already existed as"
                        + " tables.",
                "{'Delete': {'RegionName': 'eu-west-2'}} | Update global table operation failed"
                        + " because one or more replicas were not part of the global table. Please"
                        + " retry the request without these replicas: [eu-west-2]."
            })
    void refusesUpdatesThatMakeNoSense(String updates, String message) {
        replicate(AWAY);

        assertThat(
                        db.refused(
                                "UpdateTable",
                                "{'TableName': 'orders', 'ReplicaUpdates': [" + updates + "]}"))
                .isEqualTo("ValidationException: " + message);
    }

    /// Source: what Terraform's AWS provider takes for a replica that is gone already.
    @Test
    void aTableWithoutReplicasDoesNotFindTheOneToDelete() {
        replicate(AWAY);
        db.call("UpdateTable", update("Delete", AWAY));

        assertThat(db.refused("UpdateTable", update("Delete", AWAY)))
                .isEqualTo(
                        "ValidationException: Replica specified in the Replica Update or Replica"
                                + " Delete action of the request was not found.");
    }

    @Test
    void refusesWhatAGlobalTableCannotBe() {
        replicate(AWAY);

        assertThat(
                        db.refused(
                                "UpdateTable",
                                "{'TableName': 'orders', 'StreamSpecification': {'StreamEnabled':"
                                        + " false}}"))
                .isEqualTo(
                        "ValidationException: One or more parameter values were invalid: Disabling"
                                + " Stream is not allowed for a Global Table replica.");
        assertThat(db.refused("UpdateTable", update("Create", "us-fake-1")))
                .startsWith("ValidationException: Region us-fake-1 is not supported.");
        assertThat(db.refused("CreateTable", "{'TableName': 'x1y', 'GlobalTableSourceArn': 'a'}"))
                .startsWith("NotImplemented");
    }

    @Test
    void theOldVersionIsNotMadeAnyMore() {
        assertThat(
                        db.refused(
                                "CreateGlobalTable",
                                "{'GlobalTableName': 'orders', 'ReplicationGroup': []}"))
                .startsWith(
                        "ValidationException: One or more parameter values were invalid: DynamoDB"
                                + " global tables version 2017.11.29 is not supported.");
        assertThat(db.refused("DescribeGlobalTable", "{'GlobalTableName': 'orders'}"))
                .isEqualTo(
                        "GlobalTableNotFoundException: Global table with name: 'orders' does not"
                                + " exist.");
        assertThat(db.call("ListGlobalTables", "{}")).isEqualTo(json("{'GlobalTables': []}"));
    }

    @Test
    void scalingIsOffAndStaysOff() {
        assertThat(db.refused("DescribeTableReplicaAutoScaling", ORDERS))
                .isEqualTo(
                        "ResourceNotFoundException: Global table with name: 'orders' does not"
                                + " exist.");
        replicate(AWAY);

        JsonNode replicas =
                db.call("DescribeTableReplicaAutoScaling", ORDERS)
                        .get("TableAutoScalingDescription")
                        .get("Replicas");

        assertThat(replicas).hasSize(2);
        assertThat(
                        replicas.get(0)
                                .get("ReplicaProvisionedWriteCapacityAutoScalingSettings")
                                .get("AutoScalingDisabled")
                                .booleanValue())
                .isTrue();
        assertThat(
                        db.refused(
                                "UpdateTableReplicaAutoScaling",
                                "{'TableName': 'orders',"
                                        + " 'ProvisionedWriteCapacityAutoScalingUpdate':"
                                        + " {'MinimumUnits': 1, 'MaximumUnits': 10}}"))
                .isEqualTo(
                        "ValidationException: Failed to update global table with name ‘orders‘."
                                + " Replicas 'EU-WEST-1', 'US-EAST-1' BillingMode is PayPerRequest."
                                + " You must convert table's BillingMode to PROVISIONED to set"
                                + " parameters:"
                                + " 'GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate'.");
    }
}

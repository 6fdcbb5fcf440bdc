package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

/// Encryption, warm throughput, maximums on demand, and what one UpdateTable may change together.
final class TableSettingsTest {
    private static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/" + KEY_ID;
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private static String create(String more) {
        return """
        {'TableName': 'orders', 'BillingMode': 'PAY_PER_REQUEST',
         'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}],
         'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}] %s}
        """
                .formatted(more.isEmpty() ? "" : "," + more);
    }

    private static String provisioned(String more) {
        return create("'ProvisionedThroughput': " + units(10, 5) + more)
                .replace("PAY_PER_REQUEST", "PROVISIONED");
    }

    private static String units(int read, int write) {
        return "{'ReadCapacityUnits': " + read + ", 'WriteCapacityUnits': " + write + "}";
    }

    private JsonNode update(String members) {
        return db.call("UpdateTable", "{'TableName': 'orders', " + members + "}")
                .get("TableDescription");
    }

    private String refusedUpdate(String members) {
        return db.refused("UpdateTable", "{'TableName': 'orders', " + members + "}");
    }

    private JsonNode described() {
        return db.call("DescribeTable", "{'TableName': 'orders'}").get("Table");
    }

    @Test
    void tellsTheKeyThatATableNamed() {
        db.call(
                "CreateTable",
                create(
                        "'SSESpecification': {'SSEType': 'KMS', 'KMSMasterKeyId': '"
                                + KEY_ID
                                + "'}"));

        assertThat(described().get("SSEDescription"))
                .isEqualTo(
                        json(
                                "{'Status': 'ENABLED', 'SSEType': 'KMS', 'KMSMasterKeyArn': '"
                                        + KEY_ARN
                                        + "'}"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"{'Enabled': true}", "{'SSEType': 'KMS'}"})
    void theManagedKeyIsOneForAllTables(String asked) {
        JsonNode created =
                db.call("CreateTable", create("'SSESpecification': " + asked))
                        .get("TableDescription");
        JsonNode other =
                db.call(
                                "CreateTable",
                                create(
                                                "'SSESpecification': {'SSEType': 'KMS',"
                                                        + " 'KMSMasterKeyId': 'alias/aws/dynamodb'}")
                                        .replace("orders", "others"))
                        .get("TableDescription");

        assertThat(created.get("SSEDescription")).isEqualTo(other.get("SSEDescription"));
        assertThat(created.get("SSEDescription").get("KMSMasterKeyArn").stringValue())
                .startsWith("arn:aws:kms:us-east-1:000000000000:key/");
    }

    @Test
    void theDefaultKeyIsNotTold() {
        db.call("CreateTable", create("'SSESpecification': {'Enabled': false}"));

        assertThat(described().has("SSEDescription")).isFalse();
        assertThat(refusedUpdate("'SSESpecification': {'Enabled': false}"))
                .isEqualTo(INVALID + "Table is already encrypted by default");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'Enabled': true, 'SSEType': 'AES256'} | SSEType AES256 is not supported",
                "{'Enabled': false, 'SSEType': 'KMS'} | SSEType can not be specified if Enabled is"
                        + " false",
                "{'Enabled': false, 'KMSMasterKeyId': 'k'} | KMSMasterKeyId can not be specified if"
                        + " Enabled is false",
                "{'Enabled': true, 'KMSMasterKeyId': 'k'} | SSEType KMS is required if"
                        + " KMSMasterKeyId is specified"
            })
    void refusesEncryptionThatContradictsItself(String asked, String message) {
        assertThat(db.refused("CreateTable", create("'SSESpecification': " + asked)))
                .isEqualTo(INVALID + message);
    }

    @Test
    void refusesAKeyOfAnotherRegion() {
        String asked =
                "'SSESpecification': {'SSEType': 'KMS', 'KMSMasterKeyId': '"
                        + KEY_ARN.replace("us-east-1", "eu-west-1")
                        + "'}";

        assertThat(db.refused("CreateTable", create(asked)))
                .startsWith(
                        "ValidationException: KMS validation error:"
                                + " com.amazonaws.services.kms.model.NotFoundException: Invalid arn"
                                + " eu-west-1 ");
    }

    @Test
    void changesTheKeyAndTellsTheOldOneInItsAnswer() {
        db.call("CreateTable", create(""));
        String asked =
                "'SSESpecification': {'SSEType': 'KMS', 'KMSMasterKeyId': '" + KEY_ARN + "'}";

        JsonNode first = update(asked);

        assertThat(first.get("SSEDescription")).isEqualTo(json("{'Status': 'UPDATING'}"));
        assertThat(first.get("TableStatus").stringValue()).isEqualTo("ACTIVE");
        assertThat(described().get("SSEDescription").get("KMSMasterKeyArn").stringValue())
                .isEqualTo(KEY_ARN);
        assertThat(refusedUpdate(asked))
                .isEqualTo(
                        INVALID
                                + "Table is already encrypted with given KMSMasterKeyId. Use"
                                + " KMSMasterKeyId parameter if you want to change Master Key");
        JsonNode off = update("'SSESpecification': {'Enabled': false}");
        assertThat(off.get("SSEDescription").get("KMSMasterKeyArn").stringValue())
                .isEqualTo(KEY_ARN);
        assertThat(described().has("SSEDescription")).isFalse();
    }

    @Test
    void warmThroughputOnlyRises() {
        db.call("CreateTable", create("'WarmThroughput': {'ReadUnitsPerSecond': 13000}"));

        assertThat(described().get("WarmThroughput"))
                .isEqualTo(
                        json(
                                "{'ReadUnitsPerSecond': 13000, 'WriteUnitsPerSecond': 4000,"
                                        + " 'Status': 'ACTIVE'}"));
        JsonNode told = update("'WarmThroughput': {'WriteUnitsPerSecond': 4001}");
        assertThat(told.get("WarmThroughput").get("WriteUnitsPerSecond").intValue())
                .isEqualTo(4000);
        assertThat(told.get("WarmThroughput").get("Status").stringValue()).isEqualTo("UPDATING");
        assertThat(described().get("WarmThroughput").get("WriteUnitsPerSecond").intValue())
                .isEqualTo(4001);
        assertThat(refusedUpdate("'WarmThroughput': {'ReadUnitsPerSecond': 12999}"))
                .isEqualTo(
                        INVALID
                                + "Requested ReadUnitsPerSecond for WarmThroughput for table is"
                                + " lower than current WarmThroughput, decreasing WarmThroughput is"
                                + " not supported");
    }

    @Test
    void warmThroughputIsNoLessThanAnyway() {
        assertThat(db.refused("CreateTable", create("'WarmThroughput': {'ReadUnitsPerSecond': 1}")))
                .startsWith(
                        INVALID
                                + "Requested ReadUnitsPerSecond for WarmThroughput for table is"
                                + " lower than initial throughput for OnDemand. See: https://docs");
        assertThat(
                        db.refused(
                                "CreateTable",
                                provisioned(", 'WarmThroughput': {'WriteUnitsPerSecond': 4}")))
                .isEqualTo(
                        INVALID
                                + "Requested WriteUnitsPerSecond for WarmThroughput for table is"
                                + " lower than WriteCapacityUnits of ProvisionedThroughput");
    }

    @Test
    void whatWasOnceProvisionedStaysWarm() {
        db.call("CreateTable", provisioned(""));

        JsonNode told = update("'ProvisionedThroughput': " + units(4, 6));

        assertThat(told.get("ProvisionedThroughput").get("ReadCapacityUnits").intValue())
                .isEqualTo(10);
        assertThat(told.get("TableStatus").stringValue()).isEqualTo("UPDATING");
        assertThat(described().get("WarmThroughput"))
                .isEqualTo(
                        json(
                                "{'ReadUnitsPerSecond': 10, 'WriteUnitsPerSecond': 6,"
                                        + " 'Status': 'ACTIVE'}"));
        assertThat(described().get("ProvisionedThroughput").get("ReadCapacityUnits").intValue())
                .isEqualTo(4);
    }

    @Test
    void maximumsAreMergedAndRemoved() {
        db.call("CreateTable", create("'OnDemandThroughput': {'MaxReadRequestUnits': 10}"));

        update("'OnDemandThroughput': {'MaxWriteRequestUnits': 5}");
        assertThat(described().get("OnDemandThroughput"))
                .isEqualTo(json("{'MaxReadRequestUnits': 10, 'MaxWriteRequestUnits': 5}"));

        update("'OnDemandThroughput': {'MaxReadRequestUnits': -1}");
        assertThat(described().get("OnDemandThroughput"))
                .isEqualTo(json("{'MaxWriteRequestUnits': 5}"));

        update("'OnDemandThroughput': {'MaxWriteRequestUnits': -1}");
        assertThat(described().has("OnDemandThroughput")).isFalse();
    }

    @Test
    void refusesMaximumsThatMakeNoSense() {
        assertThat(
                        db.refused(
                                "CreateTable",
                                create("'OnDemandThroughput': {'MaxReadRequestUnits': 0}")))
                .isEqualTo(
                        INVALID
                                + "Requested MaxReadRequestUnits for OnDemandThroughput for table is"
                                + " outside of valid range");
        assertThat(
                        db.refused(
                                "CreateTable",
                                provisioned(", 'OnDemandThroughput': {'MaxReadRequestUnits': 10}")))
                .isEqualTo(
                        INVALID
                                + "MaxReadRequestUnits for OnDemandThroughput cannot be specified"
                                + " when the table BillingMode is PROVISIONED");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'SSESpecification': {'Enabled': true}, 'TableClass': 'STANDARD' | Server-Side"
                        + " Encryption modification must be the only operation in the request",
                "'DeletionProtectionEnabled': true, 'TableClass': 'STANDARD' | TableClass"
                        + " modification must be the only operation in the request",
                "'DeletionProtectionEnabled': true, 'BillingMode': 'PAY_PER_REQUEST' |"
                        + " DeletionProtection modification must be the only operation in the"
                        + " request",
                "'WarmThroughput': {}, 'BillingMode': 'PAY_PER_REQUEST' | WarmThroughput must be the"
                        + " only operation in the request",
                "'StreamSpecification': {'StreamEnabled': false}, 'ProvisionedThroughput':"
                        + " {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1} | You cannot modify"
                        + " stream status while updating table IOPS",
                "'BillingMode': 'PROVISIONED' | ProvisionedThroughput must be specified when"
                        + " BillingMode is PROVISIONED"
            })
    void refusesToChangeTogetherWhatAwsChangesOneByOne(String members, String message) {
        db.call("CreateTable", create(""));

        assertThat(refusedUpdate(members)).isEqualTo(INVALID + message);
    }

    @Test
    void refusesAnUpdateOfNothingInTodaysWords() {
        assertThat(db.refused("UpdateTable", "{'TableName': 'orders'}"))
                .isEqualTo(
                        "ValidationException: At least one of ProvisionedThroughput, BillingMode,"
                                + " UpdateStreamEnabled, GlobalSecondaryIndexUpdates,"
                                + " SSESpecification, ReplicaUpdates, MultiAccountReplicaReady,"
                                + " ReplicaTransitRoleArn, MultiRegionConsistency,"
                                + " DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput"
                                + " or TableClass is required");
    }

    @Test
    void tellsLimitsAndWhereToSendRequests() {
        assertThat(db.call("DescribeLimits", "{}"))
                .isEqualTo(
                        json(
                                "{'AccountMaxReadCapacityUnits': 80000,"
                                        + " 'AccountMaxWriteCapacityUnits': 80000,"
                                        + " 'TableMaxReadCapacityUnits': 40000,"
                                        + " 'TableMaxWriteCapacityUnits': 40000}"));
        assertThat(db.call("DescribeEndpoints", "{}"))
                .isEqualTo(
                        json(
                                "{'Endpoints': [{'Address': 'localhost:4566',"
                                        + " 'CachePeriodInMinutes': 1440}]}"));
    }
}

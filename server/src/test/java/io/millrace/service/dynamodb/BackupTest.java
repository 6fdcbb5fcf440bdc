package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

class BackupTest {
    private DynamoDbFixture dynamoDb;

    @BeforeEach
    void open() {
        dynamoDb = DynamoDbFixture.inMemory();
    }

    private String createBackup(String table, String name) {
        return dynamoDb.call(
                        "CreateBackup",
                        "{'TableName': '" + table + "', 'BackupName': '" + name + "'}")
                .get("BackupDetails")
                .get("BackupArn")
                .asString();
    }

    private JsonNode describeBackup(String arn) {
        return dynamoDb.call("DescribeBackup", "{'BackupArn': '" + arn + "'}")
                .get("BackupDescription");
    }

    private JsonNode describeTable(String name) {
        return dynamoDb.call("DescribeTable", "{'TableName': '" + name + "'}").get("Table");
    }

    private static String restoring(String arn, String target, String more) {
        return "{'BackupArn': '" + arn + "', 'TargetTableName': '" + target + "'" + more + "}";
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isTheTableAtItsCommitWhateverIsWrittenMeanwhileAndHoweverOftenItCrashes(
            long seed, @TempDir Path directory) {
        try (DynamoDbFixture onDisk = DynamoDbFixture.onDisk(directory)) {
            dynamoDb = onDisk;
            RandomTable table = new RandomTable(onDisk, "orders", seed);
            table.write(200);

            String arn = createBackup("orders", "nightly");
            Map<String, JsonNode> expected = table.model();
            while (describeBackup(arn)
                    .at("/BackupDetails/BackupStatus")
                    .asString()
                    .equals("CREATING")) {
                table.write(15);
                onDisk.stepJobs();
                onDisk.restart();
            }
            table.write(50);
            onDisk.call("RestoreTableFromBackup", restoring(arn, "restored", ""));
            while (describeTable("restored").get("TableStatus").asString().equals("CREATING")) {
                table.write(5);
                onDisk.stepJobs();
                onDisk.restart();
            }

            assertThat(RandomTable.contents(onDisk, "restored", "")).isEqualTo(expected);
            assertThat(RandomTable.contents(onDisk, "restored", "byG")).isEqualTo(expected);
            assertThat(RandomTable.contents(onDisk, "orders", "")).isEqualTo(table.model());
            assertThat(describeTable("restored").get("ItemCount").asInt())
                    .isEqualTo(expected.size());
            assertThat(describeBackup(arn).at("/SourceTableDetails/ItemCount").asInt())
                    .isEqualTo(expected.size());
            assertThat(describeBackup(arn).at("/BackupDetails/BackupSizeBytes").asLong())
                    .isEqualTo(describeTable("restored").get("TableSizeBytes").asLong());
        }
    }

    @Test
    void copiesNoHalfTransactionWhileOthersWrite(@TempDir Path directory) throws Exception {
        try (DynamoDbFixture onDisk = DynamoDbFixture.onDisk(directory)) {
            dynamoDb = onDisk;
            onDisk.createTable("accounts");
            for (int i = 0; i < 200; i++) {
                onDisk.put(
                        "accounts",
                        "{'p': {'S': 'a%d'}, 'n': {'N': '100'}, 'v': {'S': '%s'}}"
                                .formatted(i, "x".repeat(20_000)));
            }
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                Random random = new Random(writer);
                writers.add(Thread.ofVirtual().start(() -> transferUntil(stop, random)));
            }

            String arn = createBackup("accounts", "nightly");
            onDisk.finishJobs();
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            onDisk.call("RestoreTableFromBackup", restoring(arn, "restored", ""));
            onDisk.finishJobs();

            long sum = 0;
            long moved = 0;
            for (int i = 0; i < 200; i++) {
                JsonNode item =
                        onDisk.call(
                                "GetItem",
                                "{'TableName': 'restored', 'Key': {'p': {'S': 'a" + i + "'}}}");
                int balance = Integer.parseInt(item.at("/Item/n/N").asString());
                sum += balance;
                moved += balance == 100 ? 0 : 1;
            }
            assertThat(sum).isEqualTo(200 * 100);
            assertThat(moved).isLessThan(200);
        }
    }

    private void transferUntil(AtomicBoolean stop, Random random) {
        while (!stop.get()) {
            int from = random.nextInt(200);
            int to = (from + 1 + random.nextInt(198)) % 200;
            try {
                dynamoDb.call(
                        "TransactWriteItems",
                        "{'TransactItems': [" + add(from, -1) + ", " + add(to, 1) + "]}");
            } catch (ServiceException e) {
                assertThat(e.error().code()).isEqualTo("TransactionCanceledException");
            }
        }
    }

    private static String add(int account, int amount) {
        return """
        {'Update': {'TableName': 'accounts', 'Key': {'p': {'S': 'a%d'}},
         'UpdateExpression': 'ADD n :a',
         'ExpressionAttributeValues': {':a': {'N': '%d'}}}}
        """
                .formatted(account, amount);
    }

    @Test
    void tellsOfItselfAndOfItsTableAsItWas() {
        dynamoDb.createTable(
                "orders",
                "N",
                "'StreamSpecification': {'StreamEnabled': true, 'StreamViewType': 'KEYS_ONLY'},");
        dynamoDb.put("orders", "{'p': {'S': 'a'}, 's': {'N': '1'}}");

        JsonNode created =
                dynamoDb.call("CreateBackup", "{'TableName': 'orders', 'BackupName': 'nightly'}")
                        .get("BackupDetails");
        dynamoDb.finishJobs();
        JsonNode described = describeBackup(created.get("BackupArn").asString());

        assertThat(created.get("BackupStatus").asString()).isEqualTo("CREATING");
        assertThat(created.get("BackupType").asString()).isEqualTo("USER");
        assertThat(created.get("BackupSizeBytes").asInt()).isEqualTo(5);
        assertThat(created.get("BackupArn").asString())
                .matches(
                        "arn:aws:dynamodb:us-east-1:000000000000:table/orders/backup/"
                                + "01767323045678-[0-9a-f]{8}");
        assertThat(described.at("/BackupDetails/BackupStatus").asString()).isEqualTo("AVAILABLE");
        assertThat(described.at("/SourceTableDetails/TableName").asString()).isEqualTo("orders");
        assertThat(described.at("/SourceTableDetails/BillingMode").asString())
                .isEqualTo("PAY_PER_REQUEST");
        assertThat(
                        described
                                .at("/SourceTableFeatureDetails/StreamDescription/StreamViewType")
                                .asString())
                .isEqualTo("KEYS_ONLY");
    }

    @Test
    void aRestoredTableIsNobodysUntilAllIsThere() {
        dynamoDb.createTable("orders");
        dynamoDb.put("orders", "{'p': {'S': 'a'}}");
        String arn = createBackup("orders", "nightly");
        dynamoDb.finishJobs();

        JsonNode restored =
                dynamoDb.call("RestoreTableFromBackup", restoring(arn, "again", ""))
                        .get("TableDescription");
        String get = "{'TableName': 'again', 'Key': {'p': {'S': 'a'}}}";

        assertThat(restored.get("TableStatus").asString()).isEqualTo("CREATING");
        assertThat(restored.at("/RestoreSummary/RestoreInProgress").asBoolean()).isTrue();
        assertThat(restored.at("/RestoreSummary/SourceBackupArn").asString()).isEqualTo(arn);
        assertThat(dynamoDb.refused("GetItem", get))
                .isEqualTo("ResourceNotFoundException: Requested resource not found");
        assertThat(dynamoDb.refused("DeleteTable", "{'TableName': 'again'}"))
                .isEqualTo(
                        "ResourceInUseException: Attempt to change a resource which is still in"
                                + " use: Table is being created: again");
        assertThat(dynamoDb.refused("RestoreTableFromBackup", restoring(arn, "third", "")))
                .isEqualTo(
                        "BackupInUseException: Backup is being used to restore another table: "
                                + arn);
        assertThat(dynamoDb.refused("DeleteBackup", "{'BackupArn': '" + arn + "'}"))
                .isEqualTo("BackupInUseException: Backup is being used to restore table: " + arn);

        dynamoDb.finishJobs();
        assertThat(dynamoDb.call("GetItem", get).has("Item")).isTrue();
        assertThat(describeTable("again").at("/RestoreSummary/RestoreInProgress").asBoolean())
                .isFalse();
    }

    @Test
    void outlivesItsTableAndIsDeletedWithItsItems() {
        dynamoDb.createTable("orders");
        dynamoDb.put("orders", "{'p': {'S': 'a'}}");
        String arn = createBackup("orders", "nightly");
        String delete = "{'BackupArn': '" + arn + "'}";

        assertThat(dynamoDb.refused("DeleteTable", "{'TableName': 'orders'}"))
                .startsWith("ResourceInUseException");
        assertThat(dynamoDb.refused("DeleteBackup", delete)).startsWith("BackupInUseException");
        dynamoDb.finishJobs();
        dynamoDb.call("DeleteTable", "{'TableName': 'orders'}");
        dynamoDb.call("RestoreTableFromBackup", restoring(arn, "orders", ""));
        dynamoDb.finishJobs();
        JsonNode deleted = dynamoDb.call("DeleteBackup", delete).get("BackupDescription");

        assertThat(describeTable("orders").get("ItemCount").asInt()).isEqualTo(1);
        assertThat(deleted.at("/BackupDetails/BackupStatus").asString()).isEqualTo("DELETED");
        assertThat(dynamoDb.refused("DescribeBackup", delete))
                .isEqualTo("BackupNotFoundException: Backup not found: " + arn);
        long left =
                dynamoDb.store()
                        .read(tx -> {
                            long count = 0;
                            try (var cursor = tx.prefix(new byte[] {DynamoDbKeys.ITEM})) {
                                while (cursor.next()) {
                                    count++;
                                }
                            }
                            return count;
                        });
        assertThat(left).isEqualTo(1);
    }

    @Test
    void restoresWithOtherBillingAndWithoutIndexes() {
        RandomTable table = new RandomTable(dynamoDb, "orders", 1);
        table.write(20);
        String arn = createBackup("orders", "nightly");
        dynamoDb.finishJobs();

        dynamoDb.call(
                "RestoreTableFromBackup",
                restoring(
                        arn,
                        "provisioned",
                        ", 'BillingModeOverride': 'PROVISIONED', 'GlobalSecondaryIndexOverride':"
                                + " [], 'ProvisionedThroughputOverride': {'ReadCapacityUnits': 3,"
                                + " 'WriteCapacityUnits': 4}"));
        dynamoDb.finishJobs();
        JsonNode restored = describeTable("provisioned");

        assertThat(restored.has("GlobalSecondaryIndexes")).isFalse();
        assertThat(restored.get("AttributeDefinitions")).hasSize(2);
        assertThat(restored.at("/ProvisionedThroughput/WriteCapacityUnits").asInt()).isEqualTo(4);
        assertThat(RandomTable.contents(dynamoDb, "provisioned", "")).isEqualTo(table.model());
        assertThat(
                        dynamoDb.refused(
                                "RestoreTableFromBackup",
                                restoring(
                                        arn,
                                        "other",
                                        ", 'GlobalSecondaryIndexOverride': [{'IndexName': 'other',"
                                                + " 'KeySchema': [{'AttributeName': 'g',"
                                                + " 'KeyType': 'HASH'}], 'Projection':"
                                                + " {'ProjectionType': 'ALL'}}]")))
                .startsWith("ValidationException");
    }

    @Test
    void listsByTableTimeAndTypeInPages() {
        dynamoDb.createTable("orders");
        dynamoDb.createTable("other");
        String first = createBackup("orders", "one");
        dynamoDb.clock().advance(Duration.ofMinutes(1));
        String second = createBackup("orders", "two");
        String third = createBackup("other", "three");

        JsonNode page = dynamoDb.call("ListBackups", "{'Limit': 2}");
        JsonNode rest =
                dynamoDb.call(
                        "ListBackups",
                        "{'ExclusiveStartBackupArn': '"
                                + page.get("LastEvaluatedBackupArn").asString()
                                + "'}");
        JsonNode later =
                dynamoDb.call(
                        "ListBackups",
                        "{'TableName': 'orders', 'TimeRangeLowerBound': 1767323105.678}");

        assertThat(page.get("BackupSummaries").findValuesAsString("BackupArn"))
                .containsExactly(first, second);
        assertThat(rest.get("BackupSummaries").findValuesAsString("BackupArn"))
                .containsExactly(third);
        assertThat(rest.has("LastEvaluatedBackupArn")).isFalse();
        assertThat(later.get("BackupSummaries").findValuesAsString("BackupArn"))
                .containsExactly(second);
        assertThat(dynamoDb.call("ListBackups", "{'BackupType': 'SYSTEM'}").get("BackupSummaries"))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNotThereOrThereAlready() {
        dynamoDb.createTable("orders");
        String arn = createBackup("orders", "nightly");
        String unknown = arn.substring(0, arn.length() - 8) + "00000000";

        assertThat(dynamoDb.refused("CreateBackup", "{'TableName': 'none', 'BackupName': 'abc'}"))
                .isEqualTo("TableNotFoundException: Table not found: none");
        assertThat(dynamoDb.refused("DescribeBackup", "{'BackupArn': '" + unknown + "'}"))
                .isEqualTo("BackupNotFoundException: Backup not found: " + unknown);
        assertThat(dynamoDb.refused("RestoreTableFromBackup", restoring(arn, "orders", "")))
                .isEqualTo("TableAlreadyExistsException: Table already exists: orders");
        assertThat(dynamoDb.refused("RestoreTableFromBackup", restoring(arn, "again", "")))
                .startsWith("BackupInUseException: ");
    }
}

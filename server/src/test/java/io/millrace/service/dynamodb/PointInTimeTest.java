package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

class PointInTimeTest {
    private DynamoDbFixture dynamoDb;

    @BeforeEach
    void open() {
        dynamoDb = DynamoDbFixture.inMemory();
    }

    private JsonNode enable(String table, String more) {
        return dynamoDb.call(
                "UpdateContinuousBackups",
                "{'TableName': '"
                        + table
                        + "', 'PointInTimeRecoverySpecification':"
                        + " {'PointInTimeRecoveryEnabled': true"
                        + more
                        + "}}");
    }

    private static String restoring(String target, Instant moment) {
        return "{'SourceTableName': 'orders', 'TargetTableName': '%s', 'RestoreDateTime': %d.%03d}"
                .formatted(target, moment.getEpochSecond(), moment.getNano() / 1_000_000);
    }

    private boolean creating(String table) {
        return dynamoDb.call("DescribeTable", "{'TableName': '" + table + "'}")
                .at("/Table/TableStatus")
                .asString()
                .equals("CREATING");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void restoresWhatWasThereAtAnyMomentWhateverIsWrittenMeanwhile(
            long seed, @TempDir Path directory) {
        try (DynamoDbFixture onDisk = DynamoDbFixture.onDisk(directory)) {
            dynamoDb = onDisk;
            Random random = new Random(seed);
            RandomTable table = new RandomTable(onDisk, "orders", seed);
            table.write(60);
            enable("orders", "");
            TreeMap<Instant, Map<String, JsonNode>> history = new TreeMap<>();
            history.put(onDisk.clock().instant(), table.model());
            for (int i = 0; i < 60; i++) {
                onDisk.clock().advance(Duration.ofMillis(1 + random.nextInt(5_000)));
                table.write(1 + random.nextInt(5));
                history.put(onDisk.clock().instant(), table.model());
            }

            long span = Duration.between(history.firstKey(), history.lastKey()).toMillis();
            for (int i = 0; i < 4; i++) {
                Instant moment = history.firstKey().plusMillis(random.nextLong(span + 1));
                if (i % 2 == 0) { // exactly when something was written
                    moment = history.floorKey(moment);
                }
                String target = "restored" + i;
                onDisk.call("RestoreTableToPointInTime", restoring(target, moment));
                while (creating(target)) {
                    onDisk.clock().advance(Duration.ofMillis(1));
                    table.write(5);
                    onDisk.stepJobs();
                    onDisk.restart();
                }

                assertThat(RandomTable.contents(onDisk, target, "byG"))
                        .isEqualTo(history.floorEntry(moment).getValue());
                onDisk.call("DeleteTable", "{'TableName': '" + target + "'}");
            }
        }
    }

    @Test
    void restoresTheLatestMoment() {
        RandomTable table = new RandomTable(dynamoDb, "orders", 1);
        table.write(30);
        enable("orders", "");
        table.write(30);
        Map<String, JsonNode> expected = table.model();

        JsonNode restored =
                dynamoDb.call(
                        "RestoreTableToPointInTime",
                        "{'SourceTableArn': 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',"
                                + " 'TargetTableName': 'again', 'UseLatestRestorableTime': true}");
        table.write(30);
        dynamoDb.finishJobs();

        assertThat(restored.at("/TableDescription/RestoreSummary/SourceTableArn").asString())
                .isEqualTo("arn:aws:dynamodb:us-east-1:000000000000:table/orders");
        assertThat(RandomTable.contents(dynamoDb, "again", "")).isEqualTo(expected);
    }

    @Test
    void tellsHonestlyWhatCanBeRestored() {
        dynamoDb.createTable("orders");
        String describe = "{'TableName': 'orders'}";
        String path = "/ContinuousBackupsDescription/PointInTimeRecoveryDescription";
        String enabledAt = dynamoDb.clock().instant().toString();

        JsonNode off = dynamoDb.call("DescribeContinuousBackups", describe);
        enable("orders", ", 'RecoveryPeriodInDays': 2");
        dynamoDb.clock().advance(Duration.ofDays(1));
        JsonNode young = dynamoDb.call("DescribeContinuousBackups", describe).at(path);
        dynamoDb.clock().advance(Duration.ofDays(4));
        JsonNode old = dynamoDb.call("DescribeContinuousBackups", describe).at(path);
        JsonNode longer = enable("orders", ", 'RecoveryPeriodInDays': 35").at(path);

        assertThat(off.at("/ContinuousBackupsDescription/ContinuousBackupsStatus").asString())
                .isEqualTo("ENABLED");
        assertThat(off.at(path + "/PointInTimeRecoveryStatus").asString()).isEqualTo("DISABLED");
        assertThat(seconds(young, "Earliest")).isEqualTo(Instant.parse(enabledAt).getEpochSecond());
        assertThat(seconds(old, "Earliest"))
                .isEqualTo(dynamoDb.clock().instant().minus(Duration.ofDays(2)).getEpochSecond());
        assertThat(seconds(old, "Latest")).isEqualTo(dynamoDb.clock().instant().getEpochSecond());
        assertThat(seconds(longer, "Earliest")).isEqualTo(seconds(old, "Earliest"));
        assertThat(longer.get("RecoveryPeriodInDays").asInt()).isEqualTo(35);
    }

    private static long seconds(JsonNode description, String which) {
        return description.get(which + "RestorableDateTime").asLong();
    }

    @Test
    void refusesMomentsAndTablesThatCannotBeRestored() {
        dynamoDb.createTable("orders");
        Instant now = dynamoDb.clock().instant();
        String invalid =
                "InvalidRestoreTimeException: An invalid restore time was specified."
                        + " RestoreDateTime must be between EarliestRestorableDateTime and"
                        + " LatestRestorableDateTime.";

        assertThat(dynamoDb.refused("RestoreTableToPointInTime", restoring("again", now)))
                .startsWith("PointInTimeRecoveryUnavailableException");
        enable("orders", "");
        assertThat(
                        dynamoDb.refused(
                                "RestoreTableToPointInTime",
                                restoring("again", now.minusMillis(1))))
                .isEqualTo(invalid);
        assertThat(
                        dynamoDb.refused(
                                "RestoreTableToPointInTime", restoring("again", now.plusMillis(1))))
                .isEqualTo(invalid);
        assertThat(dynamoDb.refused("RestoreTableToPointInTime", restoring("orders", now)))
                .isEqualTo("TableAlreadyExistsException: Table already exists: orders");
    }

    @Test
    void keepsTheItemsOfADeletedTableForRestoring() {
        RandomTable table = new RandomTable(dynamoDb, "orders", 1);
        enable("orders", "");
        table.write(40);

        dynamoDb.call("DeleteTable", "{'TableName': 'orders'}");
        JsonNode backup =
                dynamoDb.call("ListBackups", "{'BackupType': 'SYSTEM'}")
                        .get("BackupSummaries")
                        .get(0);
        dynamoDb.call(
                "RestoreTableFromBackup",
                "{'TargetTableName': 'orders', 'BackupArn': '"
                        + backup.get("BackupArn").asString()
                        + "'}");
        dynamoDb.finishJobs();

        assertThat(backup.get("BackupName").asString()).isEqualTo("orders$DeletedTableBackup");
        assertThat(RandomTable.contents(dynamoDb, "orders", "byG")).isEqualTo(table.model());
        dynamoDb.clock().advance(Duration.ofDays(34));
        boolean left = new HistoryTrimmer(dynamoDb.store(), dynamoDb.clock()).trim();
        assertThat(left).isTrue();
        dynamoDb.clock().advance(Duration.ofDays(1));
        boolean leftLater = new HistoryTrimmer(dynamoDb.store(), dynamoDb.clock()).trim();
        assertThat(leftLater).isFalse();
        assertThat(dynamoDb.call("ListBackups", "{'BackupType': 'ALL'}").get("BackupSummaries"))
                .isEmpty();
    }

    @Test
    void trimsWhatIsTooOldButNotWhatARestoreStillNeeds() {
        RandomTable table = new RandomTable(dynamoDb, "orders", 1);
        enable("orders", ", 'RecoveryPeriodInDays': 1");
        table.write(30);
        Instant moment = dynamoDb.clock().instant();
        Map<String, JsonNode> expected = table.model();
        dynamoDb.clock().advance(Duration.ofMinutes(1));
        table.write(30);
        HistoryTrimmer trimmer = new HistoryTrimmer(dynamoDb.store(), dynamoDb.clock());

        dynamoDb.call("RestoreTableToPointInTime", restoring("again", moment));
        dynamoDb.clock().advance(Duration.ofDays(2));
        trimmer.trim();
        dynamoDb.finishJobs();
        int kept = records();
        trimmer.trim();

        assertThat(RandomTable.contents(dynamoDb, "again", "")).isEqualTo(expected);
        assertThat(kept).isPositive();
        assertThat(records()).isZero();
    }

    private int records() {
        return dynamoDb.store()
                .read(tx -> {
                    int count = 0;
                    try (var cursor = tx.prefix(new byte[] {0x20})) {
                        while (cursor.next()) {
                            count++;
                        }
                    }
                    return count;
                });
    }
}

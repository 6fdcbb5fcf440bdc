package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BackupNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.BackupStatus;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsStatus;
import software.amazon.awssdk.services.dynamodb.model.InvalidRestoreTimeException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableAlreadyExistsException;
import software.amazon.awssdk.services.dynamodb.model.TableNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

import java.util.Map;

/// Backups through the AWS SDK for Java v2: a backup is the table as it was when it was asked for,
/// and becomes a table of its own; so does any moment, once point-in-time recovery is on.
@ExtendWith(MillraceExtension.class)
final class BackupsTest {
    private static final String TABLE = "orders";

    private final Clients aws;

    BackupsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        aws.dynamodb.createTable(request ->
                request.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                AttributeDefinition.builder()
                                        .attributeName("id")
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("id")
                                        .keyType(KeyType.HASH)
                                        .build()));
        put("1", "before");
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private void put(String id, String value) {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(
                                Map.of(
                                        "id",
                                        AttributeValue.fromS(id),
                                        "v",
                                        AttributeValue.fromS(value))));
    }

    private String value(String table) {
        return Clients.attribute(
                        aws.dynamodb
                                .getItem(request ->
                                        request.tableName(table)
                                                .key(Map.of("id", AttributeValue.fromS("1"))))
                                .item(),
                        "v")
                .s();
    }

    private void awaitActive(String table) {
        Eventually.see(
                table,
                () ->
                        aws.dynamodb
                                .describeTable(request -> request.tableName(table))
                                .table()
                                .tableStatus(),
                status -> status == TableStatus.ACTIVE);
    }

    @Test
    void aBackupOutlivesItsTableAndIsRestored() {
        String arn =
                aws.dynamodb
                        .createBackup(request -> request.tableName(TABLE).backupName("nightly"))
                        .backupDetails()
                        .backupArn();
        put("1", "after");
        Eventually.holds(
                "its end",
                () ->
                        aws.dynamodb
                                        .describeBackup(request -> request.backupArn(arn))
                                        .backupDescription()
                                        .backupDetails()
                                        .backupStatus()
                                == BackupStatus.AVAILABLE);
        assertThatThrownBy(() ->
                        aws.dynamodb.restoreTableFromBackup(
                                request -> request.backupArn(arn).targetTableName(TABLE)))
                .isInstanceOf(TableAlreadyExistsException.class);

        aws.dynamodb.deleteTable(request -> request.tableName(TABLE));
        aws.dynamodb.waiter().waitUntilTableNotExists(request -> request.tableName(TABLE));
        var restored =
                aws.dynamodb
                        .restoreTableFromBackup(
                                request -> request.backupArn(arn).targetTableName("again"))
                        .tableDescription();
        assertThat(restored.tableStatus()).isEqualTo(TableStatus.CREATING);
        assertThat(restored.restoreSummary().sourceBackupArn()).isEqualTo(arn);
        awaitActive("again");

        assertThat(value("again")).isEqualTo("before");
        assertThat(aws.dynamodb.listBackups(request -> request.tableName(TABLE)).backupSummaries())
                .hasSize(1);
        aws.dynamodb.deleteBackup(request -> request.backupArn(arn));
        assertThatThrownBy(() -> aws.dynamodb.describeBackup(request -> request.backupArn(arn)))
                .isInstanceOf(BackupNotFoundException.class);
    }

    @Test
    void everyMomentCanBeRestoredOncePointInTimeRecoveryIsOn() {
        var off =
                aws.dynamodb
                        .describeContinuousBackups(request -> request.tableName(TABLE))
                        .continuousBackupsDescription();
        assertThat(off.continuousBackupsStatus()).isEqualTo(ContinuousBackupsStatus.ENABLED);
        assertThat(off.pointInTimeRecoveryDescription().pointInTimeRecoveryStatus())
                .isEqualTo(PointInTimeRecoveryStatus.DISABLED);
        assertThatThrownBy(() ->
                        aws.dynamodb.restoreTableToPointInTime(request ->
                                request.sourceTableName(TABLE)
                                        .targetTableName("again")
                                        .useLatestRestorableTime(true)))
                .isInstanceOf(PointInTimeRecoveryUnavailableException.class);

        var on =
                aws.dynamodb
                        .updateContinuousBackups(request ->
                                request.tableName(TABLE)
                                        .pointInTimeRecoverySpecification(recovery ->
                                                recovery.pointInTimeRecoveryEnabled(true)))
                        .continuousBackupsDescription()
                        .pointInTimeRecoveryDescription();
        put("1", "after");
        aws.dynamodb.restoreTableToPointInTime(request ->
                request.sourceTableName(TABLE)
                        .targetTableName("latest")
                        .useLatestRestorableTime(true));
        awaitActive("latest");

        assertThat(on.recoveryPeriodInDays()).isEqualTo(35);
        assertThat(value("latest")).isEqualTo("after");
        assertThatThrownBy(() ->
                        aws.dynamodb.restoreTableToPointInTime(request ->
                                request.sourceTableName(TABLE)
                                        .targetTableName("again")
                                        .restoreDateTime(
                                                on.earliestRestorableDateTime().minusSeconds(60))))
                .isInstanceOf(InvalidRestoreTimeException.class);
        assertThatThrownBy(() ->
                        aws.dynamodb.describeContinuousBackups(
                                request -> request.tableName("absent")))
                .isInstanceOf(TableNotFoundException.class);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.BackupDescription;
import io.millrace.api.dynamodb.BackupDetails;
import io.millrace.api.dynamodb.BackupSummary;
import io.millrace.api.dynamodb.GlobalSecondaryIndexInfo;
import io.millrace.api.dynamodb.LocalSecondaryIndexInfo;
import io.millrace.api.dynamodb.ProvisionedThroughput;
import io.millrace.api.dynamodb.SSEDescription;
import io.millrace.api.dynamodb.SourceTableDetails;
import io.millrace.api.dynamodb.SourceTableFeatureDetails;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.TimeToLiveDescription;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.Throughput;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// Tells of backups as the API does.
final class BackupDescriptions {
    private BackupDescriptions() {}

    static BackupDetails details(Backup backup) {
        return details(backup, status(backup));
    }

    static BackupDescription description(Backup backup) {
        return new BackupDescription(details(backup), table(backup), features(backup.source()));
    }

    /// As DeleteBackup answers.
    static BackupDescription deleted(Backup backup) {
        return new BackupDescription(
                details(backup, "DELETED"), table(backup), features(backup.source()));
    }

    static BackupSummary summary(Backup backup) {
        return BackupSummary.builder()
                .tableName(backup.source().name())
                .tableId(backup.source().id())
                .tableArn(backup.source().arn())
                .backupArn(backup.arn())
                .backupName(backup.name())
                .backupCreationDateTime(Instant.ofEpochMilli(backup.createdMillis()))
                .backupExpiryDateTime(expiry(backup))
                .backupStatus(status(backup))
                .backupType(backup.type())
                .backupSizeBytes(backup.sizeBytes())
                .build();
    }

    private static String status(Backup backup) {
        return backup.available() ? "AVAILABLE" : "CREATING";
    }

    private static @Nullable Instant expiry(Backup backup) {
        Long millis = backup.expiryMillis();
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static BackupDetails details(Backup backup, String status) {
        return BackupDetails.builder()
                .backupArn(backup.arn())
                .backupName(backup.name())
                .backupSizeBytes(backup.sizeBytes())
                .backupStatus(status)
                .backupType(backup.type())
                .backupCreationDateTime(Instant.ofEpochMilli(backup.createdMillis()))
                .backupExpiryDateTime(expiry(backup))
                .build();
    }

    private static SourceTableDetails table(Backup backup) {
        Table source = backup.source();
        return SourceTableDetails.builder()
                .tableName(source.name())
                .tableId(source.id())
                .tableArn(source.arn())
                .tableSizeBytes(backup.sizeBytes())
                .keySchema(TableDescriptions.keySchema(source.key()))
                .tableCreationDateTime(Instant.ofEpochMilli(source.createdMillis()))
                .provisionedThroughput(throughput(source.settings().throughput()))
                .onDemandThroughput(TableDescriptions.onDemand(source.settings().onDemand()))
                .itemCount(backup.itemCount())
                .billingMode(source.settings().payPerRequest() ? "PAY_PER_REQUEST" : "PROVISIONED")
                .build();
    }

    private static ProvisionedThroughput throughput(@Nullable Throughput throughput) {
        return throughput == null
                ? new ProvisionedThroughput(0L, 0L)
                : new ProvisionedThroughput(throughput.readUnits(), throughput.writeUnits());
    }

    private static SourceTableFeatureDetails features(Table source) {
        List<LocalSecondaryIndexInfo> local =
                source.indexes(false).stream()
                        .map(index ->
                                new LocalSecondaryIndexInfo(
                                        index.name(),
                                        TableDescriptions.keySchema(index.key()),
                                        TableDescriptions.projection(index)))
                        .toList();
        List<GlobalSecondaryIndexInfo> global =
                source.indexes(true).stream().map(BackupDescriptions::globalIndex).toList();
        Table.StreamState stream = source.stream();
        TimeToLive timeToLive = source.features().timeToLive();
        Encryption encryption = source.features().encryption();
        return new SourceTableFeatureDetails(
                local.isEmpty() ? null : local,
                global.isEmpty() ? null : global,
                stream == null || !stream.enabled()
                        ? null
                        : new StreamSpecification(true, stream.viewType()),
                timeToLive == null || !timeToLive.enabled()
                        ? null
                        : new TimeToLiveDescription("ENABLED", timeToLive.attribute()),
                encryption == null
                        ? null
                        : new SSEDescription(
                                "ENABLED", encryption.type(), encryption.kmsKeyArn(), null),
                VectorDescriptions.ofBackup(source));
    }

    private static GlobalSecondaryIndexInfo globalIndex(Index index) {
        return new GlobalSecondaryIndexInfo(
                index.name(),
                TableDescriptions.keySchema(index.key()),
                TableDescriptions.projection(index),
                throughput(index.throughput()),
                TableDescriptions.onDemand(index.onDemand()));
    }
}

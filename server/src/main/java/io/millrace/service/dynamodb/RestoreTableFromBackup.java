package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.RestoreTableFromBackupInput;
import io.millrace.api.dynamodb.RestoreTableFromBackupOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `RestoreTableFromBackup`: makes a new table of a backup. It is `CREATING` until all items and
/// index entries are there.
///
/// Errors: `BackupNotFoundException`, `BackupInUseException`, `TableAlreadyExistsException`,
/// `TableInUseException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html).
final class RestoreTableFromBackup
        implements Operation<RestoreTableFromBackupInput, RestoreTableFromBackupOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    RestoreTableFromBackup(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public RestoreTableFromBackupOutput handle(Caller caller, RestoreTableFromBackupInput request) {
        TableName target = TableName.of(caller, request.targetTableName());
        Backup.Name name = Backup.Name.of(caller, request.backupArn());
        Instant now = clock.instant();
        RestoreOverrides overrides =
                new RestoreOverrides(
                        request.billingModeOverride(),
                        request.globalSecondaryIndexOverride(),
                        request.localSecondaryIndexOverride(),
                        request.provisionedThroughputOverride(),
                        request.onDemandThroughputOverride(),
                        request.sseSpecificationOverride(),
                        request.vectorIndexOverride());
        Backup backup = store.read(tx -> Backups.get(tx, name));
        Origin origin =
                new Origin(true, backup.source().arn(), backup.arn(), backup.createdMillis());
        Table table =
                RestoreJob.table(caller, target, backup.source(), overrides, origin, now, ids);
        store.write(tx -> restore(tx, table, target, name));
        return new RestoreTableFromBackupOutput(TableDescriptions.creating(table, now));
    }

    private static boolean restore(
            Transaction tx, Table table, TableName target, Backup.Name name) {
        RestoreJob.checkTarget(tx, target);
        Backup backup = Backups.get(tx, name);
        if (!backup.available()) {
            throw DynamoDbErrors.backupInUse("Backup is being created: " + backup.arn());
        }
        if (backup.restoring() != null) {
            throw DynamoDbErrors.backupInUse(
                    "Backup is being used to restore another table: " + backup.arn());
        }
        Tables.put(tx, table);
        Backups.put(tx, backup.restoring(table.name()));
        RestoreJob.begin(tx, target, backup);
        return true;
    }
}

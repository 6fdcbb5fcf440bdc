package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DeleteBackupInput;
import io.millrace.api.dynamodb.DeleteBackupOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteBackup`: removes a backup and its items, at once.
///
/// Errors: `BackupNotFoundException`, `BackupInUseException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html).
final class DeleteBackup implements Operation<DeleteBackupInput, DeleteBackupOutput> {
    private final Store store;

    DeleteBackup(Store store) {
        this.store = store;
    }

    @Override
    public DeleteBackupOutput handle(Caller caller, DeleteBackupInput request) {
        Backup.Name name = Backup.Name.of(caller, request.backupArn());
        Backup deleted = store.write(tx -> delete(tx, name));
        return new DeleteBackupOutput(BackupDescriptions.deleted(deleted));
    }

    private static Backup delete(Transaction tx, Backup.Name name) {
        Backup backup = Backups.get(tx, name);
        if (!backup.available()) {
            throw DynamoDbErrors.backupInUse("Backup is being created: " + backup.arn());
        }
        if (backup.restoring() != null) {
            throw DynamoDbErrors.backupInUse(
                    "Backup is being used to restore table: " + backup.arn());
        }
        Backups.remove(tx, backup);
        return backup;
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeBackupInput;
import io.millrace.api.dynamodb.DescribeBackupOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeBackup`: a backup, and its table as it was.
///
/// Errors: `BackupNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html).
final class DescribeBackup implements Operation<DescribeBackupInput, DescribeBackupOutput> {
    private final Store store;

    DescribeBackup(Store store) {
        this.store = store;
    }

    @Override
    public DescribeBackupOutput handle(Caller caller, DescribeBackupInput request) {
        Backup.Name name = Backup.Name.of(caller, request.backupArn());
        Backup backup = store.read(tx -> Backups.get(tx, name));
        return new DescribeBackupOutput(BackupDescriptions.description(backup));
    }
}

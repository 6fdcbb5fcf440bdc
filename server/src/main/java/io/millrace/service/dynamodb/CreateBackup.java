package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateBackupInput;
import io.millrace.api.dynamodb.CreateBackupOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Tables.Contents;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.List;

/// `CreateBackup`: keeps a table as it is when this returns. The copy is taken behind the answer,
/// while the table is written to.
///
/// Errors: `TableNotFoundException`, `TableInUseException`, `LimitExceededException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html).
final class CreateBackup implements Operation<CreateBackupInput, CreateBackupOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    CreateBackup(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public CreateBackupOutput handle(Caller caller, CreateBackupInput request) {
        TableName name = TableName.of(caller, request.tableName());
        long now = clock.millis();
        String id = Backup.id(now, ids);
        long space = ids.number();
        // read apart, as a transaction that reads counters conflicts with every write
        Contents contents = store.read(tx -> Tables.contents(tx, existing(tx, name).number()));
        Backup backup =
                store.write(tx -> {
                    Table source = existing(tx, name);
                    Backup created =
                            new Backup(
                                    id,
                                    request.backupName(),
                                    Backup.USER,
                                    false,
                                    now,
                                    null,
                                    source.with(source.features().withSnapshots(List.of())),
                                    space,
                                    contents.itemCount(),
                                    contents.sizeBytes(),
                                    null);
                    return create(tx, source, created);
                });
        return new CreateBackupOutput(BackupDescriptions.details(backup));
    }

    private static Table existing(Snapshot tx, TableName name) {
        Table table = Tables.find(tx, name);
        if (table == null) {
            throw DynamoDbErrors.noTableToBackUp(name.name());
        }
        if (table.creating()) {
            throw DynamoDbErrors.tableInUse("Table is being created: " + name.name());
        }
        return table;
    }

    private static Backup create(Transaction tx, Table source, Backup backup) {
        TableCopy copy = TableCopy.now(source, backup.space());
        TableCopier.begin(tx, source, copy);
        Backups.put(tx, backup);
        BackupJob.begin(tx, backup, copy);
        return backup;
    }
}

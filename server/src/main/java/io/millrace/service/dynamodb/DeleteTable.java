package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DeleteTableInput;
import io.millrace.api.dynamodb.DeleteTableOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `DeleteTable`: removes a table and all its items, at once and in one small transaction: the
/// store marks a range of keys as deleted, whatever is in it. Its stream ends, and stays readable
/// for a day. With point-in-time recovery switched on, its items become a system backup.
///
/// Errors: `ResourceInUseException`, `ResourceNotFoundException`, `ValidationException` under
/// deletion protection. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html).
final class DeleteTable implements Operation<DeleteTableInput, DeleteTableOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    DeleteTable(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public DeleteTableOutput handle(Caller caller, DeleteTableInput request) {
        TableName name = TableName.of(caller, request.tableName());
        Instant now = clock.instant();
        Table deleted = store.write(tx -> delete(tx, name, now));
        return new DeleteTableOutput(TableDescriptions.deleting(deleted, now));
    }

    private Table delete(Transaction tx, TableName name, Instant now) {
        Table table = Tables.settled(tx, name);
        if (table.settings().deletionProtection()) {
            throw DynamoDbErrors.deletionProtected();
        }
        if (!table.features().snapshots().isEmpty()) {
            throw DynamoDbErrors.beingCopied(table.name());
        }
        if (VectorIndexUpdates.isBuilding(table)) {
            throw DynamoDbErrors.inUse(
                    "Cannot delete table while indexes are being created, updated, or deleted.");
        }
        Replication group = table.features().replication();
        if (group != null) {
            Replicas.leave(tx, table, group, now);
            return table;
        }
        TableStreaming.disable(tx, table, now);
        UpdateTimeToLive.end(tx, table);
        PointInTime history = table.features().pointInTime();
        if (history == null) {
            DynamoDbKeys.drop(tx, DynamoDbKeys.ITEM, table.number());
        } else {
            Backups.keepDeleted(tx, table, ids, now.toEpochMilli());
            history.history().drop(tx);
        }
        for (Index index : table.schema().indexes()) {
            DynamoDbKeys.drop(tx, DynamoDbKeys.INDEX_ENTRY, index.number());
        }
        for (VectorIndex index : table.features().vectorIndexes()) {
            DynamoDbKeys.drop(tx, DynamoDbKeys.VECTOR_ENTRY, index.number());
        }
        ResourcePolicies.drop(tx, table);
        Tables.delete(tx, table);
        return table;
    }
}

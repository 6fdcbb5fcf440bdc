package io.millrace.service.dynamodb;

import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;

import org.jspecify.annotations.Nullable;

/// Fills a global secondary index that is made for a table that may have items. Items whose
/// attributes cannot be its keys are left out. Source: [managing global
/// indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html).
final class IndexBackfill implements TableBackfill.Target<Index> {
    static final String KIND = "index";

    static void begin(Transaction tx, Table table, Index index) {
        TableBackfill.begin(tx, KIND, table, id(index));
    }

    /// Forgets the backfill of an index that is removed, if it still goes on.
    static void end(Transaction tx, Index index) {
        TableJobs.remove(tx, KIND, id(index));
    }

    private static String id(Index index) {
        return Long.toString(index.number());
    }

    @Override
    public @Nullable Index find(Table table, String id) {
        for (Index index : table.schema().indexes()) {
            if (id(index).equals(id)) {
                return index;
            }
        }
        return null;
    }

    @Override
    public boolean take(Transaction tx, Table table, Index index, byte[] key, StoredItem item) {
        return IndexEntries.fill(tx, table, index, item);
    }

    @Override
    public void finish(Transaction tx, Table table, Index index) {
        Tables.put(tx, table.with(index.withBackfilling(false)));
    }
}

package io.millrace.service.dynamodb;

import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.VectorIndex.Status;

import org.jspecify.annotations.Nullable;

/// Fills a vector index that is made for a table that may have items. Items without a valid vector,
/// or without the index's partition key, are left out. Source: [data synchronization between tables
/// and vector
/// indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchDataSync.html).
final class VectorBackfill implements TableBackfill.Target<VectorIndex> {
    static final String KIND = "vectors";

    static void begin(Transaction tx, Table table, VectorIndex index) {
        TableBackfill.begin(tx, KIND, table, id(index));
    }

    /// Forgets the backfill of an index that is removed, if it still goes on.
    static void end(Transaction tx, VectorIndex index) {
        TableJobs.remove(tx, KIND, id(index));
    }

    private static String id(VectorIndex index) {
        return Long.toString(index.number());
    }

    @Override
    public @Nullable VectorIndex find(Table table, String id) {
        for (VectorIndex index : table.features().vectorIndexes()) {
            if (id(index).equals(id)) {
                return index;
            }
        }
        return null;
    }

    @Override
    public boolean take(
            Transaction tx, Table table, VectorIndex index, byte[] key, StoredItem item) {
        return VectorEntries.add(tx, table, index, item);
    }

    @Override
    public void finish(Transaction tx, Table table, VectorIndex index) {
        Features features = table.features();
        Tables.put(
                tx,
                table.with(
                        features.withVectorIndexes(
                                features.vectorIndexes().stream()
                                        .map(each ->
                                                each.number() == index.number()
                                                        ? each.with(Status.ACTIVE)
                                                        : each)
                                        .toList())));
    }
}

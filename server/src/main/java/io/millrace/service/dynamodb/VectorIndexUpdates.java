package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateVectorIndexAction;
import io.millrace.api.dynamodb.GlobalSecondaryIndexUpdate;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.api.dynamodb.VectorIndexUpdate;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.VectorIndex.SearchAttribute;
import io.millrace.service.dynamodb.VectorIndex.Status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `VectorIndexUpdates`: makes and removes vector indexes of a table that there is. A new index is
/// filled in the background, see [VectorBackfill]; removing is done at once. One per run of an
/// update's transaction. Source: [creating and searching vector
/// indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchWorkingWith.html).
final class VectorIndexUpdates {
    private final Transaction tx;
    private final UpdateTableInput request;
    private final List<VectorIndexUpdate> updates;
    private Table table;
    private Table told;

    private VectorIndexUpdates(Transaction tx, UpdateTableInput request, Table table, Table told) {
        this.tx = tx;
        this.request = request;
        this.updates = asked(request);
        this.table = table;
        this.told = told;
    }

    static List<VectorIndexUpdate> asked(UpdateTableInput request) {
        List<VectorIndexUpdate> updates = request.vectorIndexUpdates();
        return updates == null ? List.of() : updates;
    }

    /// Checks what can be checked without the table.
    static void check(UpdateTableInput request) {
        for (VectorIndexUpdate update : asked(request)) {
            if (update.create() == null && update.delete() == null) {
                throw DynamoDbErrors.invalid(
                        "One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be"
                                + " null");
            }
            if (update.create() != null && update.delete() != null) {
                throw DynamoDbErrors.invalid(
                        "Only one vector index action is allowed per VectorIndexUpdate object");
            }
        }
    }

    /// @param updated the table with its other changes
    static IndexUpdates.Updated apply(
            Transaction tx,
            UpdateTableInput request,
            IndexUpdates.Updated updated,
            UpdateTable.Change change) {
        return new VectorIndexUpdates(tx, request, updated.table(), updated.told())
                .apply(updated, change.indexNumber());
    }

    /// @param number the internal number of an index that is made
    private IndexUpdates.Updated apply(IndexUpdates.Updated updated, long number) {
        if (!table.features().vectorIndexes().isEmpty()) {
            VectorIndexRules.requirePayPerRequest(table.settings().payPerRequest());
        }
        for (VectorIndexUpdate update : updates) {
            if (update.create() != null) {
                checkName(update.create().indexName());
            }
        }
        checkOneAtATime();
        for (VectorIndexUpdate update : updates) {
            if (update.create() != null) {
                create(update.create(), number);
            } else if (update.delete() != null) {
                delete(update.delete().indexName());
            }
        }
        return new IndexUpdates.Updated(table, told, updated.statuses());
    }

    private void checkName(String name) {
        VectorIndex index = table.features().vectorIndex(name);
        if (index != null && index.status() == Status.BACKFILLING) {
            throw DynamoDbErrors.inUse( // two spaces: so says AWS
                    "Index is being created.  Table: " + table.name() + " Index: " + name);
        }
        if (index != null || table.index(name) != null) {
            throw DynamoDbErrors.validation("Attempting to create an index which already exists");
        }
    }

    /// Together with the global indexes, whose own changes have been checked.
    private void checkOneAtATime() {
        int changes = 0;
        for (VectorIndexUpdate update : updates) {
            VectorIndex deleted =
                    update.delete() == null
                            ? null
                            : table.features().vectorIndex(update.delete().indexName());
            boolean endsBackfill = deleted != null && deleted.status() == Status.BACKFILLING;
            changes += endsBackfill ? 0 : 1;
        }
        if (changes == 0) {
            return;
        }
        if (request.globalSecondaryIndexUpdates() != null) {
            for (GlobalSecondaryIndexUpdate update : request.globalSecondaryIndexUpdates()) {
                changes += update.update() == null ? 1 : 0;
            }
        }
        if (changes > 1 || isBuilding(table)) {
            throw DynamoDbErrors.limitExceeded(
                    "Only 1 online index can be created or deleted simultaneously per table");
        }
    }

    /// Whether an index of any kind is being filled.
    static boolean isBuilding(Table table) {
        return table.schema().indexes().stream().anyMatch(Index::backfilling)
                || table.features().vectorIndexes().stream()
                        .anyMatch(index -> index.status() == Status.BACKFILLING);
    }

    private void create(CreateVectorIndexAction asked, long number) {
        checkNoKey(asked);
        VectorIndex index =
                VectorIndexRules.ofTable(
                        table,
                        new io.millrace.api.dynamodb.VectorIndex(
                                asked.indexName(),
                                asked.vectorAttribute(),
                                asked.searchSchema(),
                                asked.projection(),
                                asked.dimensions(),
                                asked.distanceFunction()),
                        request.attributeDefinitions(),
                        number);
        List<VectorIndex> indexes = new ArrayList<>(table.features().vectorIndexes());
        if (indexes.size() == DynamoDbLimits.VECTOR_INDEXES_MAX) {
            throw DynamoDbErrors.limitExceeded(
                    "Number of vector secondary indexes exceeds per-table limit of "
                            + DynamoDbLimits.VECTOR_INDEXES_MAX);
        }
        indexes.add(index);
        Map<String, KeyAttribute> definitions = new LinkedHashMap<>();
        for (SearchAttribute each : index.searchSchema()) {
            definitions.put(each.attribute().name(), each.attribute());
        }
        table.schema().definitions().forEach(each -> definitions.put(each.name(), each));
        table = IndexUpdates.withDefinitions(with(table, indexes), definitions.values());
        told = IndexUpdates.withDefinitions(with(told, indexes), definitions.values());
        VectorBackfill.begin(tx, table, index);
    }

    private static Table with(Table table, List<VectorIndex> indexes) {
        return table.with(table.features().withVectorIndexes(indexes));
    }

    private void checkNoKey(CreateVectorIndexAction asked) {
        String attribute = asked.vectorAttribute().attributeName();
        for (KeyAttribute key : table.key().attributes()) {
            if (key.name().equals(attribute)) {
                throw DynamoDbErrors.invalid(
                        "Attributes cannot be redefined. Please check that your attribute has the"
                                + " same type as previously defined. Existing schema:"
                                + " Schema:[SchemaElement: key{"
                                + attribute
                                + ":"
                                + key.type()
                                + ":"
                                + (key.equals(table.key().hash()) ? "HASH" : "RANGE")
                                + "}] New schema: VectorIndexSchema:[VectorAttribute: key{"
                                + attribute
                                + ":L:"
                                + asked.dimensions()
                                + "}]");
            }
        }
    }

    private void delete(String name) {
        VectorIndex index = table.features().vectorIndex(name);
        if (index == null) {
            throw DynamoDbErrors.indexNotFound(name, table.name());
        }
        DynamoDbKeys.drop(tx, DynamoDbKeys.VECTOR_ENTRY, index.number());
        VectorBackfill.end(tx, index);
        List<VectorIndex> left = new ArrayList<>(table.features().vectorIndexes());
        left.remove(index);
        table = IndexUpdates.withDefinitions(with(table, left), table.schema().definitions());
        List<VectorIndex> shown = new ArrayList<>(left);
        shown.add(index.with(Status.DELETING));
        told = with(told, shown);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.CreateGlobalSecondaryIndexAction;
import io.millrace.api.dynamodb.GlobalSecondaryIndexUpdate;
import io.millrace.api.dynamodb.OnDemandThroughput;
import io.millrace.api.dynamodb.ProvisionedThroughput;
import io.millrace.api.dynamodb.UpdateGlobalSecondaryIndexAction;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.Table.Schema;
import io.millrace.service.dynamodb.Table.Throughput;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `GlobalSecondaryIndexUpdates`: makes, changes and removes global indexes of a table that there
/// is. A new index is filled in the background, see [IndexBackfill]; the rest is done at once. One
/// per run of an update's transaction. Source: [managing global
/// indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html).
final class IndexUpdates {

    /// The table as it becomes, and as the answer tells it: an index that was removed is still
    /// there, and one that was changed is still as it was.
    ///
    /// @param statuses of the indexes that the request named
    record Updated(Table table, Table told, Map<String, String> statuses) {}

    private final Transaction tx;
    private final List<GlobalSecondaryIndexUpdate> updates;
    private final @Nullable List<AttributeDefinition> definitions;
    private final Instant now;
    private final Map<String, String> statuses = new HashMap<>();
    private Table table;
    private Table told;

    /// @param table with its new settings
    private IndexUpdates(Transaction tx, UpdateTableInput request, Table table, Instant now) {
        List<GlobalSecondaryIndexUpdate> asked = request.globalSecondaryIndexUpdates();
        this.tx = tx;
        this.updates = asked == null ? List.of() : asked;
        this.definitions = request.attributeDefinitions();
        this.now = now;
        this.table = table;
        this.told = table;
    }

    /// Checks what can be checked without the table.
    static void check(List<GlobalSecondaryIndexUpdate> updates) {
        if (updates.isEmpty()) {
            throw DynamoDbErrors.invalid("List of GlobalSecondaryIndexUpdates is empty");
        }
        Set<String> names = new HashSet<>();
        for (GlobalSecondaryIndexUpdate update : updates) {
            List<String> named = names(update);
            if (named.isEmpty()) {
                throw DynamoDbErrors.invalid(
                        "One of GlobalSecondaryIndexUpdate.Update,"
                                + " GlobalSecondaryIndexUpdate.Create,"
                                + " GlobalSecondaryIndexUpdate.Delete must not be null");
            }
            if (named.size() > 1) {
                throw DynamoDbErrors.invalid(
                        "Only one global secondary index action is allowed per"
                                + " GlobalSecondaryIndexUpdate object");
            }
            if (!names.add(named.getFirst())) {
                throw DynamoDbErrors.invalid(
                        "Only one global secondary index update per index is allowed"
                                + " simultaneously. Index: "
                                + named.getFirst());
            }
        }
    }

    private static List<String> names(GlobalSecondaryIndexUpdate update) {
        List<String> names = new ArrayList<>();
        if (update.update() != null) {
            names.add(update.update().indexName());
        }
        if (update.create() != null) {
            names.add(update.create().indexName());
        }
        if (update.delete() != null) {
            names.add(update.delete().indexName());
        }
        return names;
    }

    /// @param old the table as it was
    /// @param changed the table with its new settings
    static Updated apply(
            Transaction tx,
            UpdateTableInput request,
            Table old,
            Table changed,
            UpdateTable.Change change) {
        boolean wasPayPerRequest = old.settings().payPerRequest();
        return new IndexUpdates(tx, request, changed, change.now())
                .apply(wasPayPerRequest, change.indexNumber());
    }

    /// @param number the internal number of an index that is made
    private Updated apply(boolean wasPayPerRequest, long number) {
        checkOneAtATime();
        for (GlobalSecondaryIndexUpdate update : updates) {
            if (update.create() != null) {
                create(update.create(), number);
            } else if (update.delete() != null) {
                delete(update.delete().indexName());
            } else if (update.update() != null) {
                update(update.update());
            }
        }
        if (wasPayPerRequest != table.settings().payPerRequest()) {
            switchBilling();
        }
        return new Updated(table, told, statuses);
    }

    private void checkOneAtATime() {
        int changes = 0;
        for (GlobalSecondaryIndexUpdate update : updates) {
            boolean endsBackfill =
                    update.delete() != null && isBackfilling(update.delete().indexName());
            changes += update.update() == null && !endsBackfill ? 1 : 0;
        }
        changes += changes > 0 && VectorIndexUpdates.isBuilding(table) ? 1 : 0;
        if (changes > 1) {
            throw DynamoDbErrors.limitExceeded(
                    "Only 1 online index can be created or deleted simultaneously per table");
        }
    }

    private boolean isBackfilling(String name) {
        Index index = table.index(name);
        return index != null && index.backfilling();
    }

    private void create(CreateGlobalSecondaryIndexAction asked, long number) {
        String name = asked.indexName();
        if (table.index(name) != null || isVectorIndex(name)) {
            throw DynamoDbErrors.validation("Attempting to create an index which already exists");
        }
        if (definitions == null || definitions.isEmpty()) {
            throw DynamoDbErrors.invalid(
                    "AttributeDefinitions is not specified for index: " + name);
        }
        KeyRules keys = KeyRules.of(table.schema().definitions(), definitions);
        KeySchema key = keys.globalKey(asked.keySchema());
        String projectionType = ProjectionRules.check(asked.projection());
        boolean payPerRequest = table.settings().payPerRequest();
        Index index =
                new Index(
                        name,
                        number,
                        true,
                        key,
                        projectionType,
                        ProjectionRules.nonKeyAttributes(asked.projection()),
                        throughput(asked, payPerRequest),
                        Billing.onDemand(asked.onDemandThroughput(), payPerRequest, name),
                        true);
        if (table.indexes(true).size() == DynamoDbLimits.GLOBAL_INDEXES_MAX) {
            throw DynamoDbErrors.limitExceeded(
                    "Number of global secondary indexes exceeds per-table limit of "
                            + DynamoDbLimits.GLOBAL_INDEXES_MAX);
        }
        table = withDefinitions(table.with(index), keys.definitions());
        table = WarmThroughput.create(table, index, asked.warmThroughput());
        ProjectionRules.checkTotal(projectedAttributes());
        told = withDefinitions(told.with(index), keys.definitions());
        statuses.put(name, "CREATING");
        IndexBackfill.begin(tx, table, index);
    }

    private boolean isVectorIndex(String name) {
        return table.features().vectorIndexes().stream()
                .anyMatch(index -> index.name().equals(name));
    }

    private int projectedAttributes() {
        int count = 0;
        for (Index index : table.schema().indexes()) {
            count += index.nonKeyAttributes().size();
        }
        for (VectorIndex index : table.features().vectorIndexes()) {
            count += index.nonKeyAttributes().size();
        }
        return count;
    }

    private static @Nullable Throughput throughput(
            CreateGlobalSecondaryIndexAction asked, boolean payPerRequest) {
        ProvisionedThroughput throughput = asked.provisionedThroughput();
        if (payPerRequest && throughput != null) {
            throw DynamoDbErrors.invalid(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
                            + asked.indexName()
                            + " when BillingMode is PAY_PER_REQUEST");
        }
        if (!payPerRequest && throughput == null) {
            throw DynamoDbErrors.invalid(
                    "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                            + asked.indexName());
        }
        return throughput == null ? null : ProvisionedRules.ofNew(throughput, asked.indexName());
    }

    /// Of the definitions, keeps those that an index or the table still goes by, in the order of
    /// their names.
    static Table withDefinitions(Table changed, Iterable<KeyAttribute> definitions) {
        Set<String> names = new HashSet<>(changed.key().names());
        changed.schema().indexes().forEach(index -> names.addAll(index.key().names()));
        for (VectorIndex index : changed.features().vectorIndexes()) {
            index.searchSchema().forEach(element -> names.add(element.attribute().name()));
        }
        List<KeyAttribute> used = new ArrayList<>();
        definitions.forEach(attribute -> {
            if (names.contains(attribute.name())) {
                used.add(attribute);
            }
        });
        used.sort(Comparator.comparing(KeyAttribute::name));
        return changed.with(new Schema(used, changed.key(), changed.schema().indexes()));
    }

    private void delete(String name) {
        Index index = globalIndex(name, "delete");
        DynamoDbKeys.drop(tx, DynamoDbKeys.INDEX_ENTRY, index.number());
        IndexBackfill.end(tx, index);
        List<Index> left = new ArrayList<>(table.schema().indexes());
        left.remove(index);
        Schema schema = table.schema();
        Table without = table.with(new Schema(schema.definitions(), schema.key(), left));
        table = WarmThroughput.without(withDefinitions(without, schema.definitions()), index);
        statuses.put(name, "DELETING");
    }

    private void update(UpdateGlobalSecondaryIndexAction asked) {
        String name = asked.indexName();
        Index index = globalIndex(name, "update");
        if (index.backfilling()) {
            throw DynamoDbErrors.inUse(
                    "Index is being created. Table: " + table.name() + " Index: " + name);
        }
        boolean payPerRequest = table.settings().payPerRequest();
        ProvisionedThroughput throughput = asked.provisionedThroughput();
        OnDemandThroughput onDemand = asked.onDemandThroughput();
        boolean other = onDemand != null || asked.warmThroughput() != null;
        if (payPerRequest && (throughput != null || !other)) {
            throw DynamoDbErrors.invalid(
                    "The only Updates for index: "
                            + name
                            + " when TableThroughputMode is PAY_PER_REQUEST can be to"
                            + " OnDemandThroughput, WarmThroughput");
        }
        if (!payPerRequest && throughput == null && !other) {
            throw DynamoDbErrors.invalid(
                    "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                            + name);
        }
        table =
                table.with(
                        index.with(
                                throughput == null
                                        ? index.throughput()
                                        : ProvisionedRules.changed(
                                                index.throughput(), throughput, name, now),
                                onDemand == null
                                        ? index.onDemand()
                                        : Billing.onDemand(
                                                index.onDemand(), onDemand, payPerRequest, name)));
        if (asked.warmThroughput() != null) {
            table = WarmThroughput.update(table, index, asked.warmThroughput());
        }
        if (throughput != null || onDemand != null) {
            statuses.put(name, "UPDATING");
        }
    }

    private Index globalIndex(String name, String action) {
        Index index = table.index(name);
        if (index == null) {
            throw DynamoDbErrors.noIndexToUpdate(name, table.name());
        }
        if (!index.global()) {
            throw DynamoDbErrors.validation(
                    "Cannot " + action + " an index that is not a GlobalSecondaryIndex: " + name);
        }
        return index;
    }

    /// The indexes follow the table's billing mode, and the answer tells so.
    private void switchBilling() {
        boolean payPerRequest = table.settings().payPerRequest();
        for (Index index : table.indexes(true)) {
            if (!payPerRequest && index.throughput() == null) {
                throw DynamoDbErrors.invalid(
                        "ProvisionedThroughput must be specified for index: " + index.name());
            }
            Index switched =
                    payPerRequest
                            ? index.with(null, index.onDemand())
                            : index.with(index.throughput(), null);
            table = table.with(switched);
            told = told.with(switched);
            statuses.putIfAbsent(index.name(), index.backfilling() ? "CREATING" : "UPDATING");
        }
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.GlobalSecondaryIndexUpdate;
import io.millrace.api.dynamodb.ReplicaDescription;
import io.millrace.api.dynamodb.ReplicationGroupUpdate;
import io.millrace.api.dynamodb.SSESpecification;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.TableDescription;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.api.dynamodb.UpdateTableOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.dynamodb.Table.Settings;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `UpdateTable`: switches the stream, makes and removes global and vector indexes, changes
/// billing, class, key, warmth and deletion protection; effective when it returns, but for a new
/// index, which must be filled first.
///
/// Errors: `LimitExceededException`, `ResourceInUseException`, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html).
final class UpdateTable implements Operation<UpdateTableInput, UpdateTableOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final CustomerKeys keys;

    UpdateTable(Store store, InstantSource clock, Ids ids, CustomerKeys keys) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
    }

    @Override
    public UpdateTableOutput handle(Caller caller, UpdateTableInput request) {
        TableName name = TableName.of(caller, request.tableName());
        UpdateTableRules.check(request);
        refuseUnimplemented(request);
        TableStreaming.check(request.streamSpecification());
        Encryption.check(request.sseSpecification());
        Instant now = clock.instant();
        List<ReplicationGroupUpdate> replicas = request.replicaUpdates();
        if (replicas != null && !replicas.isEmpty()) {
            return replicate(caller, name, replicas, now);
        }
        Change change = new Change(now, ids.number(), ids.number());
        return store.write(tx -> {
            Table old = Tables.settled(tx, name);
            Table table = update(tx, caller, old, request, change);
            IndexUpdates.Updated updated =
                    VectorIndexUpdates.apply(
                            tx,
                            request,
                            IndexUpdates.apply(tx, request, old, table, change),
                            change);
            Tables.put(tx, WarmThroughput.kept(old, updated.table()));
            return new UpdateTableOutput(told(tx, request, old, updated, now));
        });
    }

    private UpdateTableOutput replicate(
            Caller caller, TableName name, List<ReplicationGroupUpdate> updates, Instant now) {
        ReplicaUpdates.check(updates, name.region());
        ReplicaUpdates.Fresh fresh =
                new ReplicaUpdates.Fresh(now, ids.uuid(), ids.number(), ids.number());
        return store.write(tx -> {
            Table old = Tables.settled(tx, name);
            List<ReplicaDescription> before = ReplicaDescriptions.of(tx, old);
            Table table = new ReplicaUpdates(caller, updates, fresh, keys).apply(tx, old);
            TableDescription told =
                    TableDescriptions.updating(tx, table, Map.of(), now).toBuilder()
                            .globalTableVersion(ReplicaDescriptions.VERSION)
                            .replicas(before)
                            .build();
            return new UpdateTableOutput(told);
        });
    }

    /// @param streamNumber for the log of a stream that is switched on
    /// @param indexNumber for the entries of an index that is made
    record Change(Instant now, long streamNumber, long indexNumber) {}

    private Table update(
            Transaction tx, Caller caller, Table old, UpdateTableInput request, Change change) {
        Table table = old;
        if (changesSettings(request)) {
            table = table.with(Billing.update(table.settings(), request, change.now()));
            if (table.features().replication() != null && !table.settings().payPerRequest()) {
                throw ReplicaUpdates.notAutoScaled();
            }
        }
        StreamSpecification stream = request.streamSpecification();
        if (stream != null) {
            table = TableStreaming.update(tx, table, stream, change.streamNumber(), change.now());
        }
        SSESpecification encryption = request.sseSpecification();
        if (encryption != null) {
            TableName name = new TableName(old.accountId(), old.region(), old.name());
            Features features = table.features();
            table =
                    table.with(
                            features.with(
                                    Encryption.resolved(
                                            tx,
                                            keys,
                                            caller,
                                            name,
                                            Encryption.update(
                                                    caller,
                                                    name,
                                                    features.encryption(),
                                                    encryption))));
        }
        if (request.warmThroughput() != null) {
            table = WarmThroughput.update(table, null, request.warmThroughput());
        }
        return table;
    }

    /// As AWS answers: capacity, class, key and warmth as they were, everything else as it is now.
    private static TableDescription told(
            Transaction tx,
            UpdateTableInput request,
            Table old,
            IndexUpdates.Updated updated,
            Instant now) {
        Table table = updated.told();
        Settings settings = table.settings();
        Settings before = old.settings();
        Table shown =
                table.with(
                                new Settings(
                                        before.throughput(),
                                        settings.onDemand(),
                                        before.payPerRequestMillis(),
                                        before.tableClass(),
                                        settings.deletionProtection()))
                        .with(
                                table.features()
                                        .with(old.features().encryption())
                                        .with(old.features().warmThroughput()));
        TableDescription.Builder description =
                TableDescriptions.updating(tx, shown, updated.statuses(), now).toBuilder();
        boolean atOnce =
                request.deletionProtectionEnabled() != null
                        || request.sseSpecification() != null
                        || request.warmThroughput() != null
                        || (request.billingMode() == null
                                && (request.onDemandThroughput() != null
                                        || changesIndexesOnly(request)));
        if (atOnce) {
            description.tableStatus("ACTIVE");
        }
        if (request.sseSpecification() != null) {
            description.sseDescription(Encryption.describeUpdating(old.features().encryption()));
        }
        return description.build();
    }

    private static boolean changesIndexesOnly(UpdateTableInput request) {
        List<GlobalSecondaryIndexUpdate> updates = request.globalSecondaryIndexUpdates();
        return updates != null
                && request.provisionedThroughput() == null
                && request.streamSpecification() == null
                && updates.stream().allMatch(update -> update.update() != null);
    }

    private static boolean changesSettings(UpdateTableInput request) {
        return request.billingMode() != null
                || request.provisionedThroughput() != null
                || request.onDemandThroughput() != null
                || request.tableClass() != null
                || request.deletionProtectionEnabled() != null;
    }

    private static void refuseUnimplemented(UpdateTableInput request) {
        if (request.multiRegionConsistency() != null
                || request.globalTableWitnessUpdates() != null
                || request.globalTableSettingsReplicationMode() != null) {
            throw DynamoDbErrors.notImplemented(
                    "strong consistency and witnesses of global tables");
        }
        if (request.disassociationProtectionEnabled() != null) {
            throw DynamoDbErrors.notImplemented("DisassociationProtectionEnabled");
        }
    }
}

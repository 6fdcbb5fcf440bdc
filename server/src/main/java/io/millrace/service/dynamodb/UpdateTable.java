package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.SSESpecification;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.TableDescription;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.api.dynamodb.UpdateTableOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Settings;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdateTable`: switches the stream, changes billing, class, key, warmth and deletion protection;
/// effective when it returns.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html).
final class UpdateTable implements Operation<UpdateTableInput, UpdateTableOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    UpdateTable(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public UpdateTableOutput handle(Caller caller, UpdateTableInput request) {
        TableName name = TableName.of(caller, request.tableName());
        UpdateTableRules.check(request);
        refuseUnimplemented(request);
        TableStreaming.check(request.streamSpecification());
        Encryption.check(request.sseSpecification());
        Instant now = clock.instant();
        long streamNumber = ids.number();
        return store.write(tx -> {
            Table old = Tables.settled(tx, name);
            Table table = update(tx, caller, old, request, new Change(now, streamNumber));
            Tables.put(tx, table);
            return new UpdateTableOutput(told(tx, request, old, table, now));
        });
    }

    /// @param streamNumber for the log of a stream that is switched on
    private record Change(Instant now, long streamNumber) {}

    private static Table update(
            Transaction tx, Caller caller, Table old, UpdateTableInput request, Change change) {
        Table table = old;
        if (changesSettings(request)) {
            table = table.with(Billing.update(table.settings(), request, change.now()));
            table = WarmThroughput.kept(old, Billing.withoutIndexThroughput(table));
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
                                    Encryption.update(
                                            caller, name, features.encryption(), encryption)));
        }
        if (request.warmThroughput() != null) {
            table = WarmThroughput.update(table, null, request.warmThroughput());
        }
        return table;
    }

    /// As AWS answers: capacity, class, key and warmth as they were, everything else as it is now.
    private static TableDescription told(
            Transaction tx, UpdateTableInput request, Table old, Table table, Instant now) {
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
                TableDescriptions.updating(tx, shown, now).toBuilder();
        boolean atOnce =
                request.deletionProtectionEnabled() != null
                        || request.sseSpecification() != null
                        || request.warmThroughput() != null
                        || (request.onDemandThroughput() != null && request.billingMode() == null);
        if (atOnce) {
            description.tableStatus("ACTIVE");
        }
        if (request.sseSpecification() != null) {
            description.sseDescription(Encryption.describeUpdating(old.features().encryption()));
        }
        return description.build();
    }

    private static boolean changesSettings(UpdateTableInput request) {
        return request.billingMode() != null
                || request.provisionedThroughput() != null
                || request.onDemandThroughput() != null
                || request.tableClass() != null
                || request.deletionProtectionEnabled() != null;
    }

    private static void refuseUnimplemented(UpdateTableInput request) {
        if (request.globalSecondaryIndexUpdates() != null
                && !request.globalSecondaryIndexUpdates().isEmpty()) {
            throw DynamoDbErrors.notImplemented("GlobalSecondaryIndexUpdates");
        }
        if (request.replicaUpdates() != null && !request.replicaUpdates().isEmpty()) {
            throw DynamoDbErrors.notImplemented("ReplicaUpdates");
        }
        if (request.multiRegionConsistency() != null
                || request.globalTableWitnessUpdates() != null
                || request.globalTableSettingsReplicationMode() != null) {
            throw DynamoDbErrors.notImplemented("global tables");
        }
    }
}

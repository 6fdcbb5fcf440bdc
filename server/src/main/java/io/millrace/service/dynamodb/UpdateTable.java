package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.api.dynamodb.UpdateTableOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdateTable`: switches the stream, changes billing, class and deletion protection; effective
/// when it returns.
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
        refuseUnimplemented(request);
        boolean settings = changesSettings(request);
        if (!settings && request.streamSpecification() == null) {
            throw DynamoDbErrors.validation(
                    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
                            + " GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is"
                            + " required");
        }
        TableStreaming.check(request.streamSpecification());
        Instant now = clock.instant();
        long streamNumber = ids.number();
        return store.write(tx -> {
            Table table = update(tx, name, request, settings, streamNumber, now);
            return new UpdateTableOutput(TableDescriptions.updating(tx, table, now));
        });
    }

    private static Table update(
            Transaction tx,
            TableName name,
            UpdateTableInput request,
            boolean settings,
            long streamNumber,
            Instant now) {
        Table table = Tables.table(tx, name);
        if (settings) {
            table = table.with(Billing.update(table.settings(), request, now));
        }
        StreamSpecification stream = request.streamSpecification();
        if (stream != null) {
            table = TableStreaming.update(tx, table, stream, streamNumber, now);
        }
        Tables.put(tx, table);
        return table;
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
        if (request.sseSpecification() != null) {
            throw DynamoDbErrors.notImplemented("SSESpecification");
        }
        if (request.replicaUpdates() != null && !request.replicaUpdates().isEmpty()) {
            throw DynamoDbErrors.notImplemented("ReplicaUpdates");
        }
        if (request.multiRegionConsistency() != null
                || request.globalTableWitnessUpdates() != null
                || request.globalTableSettingsReplicationMode() != null) {
            throw DynamoDbErrors.notImplemented("global tables");
        }
        if (request.warmThroughput() != null) {
            throw DynamoDbErrors.notImplemented("WarmThroughput");
        }
        if (request.vectorIndexUpdates() != null) {
            throw DynamoDbErrors.notImplemented("VectorIndexUpdates");
        }
        if (request.disassociationProtectionEnabled() != null) {
            throw DynamoDbErrors.notImplemented("DisassociationProtectionEnabled");
        }
    }
}

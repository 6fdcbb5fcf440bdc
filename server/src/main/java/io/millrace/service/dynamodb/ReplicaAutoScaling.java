package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AutoScalingSettingsUpdate;
import io.millrace.api.dynamodb.DescribeTableReplicaAutoScalingInput;
import io.millrace.api.dynamodb.DescribeTableReplicaAutoScalingOutput;
import io.millrace.api.dynamodb.GlobalSecondaryIndexAutoScalingUpdate;
import io.millrace.api.dynamodb.ReplicaAutoScalingDescription;
import io.millrace.api.dynamodb.ReplicaAutoScalingUpdate;
import io.millrace.api.dynamodb.ReplicaGlobalSecondaryIndexAutoScalingDescription;
import io.millrace.api.dynamodb.TableAutoScalingDescription;
import io.millrace.api.dynamodb.UpdateTableReplicaAutoScalingInput;
import io.millrace.api.dynamodb.UpdateTableReplicaAutoScalingOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.Replication.Member;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// `DescribeTableReplicaAutoScaling` and `UpdateTableReplicaAutoScaling`. Global tables are always
/// on demand here, and so scaling can only be found off and switched off, as at AWS.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html).
final class ReplicaAutoScaling {
    private final Store store;

    ReplicaAutoScaling(Store store) {
        this.store = store;
    }

    DescribeTableReplicaAutoScalingOutput describe(
            Caller caller, DescribeTableReplicaAutoScalingInput request) {
        TableName name = TableName.of(caller, request.tableName());
        return new DescribeTableReplicaAutoScalingOutput(store.read(tx -> description(tx, name)));
    }

    UpdateTableReplicaAutoScalingOutput update(
            Caller caller, UpdateTableReplicaAutoScalingInput request) {
        TableName name = TableName.of(caller, request.tableName());
        return store.read(tx -> {
            Replication group = group(Tables.find(tx, name), name);
            if (scalesWrites(request)) {
                throw onDemand(
                        name,
                        group,
                        "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate");
            }
            if (scalesReads(request)) {
                throw onDemand(
                        name, group, "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate");
            }
            return new UpdateTableReplicaAutoScalingOutput(description(tx, name));
        });
    }

    private static boolean scalesWrites(UpdateTableReplicaAutoScalingInput request) {
        List<GlobalSecondaryIndexAutoScalingUpdate> indexes = request.globalSecondaryIndexUpdates();
        if (indexes != null) {
            for (GlobalSecondaryIndexAutoScalingUpdate index : indexes) {
                if (scales(index.provisionedWriteCapacityAutoScalingUpdate())) {
                    return true;
                }
            }
        }
        return scales(request.provisionedWriteCapacityAutoScalingUpdate());
    }

    private static boolean scalesReads(UpdateTableReplicaAutoScalingInput request) {
        List<ReplicaAutoScalingUpdate> replicas = request.replicaUpdates();
        if (replicas != null) {
            for (ReplicaAutoScalingUpdate replica : replicas) {
                if (scales(replica.replicaProvisionedReadCapacityAutoScalingUpdate())) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether an update does more than switch auto scaling off.
    private static boolean scales(@Nullable AutoScalingSettingsUpdate update) {
        return update != null && !Boolean.TRUE.equals(update.autoScalingDisabled());
    }

    private static Replication group(@Nullable Table table, TableName name) {
        Replication group = table == null ? null : table.features().replication();
        if (group == null) {
            throw DynamoDbErrors.noGlobalTable(name.name());
        }
        return group;
    }

    private static ServiceException onDemand(TableName name, Replication group, String parameter) {
        String regions =
                group.members().stream()
                        .map(Member::region)
                        .sorted()
                        .map(region -> "'" + region.toUpperCase(Locale.ROOT) + "'")
                        .collect(Collectors.joining(", "));
        return DynamoDbErrors.validation(
                "Failed to update global table with name ‘"
                        + name.name()
                        + "‘. Replicas "
                        + regions
                        + " BillingMode is PayPerRequest. You must convert table's BillingMode to"
                        + " PROVISIONED to set parameters: '"
                        + parameter
                        + "'.");
    }

    private static TableAutoScalingDescription description(Snapshot tx, TableName name) {
        Table table = Tables.find(tx, name);
        Replication group = group(table, name);
        List<ReplicaAutoScalingDescription> replicas = new ArrayList<>();
        for (Member member : group.members()) {
            replicas.add(
                    ReplicaAutoScalingDescription.builder()
                            .regionName(member.region())
                            .globalSecondaryIndexes(indexes(table))
                            .replicaProvisionedReadCapacityAutoScalingSettings(
                                    ReplicaDescriptions.notScaled())
                            .replicaProvisionedWriteCapacityAutoScalingSettings(
                                    ReplicaDescriptions.notScaled())
                            .replicaStatus("ACTIVE")
                            .build());
        }
        return new TableAutoScalingDescription(name.name(), "ACTIVE", replicas);
    }

    private static List<ReplicaGlobalSecondaryIndexAutoScalingDescription> indexes(
            @Nullable Table table) {
        List<ReplicaGlobalSecondaryIndexAutoScalingDescription> indexes = new ArrayList<>();
        List<Index> all = table == null ? List.of() : table.indexes(true);
        for (Index index : all) {
            indexes.add(
                    ReplicaGlobalSecondaryIndexAutoScalingDescription.builder()
                            .indexName(index.name())
                            .indexStatus("ACTIVE")
                            .provisionedReadCapacityAutoScalingSettings(
                                    ReplicaDescriptions.notScaled())
                            .provisionedWriteCapacityAutoScalingSettings(
                                    ReplicaDescriptions.notScaled())
                            .build());
        }
        return indexes;
    }
}

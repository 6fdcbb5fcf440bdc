package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AutoScalingSettingsDescription;
import io.millrace.api.dynamodb.GlobalSecondaryIndexWarmThroughputDescription;
import io.millrace.api.dynamodb.OnDemandThroughputOverride;
import io.millrace.api.dynamodb.ReplicaDescription;
import io.millrace.api.dynamodb.ReplicaGlobalSecondaryIndexDescription;
import io.millrace.api.dynamodb.TableClassSummary;
import io.millrace.api.dynamodb.TableWarmThroughputDescription;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.OnDemand;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Tells of the other regions of a global table as a region's description does.
final class ReplicaDescriptions {
    static final String VERSION = "2019.11.21";

    private ReplicaDescriptions() {}

    static List<ReplicaDescription> of(Snapshot tx, Table table) {
        List<ReplicaDescription> replicas = new ArrayList<>();
        for (Table replica : Replicas.others(tx, table)) {
            replicas.add(describe(table, replica));
        }
        return replicas;
    }

    private static ReplicaDescription describe(Table table, Table replica) {
        Encryption encryption = replica.features().encryption();
        String tableClass = replica.settings().tableClass();
        Long maxReads = maxReads(replica);
        boolean overridden = maxReads != null && !Objects.equals(maxReads, maxReads(table));
        WarmThroughput.Units warm = WarmThroughput.ofTable(replica);
        return ReplicaDescription.builder()
                .regionName(replica.region())
                .replicaStatus("ACTIVE")
                .replicaArn(replica.arn())
                .kmsMasterKeyId(encryption == null ? null : encryption.kmsKeyArn())
                .onDemandThroughputOverride(
                        overridden ? new OnDemandThroughputOverride(maxReads) : null)
                .warmThroughput(
                        new TableWarmThroughputDescription(warm.reads(), warm.writes(), "ACTIVE"))
                .globalSecondaryIndexes(indexes(replica))
                .replicaTableClassSummary(
                        tableClass == null ? null : new TableClassSummary(tableClass, null))
                .build();
    }

    private static @Nullable Long maxReads(Table table) {
        OnDemand maximums = table.settings().onDemand();
        return maximums == null ? null : maximums.maxReadUnits();
    }

    private static @Nullable List<ReplicaGlobalSecondaryIndexDescription> indexes(Table replica) {
        List<ReplicaGlobalSecondaryIndexDescription> indexes = new ArrayList<>();
        for (Index index : replica.indexes(true)) {
            WarmThroughput.Units warm = WarmThroughput.ofIndex(replica, index);
            indexes.add(
                    ReplicaGlobalSecondaryIndexDescription.builder()
                            .indexName(index.name())
                            .warmThroughput(
                                    new GlobalSecondaryIndexWarmThroughputDescription(
                                            warm.reads(), warm.writes(), "ACTIVE"))
                            .build());
        }
        return indexes.isEmpty() ? null : indexes;
    }

    /// There is no auto scaling.
    static AutoScalingSettingsDescription notScaled() {
        return AutoScalingSettingsDescription.builder()
                .autoScalingDisabled(true)
                .scalingPolicies(List.of())
                .build();
    }
}

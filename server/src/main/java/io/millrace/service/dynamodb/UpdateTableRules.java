package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.GlobalSecondaryIndexUpdate;
import io.millrace.api.dynamodb.UpdateTableInput;
import io.millrace.api.dynamodb.VectorIndexUpdate;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one UpdateTable may change together: little. Checked before the table is looked up.
final class UpdateTableRules {
    private static final String PROVISIONED_THROUGHPUT = "ProvisionedThroughput";
    private static final String BILLING_MODE = "BillingMode";
    private static final String STREAM = "UpdateStreamEnabled";
    private static final String INDEXES = "GlobalSecondaryIndexUpdates";
    private static final String ENCRYPTION = "SSESpecification";
    private static final String REPLICAS = "ReplicaUpdates";
    private static final String CONSISTENCY = "MultiRegionConsistency";
    private static final String PROTECTION = "DeletionProtectionEnabled";
    private static final String ON_DEMAND = "OnDemandThroughput";
    private static final String WARM = "WarmThroughput";
    private static final String TABLE_CLASS = "TableClass";

    private UpdateTableRules() {}

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(UpdateTableInput request) {
        Map<String, Object> present = present(request);
        if (present.isEmpty() || present.keySet().equals(Set.of(CONSISTENCY))) {
            throw nothingAsked(!present.isEmpty());
        }
        if (request.globalSecondaryIndexUpdates() != null) {
            IndexUpdates.check(request.globalSecondaryIndexUpdates());
        }
        VectorIndexUpdates.check(request);
        alone(
                present,
                ENCRYPTION,
                "Server-Side Encryption modification must be the only operation");
        alone(present, TABLE_CLASS, "TableClass modification must be the only operation");
        alone(present, PROTECTION, "DeletionProtection modification must be the only operation");
        alone(present, REPLICAS, "Replica modification must be the only operation");
        if (present.containsKey(WARM) && createsIndex(request)) {
            throw DynamoDbErrors.invalid(
                    "Create global secondary index cannot be specified when updating"
                            + " WarmThroughput");
        }
        alone(present, WARM, "WarmThroughput must be the only operation");
        if (present.containsKey(ON_DEMAND)
                && !Set.of(ON_DEMAND, BILLING_MODE).containsAll(present.keySet())) {
            throw DynamoDbErrors.invalid(
                    "OnDemandThroughput can only be combined with BillingMode in an UpdateTable"
                            + " request");
        }
        checkCapacity(request, present);
    }

    private static void checkCapacity(UpdateTableInput request, Map<String, Object> present) {
        boolean capacity =
                present.containsKey(PROVISIONED_THROUGHPUT)
                        || "PROVISIONED".equals(request.billingMode());
        if (present.containsKey(STREAM) && capacity) {
            throw DynamoDbErrors.invalid(
                    "You cannot modify stream status while updating table IOPS");
        }
        if (!createsOrDeletesIndex(request)) {
            return;
        }
        if (present.containsKey(PROVISIONED_THROUGHPUT)) {
            throw DynamoDbErrors.invalid(
                    "You cannot create or delete index while updating table IOPS");
        }
        if (present.containsKey(STREAM)) {
            throw DynamoDbErrors.invalid(
                    "You cannot create or delete index while changing stream status");
        }
    }

    private static Map<String, Object> present(UpdateTableInput request) {
        Map<String, Object> present = new LinkedHashMap<>();
        put(present, PROVISIONED_THROUGHPUT, request.provisionedThroughput());
        put(present, BILLING_MODE, request.billingMode());
        put(present, STREAM, request.streamSpecification());
        put(present, INDEXES, indexUpdates(request).isEmpty() ? null : indexUpdates(request));
        List<VectorIndexUpdate> vectors = VectorIndexUpdates.asked(request);
        put(present, "VectorIndexUpdates", vectors.isEmpty() ? null : vectors);
        put(present, "DisassociationProtectionEnabled", request.disassociationProtectionEnabled());
        put(present, ENCRYPTION, request.sseSpecification());
        put(present, REPLICAS, request.replicaUpdates());
        put(present, "GlobalTableWitnessUpdates", request.globalTableWitnessUpdates());
        put(
                present,
                "GlobalTableSettingsReplicationMode",
                request.globalTableSettingsReplicationMode());
        put(present, CONSISTENCY, request.multiRegionConsistency());
        put(present, PROTECTION, request.deletionProtectionEnabled());
        put(present, ON_DEMAND, request.onDemandThroughput());
        put(present, WARM, request.warmThroughput());
        put(present, TABLE_CLASS, request.tableClass());
        return present;
    }

    private static void put(Map<String, Object> present, String name, @Nullable Object value) {
        if (value != null) {
            present.put(name, value);
        }
    }

    private static void alone(Map<String, Object> present, String name, String message) {
        if (present.containsKey(name) && present.size() > 1) {
            throw DynamoDbErrors.invalid(message + " in the request");
        }
    }

    private static List<GlobalSecondaryIndexUpdate> indexUpdates(UpdateTableInput request) {
        List<GlobalSecondaryIndexUpdate> updates = request.globalSecondaryIndexUpdates();
        return updates == null ? List.of() : updates;
    }

    private static boolean createsIndex(UpdateTableInput request) {
        return indexUpdates(request).stream().anyMatch(update -> update.create() != null);
    }

    private static boolean createsOrDeletesIndex(UpdateTableInput request) {
        return indexUpdates(request).stream()
                .anyMatch(update -> update.create() != null || update.delete() != null);
    }

    private static ServiceException nothingAsked(boolean consistency) {
        return DynamoDbErrors.validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
                        + " GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates,"
                        + " MultiAccountReplicaReady, ReplicaTransitRoleArn, "
                        + (consistency ? "" : "MultiRegionConsistency, ")
                        + "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or"
                        + " TableClass is required");
    }
}

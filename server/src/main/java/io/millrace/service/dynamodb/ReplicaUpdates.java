package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateReplicationGroupMemberAction;
import io.millrace.api.dynamodb.ReplicationGroupUpdate;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.UpdateReplicationGroupMemberAction;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.dynamodb.Replication.Member;
import io.millrace.service.dynamodb.Table.OnDemand;
import io.millrace.service.dynamodb.Table.Settings;
import io.millrace.service.dynamodb.Table.StreamState;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// What UpdateTable does to the regions of a global table, version 2019.11.21.
///
/// All regions are in this store and share one space of items, so a write in one region is the same
/// transaction in all: there are no conflicts, and no region is ever behind.
final class ReplicaUpdates {
    private static final Set<String> REGIONS =
            Set.of(
                    "af-south-1",
                    "ap-east-1",
                    "ap-east-2",
                    "ap-northeast-1",
                    "ap-northeast-2",
                    "ap-northeast-3",
                    "ap-south-1",
                    "ap-south-2",
                    "ap-southeast-1",
                    "ap-southeast-2",
                    "ap-southeast-3",
                    "ap-southeast-4",
                    "ap-southeast-5",
                    "ap-southeast-7",
                    "ca-central-1",
                    "ca-west-1",
                    "eu-central-1",
                    "eu-central-2",
                    "eu-north-1",
                    "eu-south-1",
                    "eu-south-2",
                    "eu-west-1",
                    "eu-west-2",
                    "eu-west-3",
                    "il-central-1",
                    "me-central-1",
                    "me-south-1",
                    "mx-central-1",
                    "sa-east-1",
                    "us-east-1",
                    "us-east-2",
                    "us-west-1",
                    "us-west-2");
    private static final String BOTH_IMAGES = "NEW_AND_OLD_IMAGES";

    /// What a new region needs; made outside of the transaction.
    record Fresh(Instant now, String tableId, long streamNumber, long replicaStreamNumber) {}

    private final Caller caller;
    private final List<ReplicationGroupUpdate> updates;
    private final Fresh fresh;
    private final CustomerKeys keys;

    ReplicaUpdates(
            Caller caller, List<ReplicationGroupUpdate> updates, Fresh fresh, CustomerKeys keys) {
        this.caller = caller;
        this.updates = updates;
        this.fresh = fresh;
        this.keys = keys;
    }

    /// Checks what needs no table.
    ///
    /// @throws ServiceException `ValidationException`
    static void check(List<ReplicationGroupUpdate> updates, String localRegion) {
        Set<String> made = new LinkedHashSet<>();
        for (ReplicationGroupUpdate update : updates) {
            long actions =
                    Stream.of(update.create(), update.update(), update.delete())
                            .filter(Objects::nonNull)
                            .count();
            if (actions == 0) {
                throw nothingToDo();
            }
            if (actions > 1) {
                throw DynamoDbErrors.validation(
                        "Update table operation with more than one type of replica actions not"
                                + " allowed.");
            }
            String region = region(update);
            if (region.equals(localRegion)) {
                throw DynamoDbErrors.validation(
                        "Cannot add or delete the local region through ReplicaUpdates. Use"
                                + " CreateTable, DeleteTable, or UpdateTable as required.");
            }
            if (!REGIONS.contains(region)) {
                throw DynamoDbErrors.validation(
                        "Region "
                                + region
                                + " is not supported. The latest version of global tables are only"
                                + " supported in the following regions: ["
                                + String.join(", ", REGIONS.stream().sorted().toList())
                                + "]");
            }
            if (update.update() == null) {
                made.add((update.create() == null ? "-" : "+") + region);
            }
        }
        if (made.size() > 1) {
            throw DynamoDbErrors.validation(
                    "Update table operation with more than one create or delete replica actions not"
                            + " allowed");
        }
    }

    private static String region(ReplicationGroupUpdate update) {
        if (update.create() != null) {
            return update.create().regionName();
        }
        return update.update() != null
                ? update.update().regionName()
                : Objects.requireNonNull(update.delete()).regionName();
    }

    private static ServiceException nothingToDo() {
        return DynamoDbErrors.validation(
                "There are no actions specified in the Replica Update Action of the request.");
    }

    /// The table's own record afterwards.
    ///
    /// @throws ServiceException `ValidationException`
    Table apply(Transaction tx, Table table) {
        Table current = table;
        boolean created = false;
        for (ReplicationGroupUpdate update : updates) {
            if (update.create() != null) {
                if (!created) { // the same one again counts once
                    create(tx, current, update.create());
                    created = true;
                }
            } else if (update.update() != null) {
                change(tx, replica(tx, current, update.update().regionName()), update.update());
            } else {
                delete(tx, current, region(update));
            }
            current = Tables.table(tx, name(table, table.region()));
        }
        return current;
    }

    private static TableName name(Table table, String region) {
        return new TableName(table.accountId(), region, table.name());
    }

    private static @Nullable Member member(Table table, String region) {
        Replication group = table.features().replication();
        return group == null ? null : group.member(region);
    }

    /// Terraform tells by the words whether a table has any replicas left to delete.
    private static Table replica(Transaction tx, Table table, String region) {
        if (table.features().replication() == null) {
            throw DynamoDbErrors.validation(
                    "Replica specified in the Replica Update or Replica Delete action of the"
                            + " request was not found.");
        }
        Table replica = member(table, region) == null ? null : Tables.find(tx, name(table, region));
        if (replica == null) {
            throw DynamoDbErrors.validation(
                    "Update global table operation failed because one or more replicas were not part"
                            + " of the global table. Please retry the request without these"
                            + " replicas: ["
                            + region
                            + "].");
        }
        return replica;
    }

    private void create(Transaction tx, Table table, CreateReplicationGroupMemberAction asked) {
        String region = asked.regionName();
        if (Tables.find(tx, name(table, region)) != null) {
            throw DynamoDbErrors.validation(
                    "Failed to create a the new replica of table with name: ‘"
                            + table.name()
                            + "’ because one or more replicas already existed as tables.");
        }
        if (!table.settings().payPerRequest()) {
            throw notAutoScaled();
        }
        if (asked.globalSecondaryIndexes() != null
                && asked.globalSecondaryIndexes().stream()
                        .anyMatch(index -> index.onDemandThroughputOverride() != null)) {
            throw DynamoDbErrors.notImplemented("overrides of a replica's indexes");
        }
        Encryption encryption =
                Encryption.resolved(
                        tx,
                        keys,
                        caller,
                        name(table, region),
                        encryption(table, region, asked.kmsMasterKeyId()));
        long nowMillis = fresh.now().toEpochMilli();
        Table source = streaming(tx, table);
        Features shared = source.features();
        Replication group =
                shared.replication() == null
                        ? new Replication(
                                List.of(
                                        new Member(
                                                table.region(),
                                                null,
                                                table.createdMillis(),
                                                source.stream())))
                        : shared.replication();
        Table plain =
                new Table(
                        table.accountId(),
                        region,
                        table.name(),
                        fresh.tableId(),
                        table.number(),
                        nowMillis,
                        table.schema(),
                        settings(table.settings(), asked),
                        null,
                        Map.of(),
                        Features.NONE
                                .with(shared.timeToLive())
                                .with(shared.pointInTime())
                                .withSnapshots(shared.snapshots())
                                .withVectorIndexes(shared.vectorIndexes())
                                .with(encryption));
        Table replica =
                TableStreaming.enable(
                        tx,
                        plain,
                        new StreamSpecification(true, viewType(source)),
                        fresh.replicaStreamNumber(),
                        fresh.now());
        Tables.write(tx, replica);
        Member added = new Member(region, table.region(), nowMillis, replica.stream());
        Tables.put(tx, source.with(shared.with(group.with(added))));
    }

    /// As AWS says it for provisioned tables, which would need auto scaling.
    static ServiceException notAutoScaled() {
        return DynamoDbErrors.validation(
                "Table write capacity should either be Pay-Per-Request or AutoScaled.");
    }

    /// The table with a stream, which every region of a global table has.
    private Table streaming(Transaction tx, Table table) {
        return table.streaming()
                ? table
                : TableStreaming.enable(
                        tx,
                        table,
                        new StreamSpecification(true, BOTH_IMAGES),
                        fresh.streamNumber(),
                        fresh.now());
    }

    private static String viewType(Table table) {
        StreamState stream = table.stream();
        return stream == null ? BOTH_IMAGES : stream.viewType();
    }

    private static Settings settings(Settings source, CreateReplicationGroupMemberAction asked) {
        Long maxReads =
                asked.onDemandThroughputOverride() == null
                        ? null
                        : asked.onDemandThroughputOverride().maxReadRequestUnits();
        return new Settings(
                null,
                maxReads == null ? source.onDemand() : overridden(source.onDemand(), maxReads),
                source.payPerRequestMillis(),
                asked.tableClassOverride() == null
                        ? source.tableClass()
                        : asked.tableClassOverride(),
                false);
    }

    private static @Nullable OnDemand overridden(@Nullable OnDemand old, long maxReads) {
        Long maxWrites = old == null ? null : old.maxWriteUnits();
        Long reads = maxReads < 1 ? null : Long.valueOf(maxReads);
        return reads == null && maxWrites == null ? null : new OnDemand(reads, maxWrites);
    }

    /// The replica's key: in its own region, and of the same kind as the table's.
    private @Nullable Encryption encryption(Table table, String region, @Nullable String keyId) {
        Encryption source = table.features().encryption();
        TableName target = name(table, region);
        if (source == null) {
            if (keyId != null) {
                throw DynamoDbErrors.invalid(
                        "All replica keys must either be Customer Managed CMK or AWS Managed CMK.");
            }
            return null;
        }
        boolean managed = source.isManaged(name(table, table.region()));
        if (managed == (keyId != null && !Encryption.isManaged(keyId))) {
            throw DynamoDbErrors.invalid(
                    managed
                            ? "All replica keys must either be Customer Managed CMK or AWS Managed"
                                    + " CMK."
                            : "KMSMasterKeyId must be specified for each replica.");
        }
        return Encryption.ofKey(caller, target, keyId);
    }

    private static void change(
            Transaction tx, Table replica, UpdateReplicationGroupMemberAction asked) {
        if (asked.kmsMasterKeyId() != null) {
            throw DynamoDbErrors.invalid(
                    "KMSMasterKeyId of a replica can only be changed in the replica's region");
        }
        if (asked.provisionedThroughputOverride() != null) {
            throw DynamoDbErrors.validation(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when"
                            + " BillingMode is PAY_PER_REQUEST");
        }
        if (asked.globalSecondaryIndexes() != null) {
            throw DynamoDbErrors.notImplemented("overrides of a replica's indexes");
        }
        if (asked.tableClassOverride() == null && asked.onDemandThroughputOverride() == null) {
            throw nothingToDo();
        }
        Settings old = replica.settings();
        Long maxReads =
                asked.onDemandThroughputOverride() == null
                        ? null
                        : asked.onDemandThroughputOverride().maxReadRequestUnits();
        Tables.write(
                tx,
                replica.with(
                        new Settings(
                                old.throughput(),
                                maxReads == null
                                        ? old.onDemand()
                                        : overridden(old.onDemand(), maxReads),
                                old.payPerRequestMillis(),
                                asked.tableClassOverride() == null
                                        ? old.tableClass()
                                        : asked.tableClassOverride(),
                                old.deletionProtection())));
    }

    private void delete(Transaction tx, Table table, String region) {
        Table replica = replica(tx, table, region);
        if (replica.settings().deletionProtection()) {
            throw DynamoDbErrors.validation(
                    "Cannot delete table "
                            + table.name()
                            + " in region "
                            + region
                            + " because it has deletion protection enabled. Disable deletion"
                            + " protection first.");
        }
        Replicas.leave(
                tx, replica, Objects.requireNonNull(replica.features().replication()), fresh.now());
    }
}

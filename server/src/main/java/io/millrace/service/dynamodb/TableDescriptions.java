package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.BillingModeSummary;
import io.millrace.api.dynamodb.GlobalSecondaryIndexDescription;
import io.millrace.api.dynamodb.GlobalSecondaryIndexWarmThroughputDescription;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.api.dynamodb.LocalSecondaryIndexDescription;
import io.millrace.api.dynamodb.OnDemandThroughput;
import io.millrace.api.dynamodb.Projection;
import io.millrace.api.dynamodb.ProvisionedThroughputDescription;
import io.millrace.api.dynamodb.RestoreSummary;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.TableClassSummary;
import io.millrace.api.dynamodb.TableDescription;
import io.millrace.api.dynamodb.TableWarmThroughputDescription;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.Table.OnDemand;
import io.millrace.service.dynamodb.Table.StreamState;
import io.millrace.service.dynamodb.Table.Throughput;
import io.millrace.service.dynamodb.Tables.Contents;
import io.millrace.stream.TableStream;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Tells of a table as the API does.
///
/// A table is usable as soon as CreateTable or UpdateTable has answered. Their answers say
/// `CREATING` and `UPDATING` all the same, as AWS's do; DescribeTable says `ACTIVE` at once, but of
/// a global index that is still being filled.
final class TableDescriptions {
    private final Table table;
    private final Map<String, String> indexStatuses;
    private final Instant now;

    private TableDescriptions(Table table, Instant now) {
        this(table, Map.of(), now);
    }

    /// @param indexStatuses of indexes that are just being changed
    private TableDescriptions(Table table, Map<String, String> indexStatuses, Instant now) {
        this.table = table;
        this.indexStatuses = indexStatuses;
        this.now = now;
    }

    /// As CreateTable answers.
    static TableDescription creating(Table table, Instant now) {
        return new TableDescriptions(table, now).full("CREATING", null).build();
    }

    static TableDescription active(Snapshot tx, Table table, Instant now) {
        String status = table.creating() ? "CREATING" : "ACTIVE";
        return new TableDescriptions(table, now).full(status, tx).build();
    }

    /// As UpdateTable answers.
    ///
    /// @param indexStatuses of the indexes that it changes
    static TableDescription updating(
            Snapshot tx, Table table, Map<String, String> indexStatuses, Instant now) {
        return new TableDescriptions(table, indexStatuses, now).full("UPDATING", tx).build();
    }

    /// As DeleteTable answers: what is left to tell.
    static TableDescription deleting(Table table, Instant now) {
        return new TableDescriptions(table, now).common("DELETING", Contents.EMPTY).build();
    }

    private TableDescription.Builder common(String status, Contents contents) {
        Long payPerRequestMillis = table.settings().payPerRequestMillis();
        BillingModeSummary billing =
                payPerRequestMillis == null
                        ? null
                        : new BillingModeSummary(
                                table.settings().payPerRequest()
                                        ? "PAY_PER_REQUEST"
                                        : "PROVISIONED",
                                status.equals("CREATING")
                                        ? null
                                        : Instant.ofEpochMilli(payPerRequestMillis));
        return TableDescription.builder()
                .tableName(table.name())
                .tableStatus(status)
                .provisionedThroughput(throughput(table.settings().throughput()))
                .tableSizeBytes(contents.sizeBytes())
                .itemCount(contents.itemCount())
                .tableArn(table.arn())
                .tableId(table.id())
                .billingModeSummary(billing)
                .deletionProtectionEnabled(table.settings().deletionProtection());
    }

    private TableDescription.Builder full(String status, @Nullable Snapshot tx) {
        Contents contents = contents(tx, table.number());
        String tableClass = table.settings().tableClass();
        TableDescription.Builder description =
                common(status, contents)
                        .attributeDefinitions(definitions())
                        .keySchema(keySchema(table.key()))
                        .creationDateTime(Instant.ofEpochMilli(table.createdMillis()))
                        .tableClassSummary(
                                tableClass == null ? null : new TableClassSummary(tableClass, null))
                        .onDemandThroughput(onDemand(table.settings().onDemand()))
                        .warmThroughput(warm(WarmThroughput.ofTable(table), status))
                        .sseDescription(Encryption.describe(table.features().encryption()))
                        .localSecondaryIndexes(localIndexes(tx))
                        .globalSecondaryIndexes(globalIndexes(tx, status))
                        .vectorIndexes(VectorDescriptions.of(tx, table, status))
                        .restoreSummary(restoreSummary(table.features().origin()));
        if (tx != null && table.features().replication() != null) {
            description
                    .globalTableVersion(ReplicaDescriptions.VERSION)
                    .replicas(ReplicaDescriptions.of(tx, table));
        }
        StreamState stream = table.stream();
        if (stream != null) {
            description
                    .latestStreamLabel(stream.label())
                    .latestStreamArn(
                            TableStream.arn(
                                    table.accountId(),
                                    table.region(),
                                    table.name(),
                                    stream.label()));
            if (stream.enabled()) {
                description.streamSpecification(new StreamSpecification(true, stream.viewType()));
            }
        }
        return description;
    }

    private static @Nullable RestoreSummary restoreSummary(@Nullable Origin origin) {
        if (origin == null || origin.restoredToMillis() == null) {
            return null;
        }
        return new RestoreSummary(
                origin.sourceBackupArn(),
                origin.sourceTableArn(),
                Instant.ofEpochMilli(origin.restoredToMillis()),
                origin.running());
    }

    private static Contents contents(@Nullable Snapshot tx, long space) {
        return tx == null ? Contents.EMPTY : Tables.contents(tx, space);
    }

    private List<AttributeDefinition> definitions() {
        return table.schema().definitions().stream()
                .map(attribute -> new AttributeDefinition(attribute.name(), attribute.type()))
                .toList();
    }

    static List<KeySchemaElement> keySchema(KeySchema key) {
        List<KeySchemaElement> elements = new ArrayList<>();
        for (Table.KeyAttribute attribute : key.hashes()) {
            elements.add(new KeySchemaElement(attribute.name(), "HASH"));
        }
        for (Table.KeyAttribute attribute : key.ranges()) {
            elements.add(new KeySchemaElement(attribute.name(), "RANGE"));
        }
        return elements;
    }

    private ProvisionedThroughputDescription throughput(@Nullable Throughput throughput) {
        ProvisionedThroughputDescription.Builder description =
                ProvisionedThroughputDescription.builder();
        if (throughput == null) {
            return description
                    .numberOfDecreasesToday(0L)
                    .readCapacityUnits(0L)
                    .writeCapacityUnits(0L)
                    .build();
        }
        return description
                .lastIncreaseDateTime(instant(throughput.lastIncreaseMillis()))
                .lastDecreaseDateTime(instant(throughput.lastDecreaseMillis()))
                .numberOfDecreasesToday(ProvisionedRules.decreasesToday(throughput, now))
                .readCapacityUnits(throughput.readUnits())
                .writeCapacityUnits(throughput.writeUnits())
                .build();
    }

    private static @Nullable Instant instant(@Nullable Long epochMillis) {
        return epochMillis == null ? null : Instant.ofEpochMilli(epochMillis);
    }

    static @Nullable OnDemandThroughput onDemand(@Nullable OnDemand limits) {
        return limits == null
                ? null
                : new OnDemandThroughput(limits.maxReadUnits(), limits.maxWriteUnits());
    }

    private static TableWarmThroughputDescription warm(WarmThroughput.Units units, String status) {
        return new TableWarmThroughputDescription(units.reads(), units.writes(), status);
    }

    private String indexArn(Index index) {
        return table.arn() + "/index/" + index.name();
    }

    static Projection projection(Index index) {
        return new Projection(
                index.projectionType(),
                index.nonKeyAttributes().isEmpty() ? null : index.nonKeyAttributes());
    }

    private @Nullable List<LocalSecondaryIndexDescription> localIndexes(@Nullable Snapshot tx) {
        List<LocalSecondaryIndexDescription> descriptions = new ArrayList<>();
        for (Index index : table.indexes(false)) {
            Contents contents = contents(tx, index.number());
            descriptions.add(
                    LocalSecondaryIndexDescription.builder()
                            .indexName(index.name())
                            .keySchema(keySchema(index.key()))
                            .projection(projection(index))
                            .indexSizeBytes(contents.sizeBytes())
                            .itemCount(contents.itemCount())
                            .indexArn(indexArn(index))
                            .build());
        }
        return descriptions.isEmpty() ? null : descriptions;
    }

    private @Nullable List<GlobalSecondaryIndexDescription> globalIndexes(
            @Nullable Snapshot tx, String status) {
        List<GlobalSecondaryIndexDescription> descriptions = new ArrayList<>();
        for (Index index : table.indexes(true)) {
            Contents contents = contents(tx, index.number());
            String indexStatus = indexStatus(index, status);
            WarmThroughput.Units warm = WarmThroughput.ofIndex(table, index);
            descriptions.add(
                    GlobalSecondaryIndexDescription.builder()
                            .indexName(index.name())
                            .keySchema(keySchema(index.key()))
                            .projection(projection(index))
                            .indexStatus(indexStatus)
                            .backfilling(backfilling(index))
                            .provisionedThroughput(throughput(index.throughput()))
                            .indexSizeBytes(contents.sizeBytes())
                            .itemCount(contents.itemCount())
                            .indexArn(indexArn(index))
                            .onDemandThroughput(onDemand(index.onDemand()))
                            .warmThroughput(
                                    new GlobalSecondaryIndexWarmThroughputDescription(
                                            warm.reads(), warm.writes(), indexStatus))
                            .build());
        }
        return descriptions.isEmpty() ? null : descriptions;
    }

    private String indexStatus(Index index, String tableStatus) {
        if (tableStatus.equals("CREATING")) {
            return tableStatus;
        }
        return indexStatuses.getOrDefault(
                index.name(), index.backfilling() ? "CREATING" : "ACTIVE");
    }

    /// False in the answer that makes the index, as its filling has not begun then; told of no
    /// other index.
    private @Nullable Boolean backfilling(Index index) {
        return index.backfilling() ? !indexStatuses.containsKey(index.name()) : null;
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.GlobalSecondaryIndex;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.api.dynamodb.LocalSecondaryIndex;
import io.millrace.api.dynamodb.OnDemandThroughput;
import io.millrace.api.dynamodb.Projection;
import io.millrace.api.dynamodb.ProvisionedThroughput;
import io.millrace.api.dynamodb.SSESpecification;
import io.millrace.api.dynamodb.VectorIndex;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.Throughput;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What a restore asks to be different in the new table, and the table that it makes of that: a
/// request for CreateTable, so that both follow the same rules.
record RestoreOverrides(
        @Nullable String billingMode,
        @Nullable List<GlobalSecondaryIndex> globalIndexes,
        @Nullable List<LocalSecondaryIndex> localIndexes,
        @Nullable ProvisionedThroughput throughput,
        @Nullable OnDemandThroughput onDemand,
        @Nullable SSESpecification encryption,
        @Nullable List<VectorIndex> vectorIndexes) {

    /// The request that makes the new table.
    ///
    /// @throws io.millrace.wire.ServiceException when an index is none of the source's
    CreateTableInput request(String tableName, Table source) {
        String mode =
                billingMode != null
                        ? billingMode
                        : source.settings().payPerRequest() ? "PAY_PER_REQUEST" : "PROVISIONED";
        boolean perRequest = Billing.isPayPerRequest(mode);
        List<LocalSecondaryIndex> local =
                localIndexes == null
                        ? source.indexes(false).stream().map(RestoreOverrides::local).toList()
                        : localIndexes;
        List<GlobalSecondaryIndex> global =
                globalIndexes == null
                        ? source.indexes(true).stream()
                                .map(index -> global(index, perRequest))
                                .toList()
                        : globalIndexes;
        local.forEach(index ->
                check(source, false, index.indexName(), index.keySchema(), index.projection()));
        global.forEach(index ->
                check(source, true, index.indexName(), index.keySchema(), index.projection()));
        List<VectorIndex> vectors = vectorIndexes(source);
        return CreateTableInput.builder()
                .tableName(tableName)
                .vectorIndexes(vectors)
                .attributeDefinitions(definitions(source, local, global, vectors))
                .keySchema(TableDescriptions.keySchema(source.key()))
                .localSecondaryIndexes(local.isEmpty() ? null : local)
                .globalSecondaryIndexes(global.isEmpty() ? null : global)
                .billingMode(mode)
                .provisionedThroughput(
                        throughput != null || perRequest
                                ? throughput
                                : throughput(source.settings().throughput()))
                .onDemandThroughput(
                        onDemand != null || !perRequest
                                ? onDemand
                                : TableDescriptions.onDemand(source.settings().onDemand()))
                .sseSpecification(encryption)
                .tableClass(source.settings().tableClass())
                .build();
    }

    private List<VectorIndex> vectorIndexes(Table source) {
        List<VectorIndex> all =
                source.features().vectorIndexes().stream().map(VectorDescriptions::asked).toList();
        if (vectorIndexes == null) {
            return all;
        }
        for (VectorIndex index : vectorIndexes) {
            if (!all.contains(index)) {
                throw noSuchIndex(index.indexName());
            }
        }
        return vectorIndexes;
    }

    private static LocalSecondaryIndex local(Index index) {
        return new LocalSecondaryIndex(
                index.name(),
                TableDescriptions.keySchema(index.key()),
                TableDescriptions.projection(index));
    }

    private static GlobalSecondaryIndex global(Index index, boolean perRequest) {
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(TableDescriptions.keySchema(index.key()))
                .projection(TableDescriptions.projection(index))
                .provisionedThroughput(perRequest ? null : throughput(index.throughput()))
                .onDemandThroughput(
                        perRequest ? TableDescriptions.onDemand(index.onDemand()) : null)
                .build();
    }

    private static @Nullable ProvisionedThroughput throughput(@Nullable Throughput throughput) {
        return throughput == null
                ? null
                : new ProvisionedThroughput(throughput.readUnits(), throughput.writeUnits());
    }

    private static void check(
            Table source,
            boolean global,
            String name,
            List<KeySchemaElement> keySchema,
            Projection projection) {
        Index index = source.index(name);
        if (index == null
                || index.global() != global
                || !TableDescriptions.keySchema(index.key()).equals(keySchema)
                || !same(TableDescriptions.projection(index), projection)) {
            throw noSuchIndex(name);
        }
    }

    private static ServiceException noSuchIndex(String name) {
        return DynamoDbErrors.invalid(
                "Index to be restored does not match an index of the source table: " + name);
    }

    private static boolean same(Projection a, Projection b) {
        return Objects.equals(a.projectionType(), b.projectionType())
                && set(a.nonKeyAttributes()).equals(set(b.nonKeyAttributes()));
    }

    private static Set<String> set(@Nullable List<String> names) {
        return names == null ? Set.of() : new HashSet<>(names);
    }

    private static List<AttributeDefinition> definitions(
            Table source,
            List<LocalSecondaryIndex> local,
            List<GlobalSecondaryIndex> global,
            List<VectorIndex> vectors) {
        Set<String> used = new HashSet<>();
        add(used, TableDescriptions.keySchema(source.key()));
        local.forEach(index -> add(used, index.keySchema()));
        global.forEach(index -> add(used, index.keySchema()));
        for (VectorIndex index : vectors) {
            if (index.searchSchema() != null) {
                index.searchSchema().forEach(element -> used.add(element.attributeName()));
            }
        }
        return source.schema().definitions().stream()
                .filter(attribute -> used.contains(attribute.name()))
                .map(attribute -> new AttributeDefinition(attribute.name(), attribute.type()))
                .toList();
    }

    private static void add(Set<String> used, List<KeySchemaElement> keySchema) {
        keySchema.forEach(element -> used.add(element.attributeName()));
    }
}

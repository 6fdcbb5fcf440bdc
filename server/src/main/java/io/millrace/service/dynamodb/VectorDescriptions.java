package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.Projection;
import io.millrace.api.dynamodb.SearchSchemaElement;
import io.millrace.api.dynamodb.VectorAttributeDefinition;
import io.millrace.api.dynamodb.VectorIndexDescription;
import io.millrace.api.dynamodb.VectorIndexInfo;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.Tables.Contents;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Tells of vector indexes as the API does. An answer to the request that makes an index says
/// `CREATING`; while it is filled, DescribeTable says so too, and that it is backfilling.
final class VectorDescriptions {

    private VectorDescriptions() {}

    /// Null for none.
    ///
    /// @param tx null when there is nothing to count yet
    /// @param tableStatus as the same answer tells it
    static @Nullable List<VectorIndexDescription> of(
            @Nullable Snapshot tx, Table table, String tableStatus) {
        List<VectorIndexDescription> descriptions = new ArrayList<>();
        for (VectorIndex index : table.features().vectorIndexes()) {
            descriptions.add(of(tx, table, index, tableStatus));
        }
        return descriptions.isEmpty() ? null : descriptions;
    }

    private static VectorIndexDescription of(
            @Nullable Snapshot tx, Table table, VectorIndex index, String tableStatus) {
        Contents contents = tx == null ? Contents.EMPTY : Tables.contents(tx, index.number());
        return VectorIndexDescription.builder()
                .indexName(index.name())
                .searchSchema(searchSchema(index))
                .projection(projection(index))
                .vectorAttribute(new VectorAttributeDefinition(index.attribute()))
                .dimensions((long) index.dimensions())
                .distanceFunction(index.distance().name())
                .indexStatus(status(index, tableStatus))
                .backfilling(
                        switch (index.status()) {
                            case BACKFILLING -> !tableStatus.equals("UPDATING");
                            case ACTIVE, DELETING -> null;
                        })
                .indexSizeBytes(contents.sizeBytes())
                .itemCount(contents.itemCount())
                .indexArn(table.arn() + "/index/" + index.name())
                .build();
    }

    private static String status(VectorIndex index, String tableStatus) {
        return switch (index.status()) {
            case BACKFILLING -> "CREATING";
            case ACTIVE -> tableStatus.equals("CREATING") ? "CREATING" : "ACTIVE";
            case DELETING -> "DELETING";
        };
    }

    private static @Nullable List<SearchSchemaElement> searchSchema(VectorIndex index) {
        List<SearchSchemaElement> elements =
                index.searchSchema().stream()
                        .map(each ->
                                new SearchSchemaElement(
                                        each.attribute().name(),
                                        each.partitions() ? "HASH" : "INLINE_FILTER"))
                        .toList();
        return elements.isEmpty() ? null : elements;
    }

    /// The index as a request asks for it.
    static io.millrace.api.dynamodb.VectorIndex asked(VectorIndex index) {
        return new io.millrace.api.dynamodb.VectorIndex(
                index.name(),
                new VectorAttributeDefinition(index.attribute()),
                searchSchema(index),
                projection(index),
                (long) index.dimensions(),
                index.distance().name());
    }

    /// What a backup tells of them; null for none.
    static @Nullable List<VectorIndexInfo> ofBackup(Table table) {
        List<VectorIndexInfo> indexes =
                table.features().vectorIndexes().stream()
                        .map(index ->
                                VectorIndexInfo.builder()
                                        .indexName(index.name())
                                        .vectorAttribute(
                                                new VectorAttributeDefinition(index.attribute()))
                                        .searchSchema(searchSchema(index))
                                        .projection(projection(index))
                                        .dimensions((long) index.dimensions())
                                        .distanceFunction(index.distance().name())
                                        .build())
                        .toList();
        return indexes.isEmpty() ? null : indexes;
    }

    private static Projection projection(VectorIndex index) {
        return new Projection(
                index.projectionType(),
                index.nonKeyAttributes().isEmpty() ? null : index.nonKeyAttributes());
    }
}

package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.vector.DistanceFunction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// An index for `SearchVectors`.
///
/// @param number the internal number of its entries' space
/// @param attribute the attribute that holds the vector
/// @param searchSchema what a search may ask for equality of, in the order of the request
/// @param projectionType `ALL`, `KEYS_ONLY` or `INCLUDE`
record VectorIndex(
        String name,
        long number,
        String attribute,
        int dimensions,
        DistanceFunction distance,
        List<SearchAttribute> searchSchema,
        String projectionType,
        List<String> nonKeyAttributes,
        Status status) {

    /// Which entries there are.
    enum Status {
        /// Those of the items that were written since the index exists; a [VectorBackfill] adds the
        /// others.
        BACKFILLING,
        /// All.
        ACTIVE,
        /// None any more: only an answer says so.
        DELETING
    }

    /// @param partitions whether it is the index's partition key; otherwise an inline filter
    record SearchAttribute(KeyAttribute attribute, boolean partitions) {}

    /// The partition key, which every search gives.
    @Nullable KeyAttribute partition() {
        for (SearchAttribute each : searchSchema) {
            if (each.partitions()) {
                return each.attribute();
            }
        }
        return null;
    }

    List<KeyAttribute> inlineFilters() {
        List<KeyAttribute> filters = new ArrayList<>();
        for (SearchAttribute each : searchSchema) {
            if (!each.partitions()) {
                filters.add(each.attribute());
            }
        }
        return filters;
    }

    /// Whether an attribute stands in the entries.
    boolean projects(Table table, String name) {
        return projectionType.equals("ALL")
                || table.key().has(name)
                || nonKeyAttributes.contains(name)
                || searchSchema.stream().anyMatch(each -> each.attribute().name().equals(name));
    }

    VectorIndex with(Status newStatus) {
        return new VectorIndex(
                name,
                number,
                attribute,
                dimensions,
                distance,
                searchSchema,
                projectionType,
                nonKeyAttributes,
                newStatus);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.service.dynamodb.vector.NearestEntries;
import io.millrace.service.dynamodb.vector.NearestEntries.Found;
import io.millrace.service.dynamodb.vector.StoredVector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An exact search of a vector index: looks at every entry, of one partition where the index has a
/// partition key. Keeps no more than the entries that it will answer.
///
/// @param partition the partition key's value, or null when the index has none
/// @param filters the wanted values of the inline filters as key parts, null for any
record VectorSearch(
        VectorIndex index,
        float[] wanted,
        int topK,
        @Nullable AttributeValue partition,
        List<byte @Nullable []> filters) {

    /// @param examinedBytes the size of all entries that were looked at
    record Result(List<Found> found, long examinedBytes) {}

    /// @param equalities by the names of attributes of the index's search schema
    static VectorSearch of(
            VectorIndex index, float[] wanted, int topK, Map<String, AttributeValue> equalities) {
        KeyAttribute partition = index.partition();
        List<byte @Nullable []> filters = new ArrayList<>();
        for (KeyAttribute filter : index.inlineFilters()) {
            AttributeValue value = equalities.get(filter.name());
            filters.add(value == null ? null : KeyCodec.bytes(value));
        }
        return new VectorSearch(
                index,
                wanted,
                topK,
                partition == null ? null : equalities.get(partition.name()),
                filters);
    }

    Result in(Snapshot tx) {
        boolean filtered = filters.stream().anyMatch(value -> value != null);
        NearestEntries nearest = new NearestEntries(index.distance(), wanted, topK);
        long examinedBytes = 0;
        try (Cursor cursor = tx.prefix(VectorEntries.prefix(index, partition))) {
            while (cursor.next()) {
                byte[] entry = cursor.value();
                examinedBytes += StoredVector.sizeBytes(entry);
                if (!filtered || StoredVector.matches(entry, filters)) {
                    nearest.show(entry);
                }
            }
        }
        return new Result(nearest.found(), examinedBytes);
    }
}

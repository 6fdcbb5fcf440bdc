package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.ItemCollectionMetrics;
import io.millrace.service.dynamodb.ItemWrite.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// `ItemCollectionMetrics`, which only tables with local secondary indexes have. The estimate is
/// always the smallest that AWS gives: collections have no size limit here.
final class ItemCollections {
    private static final List<Double> ESTIMATE_GB = List.of(0.0, 1.0);

    private ItemCollections() {}

    /// Null when the request did not ask, or the table has no collections.
    static @Nullable ItemCollectionMetrics tell(@Nullable String mode, Outcome outcome) {
        StoredItem item = outcome.replacement() == null ? outcome.old() : outcome.replacement();
        Table table = outcome.table();
        if (!"SIZE".equals(mode) || item == null || table.indexes(false).isEmpty()) {
            return null;
        }
        String hash = table.key().hash().name();
        AttributeValue value = item.attributes().get(hash);
        return value == null ? null : new ItemCollectionMetrics(Map.of(hash, value), ESTIMATE_GB);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.KeyRange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads one page of a query or scan, as both mean it: a page ends when `Limit` items have been
/// looked at, whether the filter kept them or not, or with the item that takes it to 1 MB; whether
/// more items follow is not looked at, as on AWS.
///
/// @param index null for the table itself
/// @param range the store keys of the items that are asked for, behind the starting key
/// @param limit how many items to look at
record PageRead(
        Table table,
        @Nullable Index index,
        KeyRange range,
        Direction direction,
        int limit,
        @Nullable ConditionExpression filter,
        Selection selection,
        boolean consistent) {

    /// @param bytes of the items that were looked at
    /// @param lastKey where the next page begins, or null when there is none
    record Page(
            @Nullable List<Map<String, AttributeValue>> items,
            int count,
            int scannedCount,
            long bytes,
            @Nullable Map<String, AttributeValue> lastKey,
            Consumption consumption) {}

    Page read(Snapshot tx, Consumption consumption) {
        boolean fetches = selection.fetches(table, index);
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> lastKey = null;
        int count = 0;
        int scannedCount = 0;
        long bytes = 0;
        if (java.util.Arrays.compareUnsigned(range.from(), range.to()) < 0) {
            try (Cursor cursor = tx.range(range.from(), range.to(), direction)) {
                while (lastKey == null && cursor.next()) {
                    StoredItem found = StoredItem.read(cursor.value());
                    bytes += found.sizeBytes();
                    scannedCount++;
                    if (filter == null || filter.matches(found.attributes())) {
                        count++;
                        if (!selection.countOnly()) {
                            StoredItem item = fetches ? fetch(tx, found, consumption) : found;
                            items.add(GetItem.project(item, selection.projection()));
                        }
                    }
                    boolean full = scannedCount == limit || bytes >= DynamoDbLimits.PAGE_BYTES_MAX;
                    lastKey = full ? key(found) : null;
                }
            }
        }
        consumption.add(index, Consumption.readUnits(bytes, consistent));
        return new Page(
                selection.countOnly() ? null : items,
                count,
                scannedCount,
                bytes,
                lastKey,
                consumption);
    }

    /// The item behind an entry of a local index.
    private StoredItem fetch(Snapshot tx, StoredItem entry, Consumption consumption) {
        StoredItem item = StoredItem.readOrNull(tx.get(ItemKeys.item(table, entry.attributes())));
        if (item == null) {
            throw new IllegalStateException("an entry without an item in " + table.arn());
        }
        consumption.add(null, Consumption.readUnits(item.sizeBytes(), consistent));
        return item;
    }

    private Map<String, AttributeValue> key(StoredItem item) {
        Map<String, AttributeValue> key = ItemKeys.project(table.key(), item.attributes());
        if (index != null) {
            ItemKeys.project(index.key(), item.attributes()).forEach(key::putIfAbsent);
        }
        return key;
    }
}

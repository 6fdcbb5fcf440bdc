package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.StreamState;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableChange.EventName;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What one transaction does to items: the item, its index entries, the counts, its expiry entry,
/// and the record in the table's stream, together. One per run of a transaction's body; not
/// thread-safe.
///
/// An item is one point read and one put; an index adds an entry to write only when the entry
/// changes. What changes nothing writes nothing, and leaves no record.
final class ItemChanges {
    private final Transaction tx;
    private final long nowMillis;
    private final Map<Long, Integer> recordCounts = new HashMap<>();

    ItemChanges(Transaction tx, long nowMillis) {
        this.tx = tx;
        this.nowMillis = nowMillis;
    }

    Transaction transaction() {
        return tx;
    }

    @Nullable StoredItem get(byte[] key) {
        return StoredItem.readOrNull(tx.get(key));
    }

    /// Replaces `old`, which has been read at `key`, by `replacement`.
    ///
    /// @param replacement null to delete
    void replace(
            Table table,
            byte[] key,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            Consumption consumption) {
        replace(table, key, old, replacement, consumption, false);
    }

    /// @param byService whether the item expired, which its record tells
    void replace(
            Table table,
            byte[] key,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            Consumption consumption,
            boolean byService) {
        int larger = Math.max(size(old), size(replacement));
        consumption.add(null, Consumption.writeUnits(larger));
        if (same(old, replacement)) {
            return;
        }
        TableCopier.save(tx, table, key, old);
        if (replacement != null) {
            tx.put(key, replacement.value());
        } else {
            tx.delete(key);
        }
        count(table.number(), old, replacement);
        for (Index index : table.schema().indexes()) {
            replaceEntry(table, index, old, replacement, consumption);
        }
        ExpiryEntries.replace(tx, table, key, old, replacement, nowMillis);
        VectorEntries.replace(tx, table, old, replacement, consumption);
        StreamState stream = table.stream();
        if (stream != null && stream.enabled()) {
            record(table, stream, key, old, replacement, byService);
        }
        PointInTime history = table.features().pointInTime();
        if (history != null && history.enabled()) {
            int index = recordCounts.merge(history.log(), 1, Integer::sum) - 1;
            history.record(tx, index, key, old, replacement, nowMillis);
        }
    }

    private static int size(@Nullable StoredItem item) {
        return item == null ? 0 : item.sizeBytes();
    }

    private static boolean same(@Nullable StoredItem old, @Nullable StoredItem replacement) {
        if (old == null || replacement == null) {
            return old == null && replacement == null;
        }
        return Arrays.equals(old.value(), replacement.value())
                || (old.sizeBytes() == replacement.sizeBytes()
                        && old.value().length == replacement.value().length
                        && Values.equal(old.attributes(), replacement.attributes()));
    }

    private void count(long space, @Nullable StoredItem old, @Nullable StoredItem replacement) {
        int items = (replacement == null ? 0 : 1) - (old == null ? 0 : 1);
        if (items != 0) {
            tx.add(DynamoDbKeys.itemCount(space), items);
        }
        int bytes = size(replacement) - size(old);
        if (bytes != 0) {
            tx.add(DynamoDbKeys.sizeBytes(space), bytes);
        }
    }

    private void replaceEntry(
            Table table,
            Index index,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            Consumption consumption) {
        byte[] oldKey = old == null ? null : ItemKeys.entry(table, index, old.attributes());
        byte[] newKey =
                replacement == null ? null : ItemKeys.entry(table, index, replacement.attributes());
        StoredItem oldEntry = oldKey == null || old == null ? null : entry(table, index, old);
        StoredItem newEntry =
                newKey == null || replacement == null ? null : entry(table, index, replacement);
        boolean moved = !Arrays.equals(oldKey, newKey);
        if (!moved && same(oldEntry, newEntry)) {
            return;
        }
        StoredItem touched = newEntry == null ? oldEntry : newEntry;
        if (touched != null && !table.features().insights().isEmpty()) {
            consumption.accessed(index, touched.attributes());
        }
        if (moved && oldKey != null && oldEntry != null) {
            tx.delete(oldKey);
            consumption.add(index, Consumption.writeUnits(oldEntry.sizeBytes()));
        }
        if (newKey != null && newEntry != null) {
            tx.put(newKey, newEntry.value());
            int larger = moved ? newEntry.sizeBytes() : Math.max(size(oldEntry), size(newEntry));
            consumption.add(index, Consumption.writeUnits(larger));
        }
        count(index.number(), oldEntry, newEntry);
    }

    private static StoredItem entry(Table table, Index index, StoredItem item) {
        if (index.projectsAll()) {
            return item;
        }
        Map<String, AttributeValue> projected = new HashMap<>(item.attributes());
        projected.keySet().removeIf(name -> !projects(table, index, name));
        return StoredItem.of(projected);
    }

    /// Whether an attribute stands in the entries of an index.
    static boolean projects(Table table, Index index, String attribute) {
        return index.projectsAll()
                || table.key().has(attribute)
                || index.key().has(attribute)
                || index.nonKeyAttributes().contains(attribute);
    }

    private void record(
            Table table,
            StreamState stream,
            byte[] key,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            boolean byService) {
        StoredItem any = replacement == null ? old : replacement;
        if (any == null) {
            return;
        }
        EventName eventName =
                old == null
                        ? EventName.INSERT
                        : replacement == null ? EventName.REMOVE : EventName.MODIFY;
        boolean both = stream.viewType().equals("NEW_AND_OLD_IMAGES");
        StoredItem oldImage = both || stream.viewType().equals("OLD_IMAGE") ? old : null;
        StoredItem newImage = both || stream.viewType().equals("NEW_IMAGE") ? replacement : null;
        StoredItem keys = StoredItem.of(ItemKeys.project(table.key(), any.attributes()));
        TableChange change =
                new TableChange(
                        eventName,
                        keys.value(),
                        oldImage == null ? null : oldImage.value(),
                        newImage == null ? null : newImage.value(),
                        keys.sizeBytes() + size(oldImage) + size(newImage),
                        byService);
        int index = recordCounts.merge(stream.number(), 1, Integer::sum) - 1;
        StreamLog log = new StreamLog(stream.number(), stream.shard(ItemKeys.hashOf(key)));
        StreamShards.append(tx, log, index, change.entry(nowMillis));
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.Index;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The entries of items in the secondary indexes of their table, written in the transaction that
/// writes the item.
///
/// An index that is being filled has no entries yet for some of the items from before it. A write
/// so looks whether the old entry is there before it takes it away or counts it; [#fill] adds the
/// entry of an item that has none. Both read the entry's key, so each item is indexed exactly once,
/// whichever comes first.
final class IndexEntries {
    private IndexEntries() {}

    /// Follows an item's change in all indexes of its table.
    static void replace(
            Transaction tx,
            Table table,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            Consumption consumption) {
        for (Index index : table.schema().indexes()) {
            replace(tx, new Change(table, index, old, replacement), consumption);
        }
    }

    /// What happens to an item, for one index.
    private record Change(
            Table table, Index index, @Nullable StoredItem old, @Nullable StoredItem replacement) {}

    private static void replace(Transaction tx, Change change, Consumption consumption) {
        Index index = change.index();
        byte[] oldKey = key(change, change.old());
        byte[] newKey = key(change, change.replacement());
        StoredItem oldEntry = oldKey == null ? null : entry(change, change.old());
        StoredItem newEntry = newKey == null ? null : entry(change, change.replacement());
        boolean moved = !Arrays.equals(oldKey, newKey);
        if (!moved && ItemChanges.same(oldEntry, newEntry)) {
            return;
        }
        StoredItem touched = newEntry == null ? oldEntry : newEntry;
        if (touched != null && !change.table().features().insights().isEmpty()) {
            consumption.accessed(index, touched.attributes());
        }
        if (oldKey != null && index.backfilling() && tx.get(oldKey) == null) {
            oldEntry = null;
        }
        if (moved && oldKey != null && oldEntry != null) {
            tx.delete(oldKey);
            consumption.add(index, Consumption.writeUnits(oldEntry.sizeBytes()));
        }
        if (newKey != null && newEntry != null) {
            tx.put(newKey, newEntry.value());
            int larger =
                    moved || oldEntry == null
                            ? newEntry.sizeBytes()
                            : Math.max(oldEntry.sizeBytes(), newEntry.sizeBytes());
            consumption.add(index, Consumption.writeUnits(larger));
        }
        Tables.count(tx, index.number(), oldEntry, newEntry);
    }

    private static byte @Nullable [] key(Change change, @Nullable StoredItem item) {
        return item == null
                ? null
                : ItemKeys.entry(change.table(), change.index(), item.attributes());
    }

    private static @Nullable StoredItem entry(Change change, @Nullable StoredItem item) {
        return item == null ? null : entry(change.table(), change.index(), item);
    }

    /// Adds the entry of an item that was there before the index, unless a write has added it.
    ///
    /// @return whether the item may stand in the index, or has nothing to do there
    static boolean fill(Transaction tx, Table table, Index index, StoredItem item) {
        byte[] key = ItemKeys.entry(table, index, item.attributes());
        if (key == null) {
            return !item.attributes().keySet().containsAll(index.key().names());
        }
        if (tx.get(key) == null) {
            StoredItem entry = entry(table, index, item);
            tx.put(key, entry.value());
            Tables.count(tx, index.number(), null, entry);
        }
        return true;
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
}

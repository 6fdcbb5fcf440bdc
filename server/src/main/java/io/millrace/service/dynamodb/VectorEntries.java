package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.VectorIndex.SearchAttribute;
import io.millrace.service.dynamodb.VectorIndex.Status;
import io.millrace.service.dynamodb.item.ItemSize;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.service.dynamodb.vector.FloatList;
import io.millrace.service.dynamodb.vector.StoredVector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The entries of a table's vector indexes, kept with the items in the items' own transactions, so
/// that an index is never behind.
///
/// An item has an entry when it has a valid vector and, where the index has a partition key, that
/// attribute. Source: [data synchronization between tables and vector
/// indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchDataSync.html).
final class VectorEntries {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] key, byte[] value) {

        int sizeBytes() {
            return StoredVector.sizeBytes(value);
        }
    }

    private VectorEntries() {}

    /// Follows an item's change in all vector indexes of its table.
    static void replace(
            Transaction tx,
            Table table,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            Consumption consumption) {
        for (VectorIndex index : table.features().vectorIndexes()) {
            Entry before = old == null ? null : entry(table, index, old.attributes());
            Entry after =
                    replacement == null ? null : entry(table, index, replacement.attributes());
            boolean moved =
                    before == null || after == null || !Arrays.equals(before.key, after.key);
            if (before != null && index.status() == Status.BACKFILLING) {
                before = tx.get(before.key) == null ? null : before;
            }
            if (!moved
                    && before != null
                    && after != null
                    && Arrays.equals(before.value, after.value)) {
                continue;
            }
            if (moved && before != null) {
                tx.delete(before.key);
            }
            if (after != null) {
                tx.put(after.key, after.value);
            }
            count(tx, index, before, after);
            Entry charged = after == null ? before : after;
            if (charged != null) {
                consumption.addVectorWrite(index, charged.sizeBytes());
            }
        }
    }

    /// Adds the entry of an item that was written before the index was there. One that has been
    /// written since has its entry already.
    ///
    /// @return whether the item belongs in the index
    static boolean add(Transaction tx, Table table, VectorIndex index, StoredItem item) {
        Entry entry = entry(table, index, item.attributes());
        if (entry == null) {
            return false;
        }
        if (tx.get(entry.key) == null) {
            tx.put(entry.key, entry.value);
            count(tx, index, null, entry);
        }
        return true;
    }

    private static void count(
            Transaction tx, VectorIndex index, @Nullable Entry before, @Nullable Entry after) {
        int entries = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        if (entries != 0) {
            tx.add(DynamoDbKeys.itemCount(index.number()), entries);
        }
        int bytes =
                (after == null ? 0 : after.sizeBytes()) - (before == null ? 0 : before.sizeBytes());
        if (bytes != 0) {
            tx.add(DynamoDbKeys.sizeBytes(index.number()), bytes);
        }
    }

    /// What the keys of the entries begin with that a search looks at.
    ///
    /// @param partition the partition key's value, or null when the index has none
    static byte[] prefix(VectorIndex index, @Nullable AttributeValue partition) {
        return writer(index, partition).toBytes();
    }

    private static KeyWriter writer(VectorIndex index, @Nullable AttributeValue partition) {
        KeyWriter key = new KeyWriter(DynamoDbKeys.VECTOR_ENTRY).uint64(index.number());
        if (partition != null) {
            KeyCodec.write(key, partition);
        }
        return key;
    }

    /// Null when the item does not belong in the index.
    private static @Nullable Entry entry(
            Table table, VectorIndex index, Map<String, AttributeValue> item) {
        float[] vector = vector(index, item);
        if (vector == null || !fits(index, item)) {
            return null;
        }
        KeyAttribute partition = index.partition();
        KeyWriter key = writer(index, partition == null ? null : item.get(partition.name()));
        for (AttributeValue part : ItemKeys.project(table.key(), item).values()) {
            KeyCodec.write(key, part);
        }
        List<byte @Nullable []> filters = new ArrayList<>();
        for (KeyAttribute filter : index.inlineFilters()) {
            AttributeValue value = item.get(filter.name());
            filters.add(value == null ? null : KeyCodec.bytes(value));
        }
        Map<String, AttributeValue> projected = new LinkedHashMap<>(item);
        projected
                .keySet()
                .removeIf(name -> name.equals(index.attribute()) || !index.projects(table, name));
        int sizeBytes =
                ItemSize.bytes(Map.of(index.attribute(), new AttributeValue.S("")))
                        + index.dimensions() * Float.BYTES
                        + ItemSize.bytes(projected);
        return new Entry(key.toBytes(), StoredVector.encode(sizeBytes, filters, vector, projected));
    }

    private static float @Nullable [] vector(VectorIndex index, Map<String, AttributeValue> item) {
        return item.get(index.attribute()) instanceof AttributeValue.L(var elements)
                        && elements.size() == index.dimensions()
                ? FloatList.vector(elements)
                : null;
    }

    /// Whether a write of the item would not be refused for its search attributes, and gives the
    /// partition key.
    private static boolean fits(VectorIndex index, Map<String, AttributeValue> item) {
        for (SearchAttribute each : index.searchSchema()) {
            AttributeValue value = item.get(each.attribute().name());
            boolean fits =
                    value == null
                            ? !each.partitions()
                            : ItemKeys.hasType(value, each.attribute())
                                    && (!each.partitions() || VectorRules.isPartitionKey(value));
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}

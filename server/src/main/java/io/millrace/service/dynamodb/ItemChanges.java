package io.millrace.service.dynamodb;

import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Replication.Member;
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
/// and the records in the table's streams, together. One per run of a transaction's body; not
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
        Tables.count(tx, table.number(), old, replacement);
        IndexEntries.replace(tx, table, old, replacement, consumption);
        ExpiryEntries.replace(tx, table, key, old, replacement, nowMillis);
        VectorEntries.replace(tx, table, old, replacement, consumption);
        StreamState stream = table.stream();
        if (stream != null && stream.enabled()) {
            record(table, stream, key, old, replacement, byService);
        }
        Replication group = table.features().replication();
        if (group != null) {
            for (Member member : group.members()) {
                StreamState other = member.stream();
                if (other != null && other.enabled() && !member.region().equals(table.region())) {
                    record(table, other, key, old, replacement, byService);
                }
            }
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

    /// Whether nothing changes.
    static boolean same(@Nullable StoredItem old, @Nullable StoredItem replacement) {
        if (old == null || replacement == null) {
            return old == null && replacement == null;
        }
        return Arrays.equals(old.value(), replacement.value())
                || (old.sizeBytes() == replacement.sizeBytes()
                        && old.value().length == replacement.value().length
                        && Values.equal(old.attributes(), replacement.attributes()));
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

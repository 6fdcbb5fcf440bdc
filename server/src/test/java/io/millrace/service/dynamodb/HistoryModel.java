package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.HistoryWrite.ItemKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a table should hold, and what its stream should have told: maps in memory.
final class HistoryModel {
    private final NavigableMap<ItemKey, SortedMap<String, String>> items = new TreeMap<>();
    private final Map<ItemKey, List<String>> changes = new HashMap<>();

    NavigableMap<ItemKey, SortedMap<String, String>> items() {
        return items;
    }

    /// The changes of each item in their order, as `old -> new`.
    Map<ItemKey, List<String>> changes() {
        return changes;
    }

    @Nullable SortedMap<String, String> get(ItemKey key) {
        return items.get(key);
    }

    boolean holds(HistoryWrite write) {
        return write.holds(items.get(write.key()));
    }

    void apply(HistoryWrite write) {
        SortedMap<String, String> old = items.get(write.key());
        SortedMap<String, String> replacement = write.applied(old);
        if (replacement == null) {
            items.remove(write.key());
        } else {
            items.put(write.key(), replacement);
        }
        if (!Objects.equals(old, replacement)) {
            changes.computeIfAbsent(write.key(), _ -> new ArrayList<>())
                    .add(change(old, replacement));
        }
    }

    static String change(
            @Nullable SortedMap<String, String> old, @Nullable SortedMap<String, String> now) {
        return text(old) + " -> " + text(now);
    }

    static String text(@Nullable SortedMap<String, String> item) {
        return item == null ? "nothing" : HistoryWrite.json(item);
    }

    /// The items of a partition from a sort key on.
    List<SortedMap<String, String>> partition(String p, int from) {
        return new ArrayList<>(
                items.subMap(new ItemKey(p, from), true, new ItemKey(p, Integer.MAX_VALUE), true)
                        .values());
    }

    /// How many items have an attribute, by its value.
    Map<String, Integer> counts(String attribute) {
        Map<String, Integer> counts = new HashMap<>();
        for (SortedMap<String, String> item : items.values()) {
            String value = item.get(attribute);
            if (value != null) {
                counts.merge(value, 1, Integer::sum);
            }
        }
        return counts;
    }
}

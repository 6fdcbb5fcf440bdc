package io.millrace.pattern;

import io.millrace.pattern.EventPatternIndex.Entry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Entries of an [EventPatternIndex] that stand together, in no order.
///
/// Patterns that nothing tells apart may be very many in one bucket; a large one therefore knows
/// where each entry is, so that taking one out costs the same however many there are.
final class EventPatternBucket {
    private static final int SEARCHED_MAX = 64; // up to here one is found by looking at each

    private final List<Entry> entries = new ArrayList<>(1);
    private @Nullable IdentityHashMap<Entry, Integer> indexes;

    void add(Entry entry) {
        if (indexes != null) {
            indexes.put(entry, entries.size());
        }
        entries.add(entry);
        if (indexes == null && entries.size() > SEARCHED_MAX) {
            IdentityHashMap<Entry, Integer> known = new IdentityHashMap<>();
            for (int i = 0; i < entries.size(); i++) {
                known.put(entries.get(i), i);
            }
            indexes = known;
        }
    }

    /// Removes an entry that is here, once.
    void remove(Entry entry) {
        Integer known = indexes == null ? null : indexes.remove(entry);
        int index = known == null ? entries.lastIndexOf(entry) : known;
        Entry last = entries.removeLast();
        if (last != entry) {
            entries.set(index, last);
            if (indexes != null) {
                indexes.put(last, index);
            }
        }
        if (entries.isEmpty()) {
            indexes = null;
        }
    }

    /// Whether removing would look at each of very many entries; never so.
    boolean isSearched() {
        return indexes == null && entries.size() > SEARCHED_MAX;
    }

    int size() {
        return entries.size();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Entry> copy() {
        return List.copyOf(entries);
    }

    void clear() {
        entries.clear();
        indexes = null;
    }

    void collect(Set<Entry> found) {
        found.addAll(entries);
    }
}

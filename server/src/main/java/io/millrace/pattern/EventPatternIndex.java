package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Many patterns by their keys: finds those that match an event without trying each.
///
/// A tree that discriminates by what patterns ask for ([EventPatternNode]) narrows to a few
/// candidates, and each candidate is then matched in full; so the tree needs to be no more than a
/// superset, and adding or removing a pattern costs the same few steps whatever operators it uses
/// and however many there are. Not thread-safe for changes; several threads may match at once.
public final class EventPatternIndex<K> {

    /// One branch of one pattern, and where in the tree it stands.
    static final class Entry {
        final Object key;
        final EventPatternBranch branch;
        final List<EventPatternNode.Place> places = new ArrayList<>(1);
        private int moves;

        Entry(Object key, EventPatternBranch branch) {
            this.key = key;
            this.branch = branch;
        }

        void stand(EventPatternNode.Place place) {
            places.add(place);
            moves++;
        }
    }

    private final EventPatternNode root = EventPatternNode.root();
    private final Map<K, List<Entry>> entries = new HashMap<>();

    /// Adds a pattern, in place of the one that the key had.
    public void put(K key, EventPattern pattern) {
        remove(key);
        List<Entry> added = new ArrayList<>(pattern.branches().size());
        for (EventPatternBranch branch : pattern.branches()) {
            Entry entry = new Entry(key, branch);
            root.add(entry);
            added.add(entry);
        }
        entries.put(key, added);
    }

    /// Does nothing when there is none.
    public void remove(K key) {
        @Nullable List<Entry> removed = entries.remove(key);
        if (removed != null) {
            for (Entry entry : removed) {
                List.copyOf(entry.places).forEach(place -> place.remove(entry));
            }
        }
    }

    public int size() {
        return entries.size();
    }

    /// The keys of all patterns that match, each once.
    @SuppressWarnings("unchecked") // an entry's key came in as a K
    public Set<K> match(EventPatternFields event) {
        Set<K> matched = new LinkedHashSet<>();
        for (Entry entry : candidates(event)) {
            if (!matched.contains(entry.key) && entry.branch.matches(event)) {
                matched.add((K) entry.key);
            }
        }
        return matched;
    }

    /// What is matched in full; the measure of the work that an event costs.
    Set<Entry> candidates(EventPatternFields event) {
        Set<Entry> found = new LinkedHashSet<>();
        root.collect(event, found);
        return found;
    }

    /// How many places in the tree are taken; 0 when everything has been removed.
    int placeCount() {
        return root.placeCount();
    }

    /// How many nodes and other parts the tree has; 1 when everything has been removed.
    int structureSize() {
        return root.structureSize();
    }

    /// How often the patterns that are here have been put at a place; the measure of what adding
    /// them cost.
    long moveCount() {
        return entries.values().stream()
                .flatMap(List::stream)
                .mapToLong(entry -> entry.moves)
                .sum();
    }
}

package io.millrace.pattern;

import io.millrace.pattern.EventPatternIndex.Entry;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A node in the tree of an [EventPatternIndex].
///
/// A small node is a plain bucket. One that has grown gives each of its entries a place below it:
/// the entry chooses one of its paths that is not yet used above, and stands there under every
/// value that the path may have. It chooses the path whose values lead to the emptiest children, so
/// that patterns spread by what tells them apart. Paths with values, or with beginnings or ends of
/// values, are preferred to paths with numeric ranges, those to paths that only have to be there;
/// an entry with none of these, or with too many values in a row, stays in the bucket.
final class EventPatternNode {

    private static final int BUCKET_SIZE = 16;
    private static final int SPREAD_MAX = 256; // places of one entry

    /// Where an entry stands: a bucket, and the node whose size counts it.
    record Place(EventPatternNode node, EventPatternBucket bucket, @Nullable Runnable emptied) {

        void remove(Entry entry) {
            bucket.remove(entry);
            entry.places.remove(this);
            if (bucket.isEmpty() && emptied != null) {
                emptied.run();
            }
            node.shrink();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// What stands below a node for one path.
    private static final class Paths {
        /// By the key of a condition: [EventPatternKeys].
        final Map<String, EventPatternNode> byValue = new HashMap<>(2);

        final EventPatternKeys keys = new EventPatternKeys();
        final EventPatternRanges ranges = new EventPatternRanges();
        @Nullable EventPatternNode present;

        boolean isEmpty() {
            return byValue.isEmpty() && ranges.isEmpty() && present == null;
        }
    }

    private final @Nullable EventPatternNode parent;
    private final String path;
    private final @Nullable String value; // null: the node of all events that have the path
    private final int spread;
    private final EventPatternBucket bucket = new EventPatternBucket();
    private @Nullable Map<FieldPath, Paths> below;
    private int size;

    private EventPatternNode(
            @Nullable EventPatternNode parent, String path, @Nullable String value, int spread) {
        this.parent = parent;
        this.path = path;
        this.value = value;
        this.spread = spread;
    }

    static EventPatternNode root() {
        return new EventPatternNode(null, "", null, 1);
    }

    void add(Entry entry) {
        for (EventPatternNode node = this; node != null; node = node.parent) {
            node.size++;
        }
        place(entry);
    }

    /// Puts an entry that is already counted here into the bucket or below.
    private void place(Entry entry) {
        if (below == null && bucket.size() < BUCKET_SIZE) {
            bucket(entry);
            return;
        }
        if (below == null) {
            below = new HashMap<>();
            List<Entry> before = bucket.copy();
            bucket.clear();
            for (Entry moved : before) {
                moved.places.removeIf(place -> place.node == this);
                place(moved);
            }
        }
        EventPatternBranch.Requirement chosen = choose(entry);
        if (chosen == null) {
            bucket(entry);
        } else {
            placeBelow(entry, chosen);
        }
    }

    private void bucket(Entry entry) {
        bucket.add(entry);
        entry.stand(new Place(this, bucket, null));
    }

    private EventPatternBranch.@Nullable Requirement choose(Entry entry) {
        EventPatternBranch.Requirement best = null;
        long bestCost = Long.MAX_VALUE;
        for (EventPatternBranch.Requirement requirement : entry.branch.requirements()) {
            if (requirement.absent() || isUsed(requirement.path())) {
                continue;
            }
            long cost = cost(requirement);
            if (cost < bestCost) {
                best = requirement;
                bestCost = cost;
            }
        }
        return best;
    }

    private boolean isUsed(String candidate) {
        for (EventPatternNode node = this; node.parent != null; node = node.parent) {
            if (node.path.equals(candidate)) {
                return true;
            }
        }
        return false;
    }

    /// The kind of the requirement first, then the size of its fullest child.
    private long cost(EventPatternBranch.Requirement requirement) {
        if (requirement.conditions().size() * spread > SPREAD_MAX) {
            return Long.MAX_VALUE;
        }
        Map<FieldPath, Paths> paths = below == null ? Map.of() : below;
        Paths there = paths.get(FieldPath.of(requirement.path()));
        long cost = 0;
        for (EventPatternCondition condition : requirement.conditions()) {
            String key = EventPatternKeys.of(condition);
            if (key != null) {
                EventPatternNode child = there == null ? null : there.byValue.get(key);
                cost = Math.max(cost, child == null ? 0 : child.size);
            } else if (condition instanceof EventPatternCondition.Range) {
                cost = Math.max(cost, 1L << 40);
            } else {
                int present = there == null || there.present == null ? 0 : there.present.size;
                cost = Math.max(cost, (1L << 41) + present);
            }
        }
        return cost;
    }

    private void placeBelow(Entry entry, EventPatternBranch.Requirement chosen) {
        Map<FieldPath, Paths> paths = below == null ? Map.of() : below;
        Paths there = paths.computeIfAbsent(FieldPath.of(chosen.path()), _ -> new Paths());
        Set<String> children = new HashSet<>();
        boolean present = false;
        int spreadBelow = spread * chosen.conditions().size();
        int places = 0;
        for (EventPatternCondition condition : chosen.conditions()) {
            String key = EventPatternKeys.of(condition);
            if (key != null && children.add(key)) {
                places++;
                there.keys.note(key);
                there.byValue
                        .computeIfAbsent(
                                key,
                                _ -> new EventPatternNode(this, chosen.path(), key, spreadBelow))
                        .addUncounted(entry);
            } else if (condition instanceof EventPatternCondition.Range range) {
                places++;
                entry.stand(rangePlace(there, chosen.path(), range, entry));
            } else if (key == null && !present) {
                present = true;
                places++;
                if (there.present == null) {
                    there.present = new EventPatternNode(this, chosen.path(), null, spreadBelow);
                }
                there.present.addUncounted(entry);
            }
        }
        for (EventPatternNode node = this; node != null; node = node.parent) {
            node.size += places - 1; // it was counted once
        }
    }

    private void addUncounted(Entry entry) {
        size++;
        place(entry);
    }

    private Place rangePlace(
            Paths there, String at, EventPatternCondition.Range range, Entry entry) {
        EventPatternBucket list = there.ranges.bucket(range);
        list.add(entry);
        return new Place(
                this,
                list,
                () -> {
                    there.ranges.drop(range);
                    prune(at, there);
                });
    }

    /// One entry has gone from here.
    private void shrink() {
        for (EventPatternNode node = this; node != null; node = node.parent) {
            node.size--;
            if (node.size == 0) {
                node.below = null;
                if (node.parent != null) {
                    node.parent.dropChild(node);
                }
            }
        }
    }

    private void dropChild(EventPatternNode child) {
        Paths there = below == null ? null : below.get(FieldPath.of(child.path));
        if (there != null) {
            if (child.value == null) {
                there.present = null;
            } else {
                there.byValue.remove(child.value);
            }
            prune(child.path, there);
        }
    }

    private void prune(String at, Paths there) {
        if (below != null && there.isEmpty()) {
            below.remove(FieldPath.of(at));
        }
    }

    void collect(EventPatternFields event, Set<Entry> found) {
        bucket.collect(found);
        if (below == null) {
            return;
        }
        Set<FieldPath> asked = below.keySet();
        Set<FieldPath> there = event.paths();
        for (FieldPath at : asked.size() < there.size() ? asked : there) {
            Paths paths = below.get(at);
            List<EventPatternFields.Field> fields = event.at(at);
            if (paths != null && !fields.isEmpty()) {
                collect(paths, fields, event, found);
            }
        }
    }

    private static void collect(
            Paths there,
            List<EventPatternFields.Field> fields,
            EventPatternFields event,
            Set<Entry> found) {
        Set<EventPatternNode> seen = new HashSet<>();
        for (EventPatternFields.Field field : fields) {
            there.keys.of(
                    field,
                    key -> {
                        EventPatternNode child = there.byValue.get(key);
                        if (child != null && seen.add(child)) {
                            child.collect(event, found);
                        }
                    });
            if (!Double.isNaN(field.number())) {
                there.ranges.collect(field.number(), found);
            }
        }
        if (there.present != null) {
            there.present.collect(event, found);
        }
    }

    int placeCount() {
        return size;
    }

    /// Nodes, what is below them for each path, and the ends of ranges: all that may be left
    /// behind.
    int structureSize() {
        int count = 1;
        for (Paths there : below == null ? List.<Paths>of() : List.copyOf(below.values())) {
            count += 1 + there.ranges.size();
            for (EventPatternNode child : there.byValue.values()) {
                count += child.structureSize();
            }
            count += there.present == null ? 0 : there.present.structureSize();
        }
        return count;
    }
}

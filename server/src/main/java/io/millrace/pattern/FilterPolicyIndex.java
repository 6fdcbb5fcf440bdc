package io.millrace.pattern;

import io.millrace.pattern.EventPatternIndex.Entry;
import io.millrace.pattern.FilterPolicy.Branch;
import io.millrace.pattern.FilterPolicy.Field;
import io.millrace.pattern.FilterPolicyCondition.AnythingBut;
import io.millrace.pattern.FilterPolicyCondition.Cidr;
import io.millrace.pattern.FilterPolicyCondition.Exact;
import io.millrace.pattern.FilterPolicyCondition.Exists;
import io.millrace.pattern.FilterPolicyCondition.Part;
import io.millrace.pattern.FilterPolicyCondition.Range;
import io.millrace.pattern.FilterPolicyCondition.Wildcard;
import io.millrace.pattern.FilterPolicyValue.Literal;
import io.millrace.pattern.FilterPolicyValue.Numeric;
import io.millrace.pattern.FilterPolicyValue.Text;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Many filter policies of one scope by their keys: finds those that match a message without trying
/// each.
///
/// The tree of [EventPatternIndex] narrows to a few candidates, each of which is then matched in
/// full. For the tree a condition only has to be no stricter than it is: numbers are rounded to
/// doubles, and to the outside where they bound a range. Not thread-safe for changes; several
/// threads may match at once.
public final class FilterPolicyIndex<K> {
    private record Indexed(FilterPolicy policy, List<Entry> entries) {}

    private final EventPatternNode root = EventPatternNode.root();
    private final Map<K, Indexed> policies = new HashMap<>();
    private final Set<K> unconditional = new LinkedHashSet<>();

    /// Adds a policy, in place of the one that the key had.
    public void put(K key, FilterPolicy policy) {
        remove(key);
        List<Entry> entries = new ArrayList<>(policy.branches().size());
        for (Branch branch : policy.branches()) {
            Entry entry = new Entry(key, placed(branch));
            root.add(entry);
            entries.add(entry);
        }
        if (entries.isEmpty()) {
            unconditional.add(key);
        }
        policies.put(key, new Indexed(policy, entries));
    }

    /// Does nothing when there is none.
    public void remove(K key) {
        @Nullable Indexed removed = policies.remove(key);
        if (removed != null) {
            unconditional.remove(key);
            for (Entry entry : removed.entries) {
                List.copyOf(entry.places).forEach(place -> place.remove(entry));
            }
        }
    }

    public int size() {
        return policies.size();
    }

    /// The keys of all policies that match, each once.
    public Set<K> match(FilterPolicyInput input) {
        Set<K> matched = new LinkedHashSet<>(unconditional);
        if (input.filterable()) {
            for (K candidate : candidates(input)) {
                Indexed indexed = policies.get(candidate);
                if (indexed != null && indexed.policy.matches(input)) {
                    matched.add(candidate);
                }
            }
        }
        return matched;
    }

    /// What is matched in full; the measure of the work that a message costs.
    @SuppressWarnings("unchecked") // an entry's key came in as a K
    Set<K> candidates(FilterPolicyInput input) {
        Set<Entry> found = new LinkedHashSet<>();
        root.collect(input.fields(), found);
        Set<K> keys = new LinkedHashSet<>();
        found.forEach(entry -> keys.add((K) entry.key));
        return keys;
    }

    /// How many places in the tree are taken; 0 when everything has been removed.
    int placeCount() {
        return root.placeCount();
    }

    private static EventPatternBranch placed(Branch branch) {
        List<EventPatternBranch.Requirement> requirements = new ArrayList<>();
        for (Field field : branch.fields()) {
            requirements.add(
                    new EventPatternBranch.Requirement(
                            field.path(),
                            field.conditions().stream().map(FilterPolicyIndex::placed).toList(),
                            field.mayBeAbsent()));
        }
        return new EventPatternBranch(requirements);
    }

    private static EventPatternCondition placed(FilterPolicyCondition condition) {
        return switch (condition) {
            case Exact(Text(String text)) -> new EventPatternCondition.Equal('"' + text + '"');
            case Exact(Literal(String text)) -> new EventPatternCondition.Equal(text);
            case Exact(Numeric(BigDecimal number)) ->
                    new EventPatternCondition.NumberEqual(rounded(number), "");
            case Part(Part.Kind kind, String text, boolean ignoreCase) ->
                    switch (kind) {
                        case PREFIX -> new EventPatternCondition.Prefix(text, ignoreCase);
                        case SUFFIX -> new EventPatternCondition.Suffix(text, ignoreCase);
                        case WHOLE -> new EventPatternCondition.EqualIgnoreCase(text);
                    };
            case Wildcard(String source, List<String> pieces) ->
                    new EventPatternCondition.Wildcard(pieces, source);
            case Range range -> placed(range);
            case Exists _, Cidr _, AnythingBut _ -> new EventPatternCondition.Exists();
        };
    }

    private static EventPatternCondition placed(Range range) {
        BigDecimal bottom = range.bottom();
        BigDecimal top = range.top();
        if (bottom != null && top != null && bottom.compareTo(top) == 0) {
            return new EventPatternCondition.NumberEqual(rounded(bottom), "");
        }
        double low = bottom == null ? Double.NEGATIVE_INFINITY : Math.nextDown(rounded(bottom));
        double high = top == null ? Double.POSITIVE_INFINITY : Math.nextUp(rounded(top));
        return new EventPatternCondition.Range(low, false, high, false, "");
    }

    static double rounded(BigDecimal number) {
        return number.doubleValue() + 0.0; // turns -0.0 into 0.0
    }
}

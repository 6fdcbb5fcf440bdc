package io.millrace.pattern;

import io.millrace.pattern.FilterPolicyCondition.Exists;
import io.millrace.pattern.FilterPolicyInput.Leaf;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A subscription's filter policy, compiled. Immutable.
///
/// Semantics are event-ruler's, which AWS uses: keys are paths, an array's elements are
/// alternatives, and keys inside an array of objects match within one element. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html).
public final class FilterPolicy {

    /// All conditions on one path; any of them suffices.
    record Field(String path, List<FilterPolicyCondition> conditions) {
        boolean mayBeAbsent() {
            return conditions.contains(new Exists(false));
        }
    }

    /// A combination of alternatives of `$or`; all its fields must match. Sorted by path.
    record Branch(List<Field> fields) {
        Branch(List<Field> fields) {
            this.fields = fields.stream().sorted(Comparator.comparing(Field::path)).toList();
        }
    }

    private final FilterPolicyScope scope;
    private final List<Branch> branches;

    FilterPolicy(FilterPolicyScope scope, List<Branch> branches) {
        this.scope = scope;
        this.branches = List.copyOf(branches);
    }

    /// Compiles a policy, refusing what AWS refuses in AWS's words.
    public static FilterPolicy of(String json, FilterPolicyScope scope)
            throws FilterPolicyException {
        return new FilterPolicyParser(json, scope).parse();
    }

    /// Compiles a policy that was accepted before, without checking it again.
    static FilterPolicy ofValid(String json, FilterPolicyScope scope) throws FilterPolicyException {
        return new FilterPolicyParser(json, scope).compile();
    }

    /// The alternatives; none when the policy filters nothing.
    List<Branch> branches() {
        return branches;
    }

    public FilterPolicyScope scope() {
        return scope;
    }

    /// Whether the policy matches.
    ///
    /// @param input of this policy's scope
    public boolean matches(FilterPolicyInput input) {
        return explain(input).isEmpty();
    }

    /// Empty when the policy matches; otherwise the first key that failed, of the alternative that
    /// came furthest.
    public Optional<FilterPolicyMismatch> explain(FilterPolicyInput input) {
        if (branches.isEmpty()) { // `{}` filters nothing
            return Optional.empty();
        }
        if (!input.filterable()) {
            return Optional.of(
                    new FilterPolicyMismatch(
                            "",
                            scope == FilterPolicyScope.MESSAGE_BODY
                                    ? "a JSON object"
                                    : "at least one message attribute",
                            "absent"));
        }
        int furthest = -1;
        Field failed = null;
        for (Branch branch : branches) {
            int matchedCount = matchedCount(branch.fields, input);
            if (matchedCount == branch.fields.size()) {
                return Optional.empty();
            }
            if (matchedCount > furthest) {
                furthest = matchedCount;
                failed = branch.fields.get(matchedCount);
            }
        }
        return Optional.ofNullable(failed).map(field -> mismatch(field, input));
    }

    /// As [#explain], in words and with how near it came.
    public Optional<EventPatternExplanation.Miss> miss(FilterPolicyInput input) {
        Optional<FilterPolicyMismatch> mismatch = explain(input);
        if (mismatch.isEmpty()) {
            return Optional.empty();
        }
        if (!input.filterable()) {
            String words =
                    "the message has no form to filter: wanted is " + mismatch.get().expected();
            return Optional.of(
                    new EventPatternExplanation.Miss(
                            "",
                            "[]",
                            List.of(),
                            0,
                            branches.getFirst().fields().size(),
                            EventPatternExplanation.Reason.MISSING,
                            words));
        }
        EventPatternExplanation.Miss nearest = null;
        for (Branch branch : branches) {
            int count = matchedCount(branch.fields, input);
            Field failed = branch.fields.get(count);
            EventPatternExplanation.Miss miss =
                    FilterPolicyWords.miss(
                            failed, input.at(failed.path), count, branch.fields.size());
            if (nearest == null || miss.failedCount() < nearest.failedCount()) {
                nearest = miss;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static FilterPolicyMismatch mismatch(Field field, FilterPolicyInput input) {
        List<Leaf> leaves = input.at(field.path);
        return new FilterPolicyMismatch(
                field.path,
                field.conditions.toString(),
                leaves.isEmpty() ? "absent" : leaves.stream().map(Leaf::value).toList().toString());
    }

    /// How many fields, from the first on, match together. The state after a field is the set of
    /// array elements that the fields so far agree on, kept only for arrays that later fields meet
    /// again; joined by hash, so that long arrays cost linear time. A key counts as absent for a
    /// state when no value of it stands in the same elements.
    private static int matchedCount(List<Field> fields, FilterPolicyInput input) {
        Set<Map<Integer, Integer>> states = Set.of(Map.of());
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Set<Integer> later = arrays(fields.subList(i + 1, fields.size()), input);
            Set<Integer> relevant = new HashSet<>(later);
            states.forEach(state -> relevant.addAll(state.keySet()));
            Set<Map<Integer, Integer>> next = join(states, matching(field, input, relevant));
            if (field.mayBeAbsent()) {
                next.addAll(without(states, input.at(field.path), relevant));
            }
            states = project(next, later);
            if (states.isEmpty()) {
                return i;
            }
        }
        return fields.size();
    }

    private static Set<Integer> arrays(List<Field> fields, FilterPolicyInput input) {
        Set<Integer> arrays = new HashSet<>();
        Set<ArrayElement> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Field field : fields) {
            for (Leaf leaf : input.at(field.path)) {
                ArrayElement element = leaf.element();
                while (element != null && seen.add(element)) {
                    arrays.add(element.array());
                    element = element.outer();
                }
            }
        }
        return arrays;
    }

    private static Set<Map<Integer, Integer>> matching(
            Field field, FilterPolicyInput input, Set<Integer> relevant) {
        Set<Map<Integer, Integer>> matching = new HashSet<>();
        List<Leaf> leaves = input.at(field.path);
        for (FilterPolicyCondition condition : field.conditions) {
            for (Leaf leaf : leaves) {
                if (condition.matches(leaf.value())) {
                    matching.add(leaf.elements(relevant));
                }
            }
        }
        return matching;
    }

    /// What agrees of both sides, of which there may be more than of each when a path leads through
    /// different arrays: as much as there may be.
    private static Set<Map<Integer, Integer>> join(
            Set<Map<Integer, Integer>> left, Set<Map<Integer, Integer>> right) {
        Set<Map<Integer, Integer>> joined = new HashSet<>();
        Map<Set<Integer>, Set<Map<Integer, Integer>>> leftByArrays = byArrays(left);
        Map<Set<Integer>, Set<Map<Integer, Integer>>> rightByArrays = byArrays(right);
        int room = FilterPolicyInput.ELEMENTS_MAX;
        for (Map.Entry<Set<Integer>, Set<Map<Integer, Integer>>> one : leftByArrays.entrySet()) {
            for (Map.Entry<Set<Integer>, Set<Map<Integer, Integer>>> other :
                    rightByArrays.entrySet()) {
                Set<Integer> shared = new HashSet<>(one.getKey());
                shared.retainAll(other.getKey());
                room = join(one.getValue(), other.getValue(), shared, joined, room);
            }
        }
        return joined;
    }

    /// @param room how many elements `joined` may still take
    /// @return what is left of it
    private static int join(
            Set<Map<Integer, Integer>> left,
            Set<Map<Integer, Integer>> right,
            Set<Integer> shared,
            Set<Map<Integer, Integer>> joined,
            int room) {
        int rest = room;
        Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>> rightByShared = new HashMap<>();
        for (Map<Integer, Integer> state : right) {
            rightByShared.computeIfAbsent(restrict(state, shared), _ -> new HashSet<>()).add(state);
        }
        for (Map<Integer, Integer> state : left) {
            for (Map<Integer, Integer> other :
                    rightByShared.getOrDefault(restrict(state, shared), Set.of())) {
                Map<Integer, Integer> both = new HashMap<>(state);
                both.putAll(other);
                rest -= both.size();
                if (rest < 0) {
                    return rest;
                }
                joined.add(both);
            }
        }
        return rest;
    }

    /// The states in whose elements none of the leaves stands.
    private static Set<Map<Integer, Integer>> without(
            Set<Map<Integer, Integer>> states, List<Leaf> leaves, Set<Integer> relevant) {
        Set<Map<Integer, Integer>> present = new HashSet<>();
        leaves.forEach(leaf -> present.add(leaf.elements(relevant)));
        Map<Set<Integer>, Set<Map<Integer, Integer>>> presentByArrays = byArrays(present);
        Set<Map<Integer, Integer>> left = new HashSet<>();
        byArrays(states)
                .forEach((arrays, group) -> {
                    Set<Map<Integer, Integer>> free = new HashSet<>(group);
                    presentByArrays.forEach((presentArrays, elements) -> {
                        Set<Integer> shared = new HashSet<>(arrays);
                        shared.retainAll(presentArrays);
                        Set<Map<Integer, Integer>> taken = project(elements, shared);
                        free.removeIf(state -> taken.contains(restrict(state, shared)));
                    });
                    left.addAll(free);
                });
        return left;
    }

    private static Map<Set<Integer>, Set<Map<Integer, Integer>>> byArrays(
            Set<Map<Integer, Integer>> states) {
        Map<Set<Integer>, Set<Map<Integer, Integer>>> byArrays = new HashMap<>();
        for (Map<Integer, Integer> state : states) {
            byArrays.computeIfAbsent(state.keySet(), _ -> new HashSet<>()).add(state);
        }
        return byArrays;
    }

    private static Set<Map<Integer, Integer>> project(
            Set<Map<Integer, Integer>> states, Set<Integer> arrays) {
        Set<Map<Integer, Integer>> projected = new HashSet<>();
        states.forEach(state -> projected.add(restrict(state, arrays)));
        return projected;
    }

    private static Map<Integer, Integer> restrict(
            Map<Integer, Integer> state, Set<Integer> arrays) {
        if (arrays.containsAll(state.keySet())) {
            return state;
        }
        Map<Integer, Integer> restricted = new HashMap<>(state);
        restricted.keySet().retainAll(arrays);
        return restricted;
    }
}

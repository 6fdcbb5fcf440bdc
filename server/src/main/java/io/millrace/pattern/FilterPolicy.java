package io.millrace.pattern;

import io.millrace.pattern.EventPatternExplanation.Reason;
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

    /// @param count how many fields, from the first on, match together
    /// @param cutOff whether not all that agrees was looked at: more might match
    private record Matched(int count, boolean cutOff) {}

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
            String expected =
                    scope == FilterPolicyScope.MESSAGE_BODY
                            ? "a JSON object"
                            : "at least one message attribute";
            return Optional.of(
                    input.isCrowded()
                            ? new FilterPolicyMismatch("", FilterPolicyWords.ROOM, "more")
                            : new FilterPolicyMismatch("", expected, "absent"));
        }
        int furthest = -1;
        Field failed = null;
        for (Branch branch : branches) {
            Matched matched = matched(branch.fields, input);
            if (matched.count == branch.fields.size()) {
                return Optional.empty();
            }
            if (matched.count > furthest) {
                furthest = matched.count;
                failed = branch.fields.get(matched.count);
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
                    input.isCrowded()
                            ? FilterPolicyWords.CROWDED
                            : "the message has no form to filter: wanted is "
                                    + mismatch.get().expected();
            return Optional.of(
                    new EventPatternExplanation.Miss(
                            "",
                            "[]",
                            List.of(),
                            0,
                            branches.getFirst().fields().size(),
                            input.isCrowded() ? Reason.LIMIT : Reason.MISSING,
                            words));
        }
        EventPatternExplanation.Miss nearest = null;
        for (Branch branch : branches) {
            Matched matched = matched(branch.fields, input);
            int count = matched.count;
            Field failed = branch.fields.get(count);
            List<Leaf> leaves = input.at(failed.path);
            EventPatternExplanation.Miss miss =
                    FilterPolicyWords.miss(failed, leaves, count, branch.fields.size());
            if (matched.cutOff) {
                miss = FilterPolicyWords.cutOff(miss);
            }
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
    private static Matched matched(List<Field> fields, FilterPolicyInput input) {
        Set<Map<Integer, Integer>> states = Set.of(Map.of());
        boolean cutOff = false;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Set<Integer> later = arrays(fields.subList(i + 1, fields.size()), input);
            Set<Integer> relevant = new HashSet<>(later);
            states.forEach(state -> relevant.addAll(state.keySet()));
            Set<Map<Integer, Integer>> next = new HashSet<>();
            cutOff |= !join(states, matching(field, input, relevant), next);
            if (field.mayBeAbsent()) {
                next.addAll(without(states, input.at(field.path), relevant));
            }
            states = project(next, later);
            if (states.isEmpty()) {
                return new Matched(i, cutOff);
            }
        }
        return new Matched(fields.size(), cutOff);
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

    /// Adds to `joined` what agrees of both sides, of which there may be more than of each when a
    /// path leads through different arrays: as much as there may be; false when that is not all.
    private static boolean join(
            Set<Map<Integer, Integer>> left,
            Set<Map<Integer, Integer>> right,
            Set<Map<Integer, Integer>> joined) {
        ElementGroups others = new ElementGroups(right);
        int room = FilterPolicyInput.ELEMENTS_MAX;
        for (ElementGroups.Group one : new ElementGroups(left).all()) {
            for (ElementGroups.Group other : others.near(one)) {
                boolean isSmaller = one.states().size() <= other.states().size();
                room = join(isSmaller ? one : other, isSmaller ? other : one, joined, room);
                if (room < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /// @param room how many elements `joined` may still take
    /// @return what is left of it
    private static int join(
            ElementGroups.Group few,
            ElementGroups.Group many,
            Set<Map<Integer, Integer>> joined,
            int room) {
        int rest = room;
        Set<Integer> shared = few.sharedWith(many);
        Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>> manyByShared = many.by(shared);
        for (Map<Integer, Integer> state : few.states()) {
            for (Map<Integer, Integer> other :
                    manyByShared.getOrDefault(ElementGroups.restrict(state, shared), Set.of())) {
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
        ElementGroups taken = new ElementGroups(present);
        Set<Map<Integer, Integer>> left = new HashSet<>();
        for (ElementGroups.Group group : new ElementGroups(states).all()) {
            Set<Map<Integer, Integer>> free = new HashSet<>(group.states());
            for (ElementGroups.Group other : taken.near(group)) {
                if (free.isEmpty()) {
                    break;
                }
                take(free, group, other);
            }
            left.addAll(free);
        }
        return left;
    }

    /// Takes from `free`, which are of `group`, the states that agree with one of `other`.
    private static void take(
            Set<Map<Integer, Integer>> free, ElementGroups.Group group, ElementGroups.Group other) {
        Set<Integer> shared = group.sharedWith(other);
        Set<Map<Integer, Integer>> ends = other.by(shared).keySet();
        if (free.size() <= ends.size()) {
            free.removeIf(state -> ends.contains(ElementGroups.restrict(state, shared)));
        } else {
            Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>> ours = group.by(shared);
            ends.forEach(end -> free.removeAll(ours.getOrDefault(end, Set.of())));
        }
    }

    private static Set<Map<Integer, Integer>> project(
            Set<Map<Integer, Integer>> states, Set<Integer> arrays) {
        Set<Map<Integer, Integer>> projected = new HashSet<>();
        states.forEach(state -> projected.add(ElementGroups.restrict(state, arrays)));
        return projected;
    }
}

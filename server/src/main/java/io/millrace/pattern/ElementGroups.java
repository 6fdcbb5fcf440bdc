package io.millrace.pattern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// States of a filter policy's matching, by the arrays that they stand in. A state is the index of
/// an element for each of some arrays.
///
/// An event with many small arrays has as many groups. An array stands in one element of the array
/// around it, so that all states of a group share that: of two groups that differ there, no state
/// agrees with one of the other, and these pairs are not looked at.
final class ElementGroups {

    /// The states of an element for each of the same arrays.
    static final class Group {
        private final Set<Integer> arrays;
        private final Set<Map<Integer, Integer>> states;
        private final Map<Integer, Integer> fixed; // what all states share
        private final Map<Set<Integer>, Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>>>
                byShared = new HashMap<>();

        private Group(Set<Integer> arrays, Set<Map<Integer, Integer>> states) {
            this.arrays = arrays;
            this.states = states;
            fixed = new HashMap<>(states.iterator().next());
            states.forEach(state -> fixed.entrySet().retainAll(state.entrySet()));
        }

        Set<Map<Integer, Integer>> states() {
            return states;
        }

        Set<Integer> sharedWith(Group other) {
            Set<Integer> shared = new HashSet<>(arrays);
            shared.retainAll(other.arrays);
            return shared;
        }

        /// The states by their elements of these arrays, made once.
        Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>> by(Set<Integer> shared) {
            return byShared.computeIfAbsent(
                    shared,
                    _ -> {
                        Map<Map<Integer, Integer>, Set<Map<Integer, Integer>>> by = new HashMap<>();
                        for (Map<Integer, Integer> state : states) {
                            by.computeIfAbsent(restrict(state, shared), _ -> new HashSet<>())
                                    .add(state);
                        }
                        return by;
                    });
        }
    }

    /// The groups that stand in one array: by its element where all of a group's states share that.
    private record InArray(Map<Integer, List<Group>> byElement, List<Group> others, int count) {}

    private final List<Group> groups = new ArrayList<>();
    private final Map<Integer, InArray> inArrays = new HashMap<>();

    ElementGroups(Set<Map<Integer, Integer>> states) {
        Map<Set<Integer>, Set<Map<Integer, Integer>>> byArrays = new HashMap<>();
        for (Map<Integer, Integer> state : states) {
            byArrays.computeIfAbsent(state.keySet(), _ -> new HashSet<>()).add(state);
        }
        byArrays.forEach((arrays, ofThem) -> add(new Group(arrays, ofThem)));
    }

    private void add(Group group) {
        groups.add(group);
        for (Integer array : group.arrays) {
            InArray in =
                    inArrays.getOrDefault(
                            array, new InArray(new HashMap<>(), new ArrayList<>(), 0));
            Integer element = group.fixed.get(array);
            (element == null
                            ? in.others
                            : in.byElement.computeIfAbsent(element, _ -> new ArrayList<>()))
                    .add(group);
            inArrays.put(array, new InArray(in.byElement, in.others, in.count + 1));
        }
    }

    Collection<Group> all() {
        return groups;
    }

    /// All groups of which a state may agree with one of `other`, and few that have none.
    Collection<Group> near(Group other) {
        Map.Entry<Integer, Integer> best = null;
        int bestCount = groups.size();
        for (Map.Entry<Integer, Integer> element : other.fixed.entrySet()) {
            int count = nearCount(element);
            if (count < bestCount) {
                best = element;
                bestCount = count;
            }
        }
        return best == null ? groups : near(best.getKey(), best.getValue());
    }

    private int nearCount(Map.Entry<Integer, Integer> element) {
        InArray in = inArrays.get(element.getKey());
        return in == null
                ? groups.size()
                : groups.size()
                        - in.count
                        + in.others.size()
                        + in.byElement.getOrDefault(element.getValue(), List.of()).size();
    }

    private Collection<Group> near(Integer array, Integer element) {
        List<Group> near = new ArrayList<>();
        InArray in = inArrays.get(array);
        if (in == null || in.count < groups.size()) {
            groups.stream().filter(group -> !group.arrays.contains(array)).forEach(near::add);
        }
        if (in != null) {
            near.addAll(in.others);
            near.addAll(in.byElement.getOrDefault(element, List.of()));
        }
        return near;
    }

    static Map<Integer, Integer> restrict(Map<Integer, Integer> state, Set<Integer> arrays) {
        if (arrays.containsAll(state.keySet())) {
            return state;
        }
        Map<Integer, Integer> restricted = new HashMap<>(state);
        restricted.keySet().retainAll(arrays);
        return restricted;
    }
}

package io.millrace.conformance.faults;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// What must have come before what, and the cycles therein. Not thread-safe.
///
/// The order in time would be an edge from each that had ended to each that had not begun. A chain
/// of moments says the same with few edges: what ended leads to the moment of its end, each moment
/// to the next, and the last moment before a beginning to what began.
final class DependencyGraph {

    private record Moment(long at) {}

    private record Edge(String kind, Object target) {}

    private final Map<Object, List<Edge>> edges = new LinkedHashMap<>();
    private final TreeMap<Long, Moment> moments = new TreeMap<>();
    private final Map<Object, Long> beginnings = new LinkedHashMap<>();

    /// @param from null, like `to`, when nobody knows it; something comes before itself for free
    void edge(String kind, @Nullable Object from, @Nullable Object to) {
        if (from != null && to != null && !from.equals(to)) {
            edges.computeIfAbsent(from, _ -> new ArrayList<>()).add(new Edge(kind, to));
        }
    }

    /// @param ended `Long.MAX_VALUE` when it may still be on its way
    void span(Object what, long begun, long ended) {
        beginnings.put(what, begun);
        if (ended != Long.MAX_VALUE) {
            edge("time", what, moments.computeIfAbsent(ended, Moment::new));
        }
    }

    /// One shortest cycle for each set of things that are all before one another.
    List<String> cycles() {
        Moment last = null;
        for (Moment moment : moments.values()) {
            edge("time", last, moment);
            last = moment;
        }
        beginnings.forEach((what, begun) -> {
            Map.Entry<Long, Moment> before = moments.lowerEntry(begun);
            edge("time", before == null ? null : before.getValue(), what);
        });
        return onCycles().stream().map(this::shortestCycle).flatMap(Optional::stream).toList();
    }

    /// One node of each strongly connected component of more than one: Tarjan's algorithm, with a
    /// stack of its own, since a chain of moments is deep.
    private List<Object> onCycles() {
        List<Object> found = new ArrayList<>();
        Map<Object, Integer> index = new HashMap<>();
        Map<Object, Integer> low = new HashMap<>();
        Map<Object, Integer> next = new HashMap<>(); // edges taken; -1 when its component is known
        Deque<Object> component = new ArrayDeque<>();
        for (Object root : edges.keySet()) {
            Deque<Object> path = new ArrayDeque<>();
            if (!index.containsKey(root)) {
                path.push(root);
            }
            while (!path.isEmpty()) { // each edge is taken once
                Object node = path.peek();
                if (!index.containsKey(node)) {
                    low.put(node, index.size());
                    index.put(node, index.size());
                    next.put(node, 0);
                    component.push(node);
                }
                int taken = next.getOrDefault(node, 0);
                List<Edge> out = edges.getOrDefault(node, List.of());
                if (taken < out.size()) {
                    next.put(node, taken + 1);
                    Object target = out.get(taken).target();
                    if (!index.containsKey(target)) {
                        path.push(target);
                    } else if (next.getOrDefault(target, -1) >= 0) {
                        low.merge(node, index.getOrDefault(target, 0), Math::min);
                    }
                    continue;
                }
                path.pop();
                if (Objects.equals(low.get(node), index.get(node))) {
                    close(node, component, next).ifPresent(found::add);
                }
                if (!path.isEmpty() && next.getOrDefault(node, -1) >= 0) {
                    low.merge(path.peek(), low.getOrDefault(node, 0), Math::min);
                }
            }
        }
        return found;
    }

    /// Takes a component from the stack. Returns its first node that is no moment, if it has many.
    private static Optional<Object> close(
            Object root, Deque<Object> component, Map<Object, Integer> next) {
        List<Object> members = new ArrayList<>();
        Object member;
        do {
            member = component.pop();
            next.put(member, -1);
            members.add(member);
        } while (!member.equals(root));
        return members.size() == 1
                ? Optional.empty()
                : members.stream().filter(each -> !(each instanceof Moment)).findFirst();
    }

    private Optional<String> shortestCycle(Object start) {
        Map<Object, Object> from = new HashMap<>();
        Map<Object, String> kinds = new HashMap<>();
        Deque<Object> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty() && !from.containsKey(start)) {
            Object node = queue.poll();
            for (Edge edge : edges.getOrDefault(node, List.of())) {
                if (from.putIfAbsent(edge.target(), node) == null) {
                    kinds.put(edge.target(), edge.kind());
                    queue.add(edge.target());
                }
            }
        }
        if (!from.containsKey(start)) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(start.toString());
        Object node = start;
        do {
            String kind = kinds.getOrDefault(node, "");
            node = from.getOrDefault(node, start);
            if (!(node instanceof Moment)) {
                text.insert(0, node + " <" + kind + " ");
            }
        } while (!node.equals(start));
        return Optional.of(text.toString().replace(" <", " -"));
    }
}

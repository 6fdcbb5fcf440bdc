package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks a recorded history of concurrent transactions on lists that are only appended to, each
/// value once: it is strictly serializable when the dependencies between the transactions, which
/// the lists reveal, and their order in real time make no cycle. As Elle does it (Kingsbury and
/// Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020).
///
/// Edges: who appended a value before who appended the next one; who appended the last value that a
/// reader saw before the reader; the reader before who appended the next value; and who had ended
/// before another began.
final class Serializability {

    /// A transaction that was acknowledged.
    ///
    /// @param began when, and `ended`, on one clock
    /// @param reads how long each list was that it saw
    /// @param appends what it appended to which list
    record Done(
            String name,
            long began,
            long ended,
            Map<String, Integer> reads,
            Map<String, Integer> appends) {}

    private final Map<String, List<Integer>> lists;
    private final List<Done> history;
    private final Map<Integer, Integer> writers = new HashMap<>(); // by value: the index of whom
    private final List<List<Integer>> edges = new ArrayList<>();

    private Serializability(Collection<Done> history, Map<String, List<Integer>> lists) {
        this.history = new ArrayList<>(history);
        this.lists = lists;
    }

    /// The names of transactions on a cycle, in its order; what else is wrong; or nothing.
    ///
    /// @param lists as they were in the end
    static List<String> violations(Collection<Done> history, Map<String, List<Integer>> lists) {
        return new Serializability(history, lists).violations();
    }

    private List<String> violations() {
        for (int i = 0; i < history.size(); i++) {
            edges.add(new ArrayList<>());
            for (Map.Entry<String, Integer> append : history.get(i).appends().entrySet()) {
                writers.put(append.getValue(), i);
                if (!lists.getOrDefault(append.getKey(), List.of()).contains(append.getValue())) {
                    return List.of(history.get(i).name() + " is lost");
                }
            }
        }
        lists.values().forEach(this::orderWriters);
        for (int i = 0; i < history.size(); i++) {
            for (Map.Entry<String, Integer> read : history.get(i).reads().entrySet()) {
                orderReader(i, lists.getOrDefault(read.getKey(), List.of()), read.getValue());
            }
        }
        orderInTime();
        return cycle();
    }

    private void orderWriters(List<Integer> list) {
        for (int i = 1; i < list.size(); i++) {
            edge(writers.get(list.get(i - 1)), writers.get(list.get(i)));
        }
    }

    private void orderReader(int reader, List<Integer> list, int length) {
        if (length > 0) {
            edge(writers.get(list.get(length - 1)), reader);
        }
        if (length < list.size()) {
            edge(reader, writers.get(list.get(length)));
        }
    }

    /// Null stands for a transaction whose outcome nobody knows: it has no place in time.
    private void edge(@Nullable Integer from, @Nullable Integer to) {
        if (from != null && to != null && !from.equals(to)) {
            edges.get(from).add(to);
        }
    }

    /// A node for each end, in a chain: from whoever ended there, to whoever began after it.
    private void orderInTime() {
        List<Integer> byEnd = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            byEnd.add(i);
        }
        byEnd.sort(Comparator.comparingLong(i -> history.get(i).ended()));
        List<Integer> byBegin = new ArrayList<>(byEnd);
        byBegin.sort(Comparator.comparingLong(i -> history.get(i).began()));
        int next = 0;
        int moment = -1;
        for (int i : byBegin) {
            while (next < byEnd.size()
                    && history.get(byEnd.get(next)).ended() < history.get(i).began()) {
                edges.add(new ArrayList<>());
                int node = edges.size() - 1;
                edges.get(byEnd.get(next++)).add(node);
                if (moment >= 0) {
                    edges.get(moment).add(node);
                }
                moment = node;
            }
            if (moment >= 0) {
                edges.get(moment).add(i);
            }
        }
    }

    /// Takes away what nothing comes before, until only cycles, and what follows them, are left.
    private List<String> cycle() {
        int[] before = new int[edges.size()];
        edges.forEach(targets -> targets.forEach(target -> before[target]++));
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] == 0) {
                free.add(i);
            }
        }
        int taken = 0;
        for (Integer node = free.poll(); node != null; node = free.poll(), taken++) {
            for (int target : edges.get(node)) {
                if (--before[target] == 0) {
                    free.add(target);
                }
            }
        }
        return taken == before.length ? List.of() : walk(before);
    }

    /// Each node that is left has one that is left before it: going back long enough is a cycle.
    private List<String> walk(int[] before) {
        Map<Integer, Integer> back = new HashMap<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] > 0) {
                for (int target : edges.get(i)) {
                    back.put(target, i);
                }
            }
        }
        int node = 0;
        while (before[node] == 0) {
            node++;
        }
        for (int i = 0; i < before.length; i++) {
            node = back.getOrDefault(node, node);
        }
        List<String> names = new ArrayList<>();
        int first = node;
        do { // ends when the cycle is closed
            if (node < history.size()) {
                names.addFirst(history.get(node).name());
            }
            node = back.getOrDefault(node, node);
        } while (node != first);
        return names;
    }
}

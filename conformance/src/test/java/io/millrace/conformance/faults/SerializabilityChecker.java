package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges transactions that append to lists and read lists: whether some order of them, one after
/// the other, which also keeps the order of those that did not overlap, explains all answers.
///
/// As Elle does (Kingsbury and Alvaro, VLDB 2020): since no value is appended twice, a list tells
/// the order of its writers. From that follow dependencies between transactions: a writer before
/// the next writer of the list (ww), before those who read its value last (wr), and a reader before
/// the writer of the value that it did not see yet (rw). A cycle of them is an anomaly. What was
/// not answered counts when its value was seen. Thread-safe.
final class SerializabilityChecker {

    /// @param reads the lists as they were before its own appends
    private record Transaction(
            int number,
            Map<String, Integer> appends,
            Map<String, List<Integer>> reads,
            Outcome outcome,
            long begun,
            long ended) {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return number;
        }

        @Override
        public String toString() {
            return "T%d(appends %s, %s, %d-%d)".formatted(number, appends, outcome, begun, ended);
        }
    }

    private final List<Transaction> all = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    /// @param appends the value appended, by list
    /// @param answered the lists as the answer has them: with its own appends
    synchronized void add(
            Map<String, Integer> appends,
            Map<String, List<Integer>> answered,
            Outcome outcome,
            long begun,
            long ended) {
        Map<String, List<Integer>> reads = new HashMap<>();
        answered.forEach((key, list) -> {
            Integer own = appends.get(key);
            if (own == null) {
                reads.put(key, list);
            } else if (!list.isEmpty() && list.getLast().equals(own)) {
                reads.put(key, list.subList(0, list.size() - 1));
            } else {
                violations.add("does not see its own append: " + own + " in " + list);
            }
        });
        all.add(new Transaction(all.size(), appends, reads, outcome, begun, ended));
    }

    synchronized List<String> violations() {
        Map<String, Map<Integer, Transaction>> writers = new HashMap<>();
        for (Transaction transaction : all) {
            transaction
                    .appends()
                    .forEach((key, value) ->
                            writers.computeIfAbsent(key, _ -> new HashMap<>())
                                    .put(value, transaction));
        }
        Map<String, List<Integer>> orders = orders();
        Set<Transaction> happened = new HashSet<>();
        all.stream().filter(each -> each.outcome() == Outcome.DONE).forEach(happened::add);
        orders.forEach((key, order) ->
                checkValues(key, order, writers.getOrDefault(key, Map.of()), happened));
        DependencyGraph graph = new DependencyGraph();
        for (Transaction transaction : happened) {
            transaction
                    .reads()
                    .forEach((key, read) ->
                            dependOnReads(
                                    graph,
                                    transaction,
                                    read,
                                    orders.getOrDefault(key, List.of()),
                                    writers.getOrDefault(key, Map.of())));
            graph.span(
                    transaction,
                    transaction.begun(),
                    transaction.outcome() == Outcome.DONE ? transaction.ended() : Long.MAX_VALUE);
        }
        orders.forEach((key, order) -> {
            Map<Integer, Transaction> byValue = writers.getOrDefault(key, Map.of());
            for (int i = 1; i < order.size(); i++) {
                graph.edge("ww", byValue.get(order.get(i - 1)), byValue.get(order.get(i)));
            }
        });
        graph.cycles().forEach(cycle -> violations.add("not serializable: " + cycle));
        return List.copyOf(violations);
    }

    /// The longest list that was read of each, of which all others are beginnings.
    private Map<String, List<Integer>> orders() {
        Map<String, List<Integer>> orders = new HashMap<>();
        for (Transaction transaction : all) {
            transaction
                    .reads()
                    .forEach((key, read) -> {
                        List<Integer> own = new ArrayList<>(read);
                        Integer appended = transaction.appends().get(key);
                        if (appended != null) {
                            own.add(appended);
                        }
                        List<Integer> longest = orders.getOrDefault(key, List.of());
                        int common = Math.min(longest.size(), own.size());
                        if (!longest.subList(0, common).equals(own.subList(0, common))) {
                            violations.add("two orders of %s: %s, %s".formatted(key, longest, own));
                        }
                        if (own.size() > longest.size()) {
                            orders.put(key, own);
                        }
                    });
        }
        return orders;
    }

    /// Each value was appended once, by a transaction that was not refused; and each transaction
    /// that was answered is there, whole.
    private void checkValues(
            String key,
            List<Integer> order,
            Map<Integer, Transaction> byValue,
            Set<Transaction> happened) {
        Set<Integer> seen = new HashSet<>();
        for (int value : order) {
            if (!seen.add(value)) {
                violations.add("appended twice: %d in %s".formatted(value, key));
            }
            Transaction writer = byValue.get(value);
            if (writer == null || writer.outcome() == Outcome.REFUSED) {
                violations.add("appended by nobody: %d in %s, %s".formatted(value, key, writer));
            } else {
                happened.add(writer);
            }
        }
        byValue.forEach((value, writer) -> {
            if (writer.outcome() == Outcome.DONE && !seen.contains(value)) {
                violations.add("lost append: %d in %s by %s".formatted(value, key, writer));
            }
        });
    }

    private static void dependOnReads(
            DependencyGraph graph,
            Transaction reader,
            List<Integer> read,
            List<Integer> order,
            Map<Integer, Transaction> writers) {
        if (!read.isEmpty()) {
            graph.edge("wr", writers.get(read.getLast()), reader);
        }
        if (read.size() < order.size()) {
            graph.edge("rw", reader, writers.get(order.get(read.size())));
        }
    }
}

package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Judges items that are written once, and counters: a put that was answered is there and won
/// alone, one that was refused is not; a counter has every addition that was answered, and none
/// that was not made. Thread-safe.
final class RegisterChecker {

    private record Put(String id, String writer, Outcome outcome) {}

    private final List<Put> puts = new ArrayList<>();
    private final Map<String, Long> least = new HashMap<>();
    private final Map<String, Long> most = new HashMap<>();

    synchronized void put(String id, String writer, Outcome outcome) {
        puts.add(new Put(id, writer, outcome));
    }

    synchronized void add(String counter, Outcome outcome) {
        if (outcome != Outcome.REFUSED) {
            least.merge(counter, outcome == Outcome.DONE ? 1L : 0L, Long::sum);
            most.merge(counter, 1L, Long::sum);
        }
    }

    /// @param writers who wrote each item that is there
    /// @param counters what each counter is in the end
    synchronized List<String> violations(Map<String, String> writers, Map<String, Long> counters) {
        List<String> violations = new ArrayList<>();
        Map<String, String> winners = new HashMap<>();
        for (Put put : puts) {
            String found = writers.getOrDefault(put.id(), "nobody");
            switch (put.outcome()) {
                case DONE -> {
                    if (!found.equals(put.writer())) {
                        violations.add("lost put: " + put + ", found: " + found);
                    }
                    if (winners.put(put.id(), put.writer()) != null) {
                        violations.add("two won: " + put);
                    }
                }
                case REFUSED -> {
                    if (found.equals(put.writer())) {
                        violations.add("refused and done: " + put);
                    }
                }
                case UNKNOWN -> {}
            }
        }
        least.forEach((counter, count) -> {
            long found = counters.getOrDefault(counter, 0L);
            if (found < count || found > most.getOrDefault(counter, 0L)) {
                violations.add(
                        "counted wrong: %s is %d, not %d to %d"
                                .formatted(counter, found, count, most.get(counter)));
            }
        });
        return violations;
    }
}

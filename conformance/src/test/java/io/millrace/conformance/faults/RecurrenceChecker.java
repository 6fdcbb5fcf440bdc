package io.millrace.conformance.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Judges what recurs: a run for each period from the beginning to the end, each in one message.
/// Thread-safe.
final class RecurrenceChecker {
    private final Duration period;
    private final Map<String, SortedMap<Instant, String>> runs = new HashMap<>(); // message by time
    private final List<String> violations = new ArrayList<>();
    private Instant begin = Instant.EPOCH;
    private Instant end = Instant.EPOCH;

    RecurrenceChecker(Duration period) {
        this.period = period;
    }

    /// All was made by then: the first runs are due within a period.
    synchronized void beginAt(Instant time) {
        begin = time;
    }

    /// @param time for which it ran
    synchronized void ran(String name, Instant time, String message) {
        String first = runs.computeIfAbsent(name, _ -> new TreeMap<>()).putIfAbsent(time, message);
        if (first != null && !first.equals(message)) {
            violations.add("twice: %s at %s in %s and %s".formatted(name, time, first, message));
        }
    }

    synchronized void invented(String body) {
        violations.add("invented: " + body);
    }

    /// What was due by then must have run.
    synchronized void endAt(Instant time) {
        end = time;
    }

    synchronized List<String> violations(Set<String> names) {
        List<String> all = new ArrayList<>(violations);
        for (String name : names) {
            Instant last = null;
            for (Instant time : runs.getOrDefault(name, new TreeMap<>()).keySet()) {
                if (last == null && time.isAfter(begin.plus(period))) {
                    all.add("lost: %s before %s".formatted(name, time));
                }
                if (last != null && !time.equals(last.plus(period))) {
                    all.add("lost: %s between %s and %s".formatted(name, last, time));
                }
                last = time;
            }
            if (last == null) {
                all.add("lost: %s never ran".formatted(name));
            } else if (last.plus(period).isBefore(end)) {
                all.add("lost: %s after %s, until %s".formatted(name, last, end));
            }
        }
        return all;
    }
}

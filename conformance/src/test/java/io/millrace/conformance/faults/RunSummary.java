package io.millrace.conformance.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/// What all rounds did together, as a table to be pasted into a page. Thread-safe.
final class RunSummary {
    private final long begun = System.nanoTime();
    private final Map<String, Long> calls = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private final Map<String, Long> flips = new TreeMap<>();
    private final List<Map<String, Integer>> spans = new ArrayList<>();
    private int rounds;
    private int kills;
    private int powerLosses;
    private long violations;
    private long bytesLost;

    synchronized void add(RoundReport report) {
        rounds++;
        report.calls().forEach((kind, count) -> calls.merge(kind, count, Long::sum));
        report.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        report.flips().forEach((outcome, count) -> flips.merge(outcome, count, Long::sum));
        report.violations().values().forEach(found -> violations += found.size());
        bytesLost += report.unsyncedBytesLost();
        kills += report.kills();
        powerLosses += report.powerLosses();
        spans.addAll(report.spans());
    }

    /// One line for a round.
    static String line(long seed, RoundReport report) {
        return "round %d: %d calls, %d faults: %d kills, of which power losses %d; %s"
                .formatted(
                        seed,
                        sum(report.calls(), ""),
                        sum(report.faults(), ""),
                        report.kills(),
                        report.powerLosses(),
                        report.violations().isEmpty()
                                ? "nothing found"
                                : "found by " + report.violations().keySet());
    }

    synchronized String table() {
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        StringBuilder table = new StringBuilder("\n| what | how much |\n|---|---|\n");
        row(table, "time", "%d h %d min".formatted(time.toHours(), time.toMinutesPart()));
        row(table, "rounds, each with a fresh data directory", rounds);
        row(table, "calls that were answered", sum(calls, " DONE"));
        row(table, "calls that were refused", sum(calls, " REFUSED"));
        row(table, "calls without an answer", sum(calls, " UNKNOWN"));
        Map<String, Long> services = new TreeMap<>();
        calls.forEach((kind, count) ->
                services.merge(kind.substring(0, kind.indexOf(' ')), count, Long::sum));
        services.forEach((service, count) -> row(table, "calls and deliveries: " + service, count));
        faults.forEach((kind, count) -> row(table, "fault: " + kind, count));
        row(table, "kills, with those by power losses", kills);
        row(table, "power losses", powerLosses);
        row(table, "kills a minute", "%.1f".formatted(kills * 60_000.0 / time.toMillis()));
        rowsOfSpans(table);
        row(table, "unsynced bytes that power losses took", bytesLost);
        flips.forEach((outcome, count) -> row(table, "after a bit flip: " + outcome, count));
        row(table, "**losses and other violations**", "**" + violations + "**");
        return table.toString();
    }

    /// Of what was answered before each kill that was not made right after the one before.
    private void rowsOfSpans(StringBuilder table) {
        String what = "writes answered between two kills, least · median: ";
        Set<String> services = new TreeSet<>();
        spans.forEach(span -> services.addAll(span.keySet()));
        if (services.isEmpty()) {
            return;
        }
        row(
                table,
                what + "all services",
                leastAndMedian(span -> span.values().stream().mapToInt(Integer::intValue).sum()));
        services.forEach(service ->
                row(table, what + service, leastAndMedian(span -> span.getOrDefault(service, 0))));
        row(
                table,
                "of these spans, those in which every service answered a write",
                "%d of %d"
                        .formatted(
                                spans.stream()
                                        .filter(span -> span.keySet().containsAll(services))
                                        .count(),
                                spans.size()));
    }

    private String leastAndMedian(ToIntFunction<Map<String, Integer>> count) {
        int[] counts = spans.stream().mapToInt(count).sorted().toArray();
        return counts[0] + " · " + counts[counts.length / 2];
    }

    private static long sum(Map<String, Long> counts, String suffix) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().endsWith(suffix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void row(StringBuilder table, String what, Object howMuch) {
        table.append("| ").append(what).append(" | ").append(howMuch).append(" |\n");
    }
}

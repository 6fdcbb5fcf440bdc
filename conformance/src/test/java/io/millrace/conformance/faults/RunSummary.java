package io.millrace.conformance.faults;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What all rounds did together, as a table to be pasted into a page. Thread-safe.
final class RunSummary {
    private final long begun = System.nanoTime();
    private final Map<String, Long> calls = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private final Map<String, Long> flips = new TreeMap<>();
    private int rounds;
    private long violations;
    private long bytesLost;

    synchronized void add(RoundReport report) {
        rounds++;
        report.calls().forEach((kind, count) -> calls.merge(kind, count, Long::sum));
        report.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        report.flips().forEach((outcome, count) -> flips.merge(outcome, count, Long::sum));
        report.violations().values().forEach(found -> violations += found.size());
        bytesLost += report.unsyncedBytesLost();
    }

    /// One line for a round.
    static String line(long seed, RoundReport report) {
        return "round %d: %d calls, %d faults, %s"
                .formatted(
                        seed,
                        sum(report.calls(), ""),
                        sum(report.faults(), ""),
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
        row(table, "unsynced bytes that power losses took", bytesLost);
        flips.forEach((outcome, count) -> row(table, "after a bit flip: " + outcome, count));
        row(table, "**losses and other violations**", "**" + violations + "**");
        return table.toString();
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

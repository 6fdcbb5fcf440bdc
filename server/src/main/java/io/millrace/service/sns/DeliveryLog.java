package io.millrace.service.sns;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The newest delivery statuses of each topic, in memory: bounded by number and age. Thread-safe.
final class DeliveryLog {

    private record Line(long millis, String json) {}

    private final Map<String, Deque<Line>> byGroup =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Deque<Line>> eldest) {
                    return size() > SnsLimits.LOGGED_GROUPS;
                }
            };

    /// Takes one line.
    ///
    /// @param logGroup as AWS names it in CloudWatch Logs: `sns/us-east-1/000000000000/topic`, with
    ///   `/Failure` for what failed
    synchronized void write(String logGroup, long timestampMillis, String json) {
        Deque<Line> lines = byGroup.computeIfAbsent(logGroup, _ -> new ArrayDeque<>());
        lines.addLast(new Line(timestampMillis, json));
        expire(lines, timestampMillis);
        if (lines.size() > SnsLimits.LOGGED_LINES) {
            lines.removeFirst();
        }
    }

    /// The lines of a group, the oldest first.
    synchronized List<String> lines(String logGroup, long nowMillis) {
        Deque<Line> lines = byGroup.getOrDefault(logGroup, new ArrayDeque<>());
        expire(lines, nowMillis);
        List<String> told = new ArrayList<>();
        for (Line line : lines) {
            told.add(line.json);
        }
        return told;
    }

    private static void expire(Deque<Line> lines, long nowMillis) {
        long oldest = nowMillis - SnsLimits.LOGGED_AGE.toMillis();
        while (!lines.isEmpty() && lines.getFirst().millis < oldest) {
            lines.removeFirst();
        }
    }
}

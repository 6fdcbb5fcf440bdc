package io.millrace.service.sns;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What happened to topics since the start, counted in memory under the names of AWS's metrics.
/// Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html).
/// Thread-safe.
final class TopicMetrics {

    /// The metrics that are counted.
    enum Metric {
        PUBLISHED("NumberOfMessagesPublished"),
        DELIVERED("NumberOfNotificationsDelivered"),
        FAILED("NumberOfNotificationsFailed"),
        FILTERED_OUT("NumberOfNotificationsFilteredOut"),
        REDRIVEN("NumberOfNotificationsRedrivenToDlq"),
        FAILED_TO_REDRIVE("NumberOfNotificationsFailedToRedriveToDlq"),
        REPLAYED("NumberOfReplayedNotificationsDelivered"),
        REPLAY_FAILED("NumberOfReplayedNotificationsFailed");

        private final String text;

        Metric(String text) {
            this.text = text;
        }
    }

    private final Map<String, Map<Metric, LongAdder>> byTopic = new ConcurrentHashMap<>();

    void add(String topicArn, Metric metric, long count) {
        if (count == 0) {
            return;
        }
        Map<Metric, LongAdder> counters = byTopic.get(topicArn);
        if (counters == null) {
            if (byTopic.size() >= SnsLimits.COUNTED_TOPICS) {
                return;
            }
            counters = byTopic.computeIfAbsent(topicArn, _ -> counters());
        }
        LongAdder counter = counters.get(metric);
        if (counter != null) {
            counter.add(count);
        }
    }

    void forget(String topicArn) {
        byTopic.remove(topicArn);
    }

    /// The counts by topic and name, of topics whose ARN begins with `prefix`.
    SortedMap<String, Map<String, Long>> counted(String prefix) {
        SortedMap<String, Map<String, Long>> counted = new TreeMap<>();
        byTopic.forEach((topic, counters) -> {
            if (topic.startsWith(prefix)) {
                Map<String, Long> named = new TreeMap<>();
                counters.forEach((metric, counter) -> named.put(metric.text, counter.sum()));
                counted.put(topic, named);
            }
        });
        return counted;
    }

    private static Map<Metric, LongAdder> counters() {
        Map<Metric, LongAdder> counters = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            counters.put(metric, new LongAdder());
        }
        return counters;
    }
}

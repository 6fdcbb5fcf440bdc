package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.TopKeys.Top;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The keys that are accessed and throttled most, of the tables and indexes whose contributor
/// insights are on. Counted since the server started or they were switched on: a cache, like AWS's
/// metrics of the last minutes. Thread-safe.
final class KeyInsights {
    private static final int SPACES_MAX = 1_000;

    /// What is counted, by AWS's abbreviations in the names of rules.
    enum Measure {
        PKC,
        SKC,
        PKT,
        SKT;

        boolean throttled() {
            return this == PKT || this == SKT;
        }

        boolean pair() {
            return this == SKC || this == SKT;
        }
    }

    /// @param space the internal number of the table or index
    private record Counted(long space, Measure measure) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Counted, TopKeys> counts =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Counted, TopKeys> eldest) {
                    return size() > SPACES_MAX * Measure.values().length;
                }
            };

    /// Whether anything is to be counted; cheap when nothing is.
    static @Nullable InsightsRule rule(Table table, @Nullable Index index) {
        List<InsightsRule> rules = table.features().insights();
        if (rules.isEmpty()) {
            return null;
        }
        String name = index == null ? null : index.name();
        for (InsightsRule rule : rules) {
            if (rule.isFor(name) && rule.enabled()) {
                return rule;
            }
        }
        return null;
    }

    /// Counts an access, or a throttled one.
    ///
    /// @param attributes with the key at least; without the sort key only the partition is counted
    void count(
            Table table,
            @Nullable Index index,
            Map<String, AttributeValue> attributes,
            boolean throttled) {
        InsightsRule rule = rule(table, index);
        if (rule == null || (!throttled && !rule.accessed())) {
            return;
        }
        KeySchema key = index == null ? table.key() : index.key();
        String partition = text(attributes, key.hash());
        if (partition == null) {
            return;
        }
        long space = index == null ? table.number() : index.number();
        counts(space, throttled ? Measure.PKT : Measure.PKC).add("[" + partition + "]");
        String sort = key.range() == null ? null : text(attributes, key.range());
        if (sort != null) {
            counts(space, throttled ? Measure.SKT : Measure.SKC)
                    .add("[" + partition + "," + sort + "]");
        }
    }

    private static @Nullable String text(
            Map<String, AttributeValue> attributes, KeyAttribute attribute) {
        AttributeValue value = attributes.get(attribute.name());
        return value == null
                ? null
                : new String(JsonShapeWriter.write(value), StandardCharsets.UTF_8);
    }

    private TopKeys counts(long space, Measure measure) {
        lock.lock();
        try {
            return counts.computeIfAbsent(new Counted(space, measure), _ -> new TopKeys());
        } finally {
            lock.unlock();
        }
    }

    List<Top> top(long space, Measure measure, int max) {
        return counts(space, measure).top(max);
    }

    /// Forgets what was counted.
    void forget(long space) {
        lock.lock();
        try {
            for (Measure measure : Measure.values()) {
                counts.remove(new Counted(space, measure));
            }
        } finally {
            lock.unlock();
        }
    }
}

package io.millrace.service.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the keys that come most often, in bounded memory: the Space-Saving sketch of Metwally,
/// Agrawal and El Abbadi ("Efficient computation of frequent and top-k elements in data streams",
/// 2005). A key that comes when all counters are taken inherits the smallest count, which is then
/// its error. Thread-safe.
final class TopKeys {
    private static final int COUNTERS_MAX = 128;

    /// @param count at most this often
    /// @param error at least `count - error` times
    record Top(String key, long count, long error) {}

    private final Map<String, Top> counters = new HashMap<>();

    synchronized void add(String key) {
        Top counter = counters.get(key);
        if (counter != null) {
            counters.put(key, new Top(key, counter.count() + 1, counter.error()));
        } else if (counters.size() < COUNTERS_MAX) {
            counters.put(key, new Top(key, 1, 0));
        } else {
            Top least = least();
            counters.remove(least.key());
            counters.put(key, new Top(key, least.count() + 1, least.count()));
        }
    }

    private Top least() {
        Top least = null;
        for (Top counter : counters.values()) {
            if (least == null || counter.count() < least.count()) {
                least = counter;
            }
        }
        if (least == null) {
            throw new IllegalStateException("no counters");
        }
        return least;
    }

    /// The most frequent ones, most frequent first.
    synchronized List<Top> top(int max) {
        List<Top> sorted = new ArrayList<>(counters.values());
        sorted.sort((a, b) -> Long.compare(b.count(), a.count()));
        return List.copyOf(sorted.subList(0, Math.min(max, sorted.size())));
    }
}

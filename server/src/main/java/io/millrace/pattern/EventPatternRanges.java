package io.millrace.pattern;

import io.millrace.pattern.EventPatternIndex.Entry;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Numeric ranges, by the numbers that they hold.
///
/// Ranges without an upper end stand in order of their lower end, and the other way round. Ranges
/// with two ends stand by the magnitude of their width: one that is at most 2^k wide and holds a
/// number begins at most 2^k below that number, so that a look-up visits about twice as many ranges
/// of a magnitude as hold the number, and there are few magnitudes.
final class EventPatternRanges {

    private final TreeMap<Double, EventPatternBucket> upwards = new TreeMap<>();
    private final TreeMap<Double, EventPatternBucket> downwards = new TreeMap<>();
    private final Map<Integer, TreeMap<Double, EventPatternBucket>> byMagnitude = new HashMap<>(2);

    boolean isEmpty() {
        return upwards.isEmpty() && downwards.isEmpty() && byMagnitude.isEmpty();
    }

    /// The bucket for a range, for adding to.
    EventPatternBucket bucket(EventPatternCondition.Range range) {
        NavigableMap<Double, EventPatternBucket> ordered =
                isBounded(range)
                        ? byMagnitude.computeIfAbsent(magnitude(range), _ -> new TreeMap<>())
                        : unbounded(range);
        return ordered.computeIfAbsent(end(range), _ -> new EventPatternBucket());
    }

    /// Drops the bucket of a range, which has become empty.
    void drop(EventPatternCondition.Range range) {
        if (!isBounded(range)) {
            unbounded(range).remove(end(range));
            return;
        }
        @Nullable TreeMap<Double, EventPatternBucket> ordered = byMagnitude.get(magnitude(range));
        if (ordered != null) {
            ordered.remove(end(range));
            if (ordered.isEmpty()) {
                byMagnitude.remove(magnitude(range));
            }
        }
    }

    void collect(double number, Set<Entry> found) {
        upwards.headMap(number, true).values().forEach(each -> each.collect(found));
        downwards.tailMap(number, true).values().forEach(each -> each.collect(found));
        byMagnitude.forEach((magnitude, ordered) -> {
            double from = number - Math.scalb(1.0, magnitude);
            Collection<EventPatternBucket> near = ordered.subMap(from, true, number, true).values();
            near.forEach(each -> each.collect(found));
        });
    }

    /// How many ends of ranges, and magnitudes, are kept.
    int size() {
        int size = upwards.size() + downwards.size() + byMagnitude.size();
        for (TreeMap<Double, EventPatternBucket> ordered : byMagnitude.values()) {
            size += ordered.size();
        }
        return size;
    }

    private NavigableMap<Double, EventPatternBucket> unbounded(EventPatternCondition.Range range) {
        return Double.isInfinite(range.high()) ? upwards : downwards;
    }

    private static double end(EventPatternCondition.Range range) {
        return Double.isInfinite(range.low()) ? range.high() : range.low();
    }

    private static boolean isBounded(EventPatternCondition.Range range) {
        return !Double.isInfinite(range.low()) && !Double.isInfinite(range.high());
    }

    /// The k with width <= 2^k, and one more for the rounding of a subtraction.
    private static int magnitude(EventPatternCondition.Range range) {
        double width = Math.max(range.high() - range.low(), Math.ulp(range.high()));
        return Math.getExponent(width) + 2;
    }
}

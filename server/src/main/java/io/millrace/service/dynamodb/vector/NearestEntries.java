package io.millrace.service.dynamodb.vector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The nearest of the entries that it has been shown, at most so many. Of equally near ones the
/// first to be shown are kept and stand first. Not thread-safe.
public final class NearestEntries {

    /// An entry and its score.
    ///
    /// @param shown how many entries had been shown before it
    /// @param entry as [StoredVector] encodes it
    @SuppressWarnings("ArrayRecordComponent") // never compared by its parts
    public record Found(float score, long shown, byte[] entry) {}

    private final DistanceFunction distance;
    private final float[] wanted;
    private final double wantedSquared;
    private final float[] vector;
    private final int countMax;
    private final Comparator<Found> nearestFirst;
    private final PriorityQueue<Found> farthestFirst;
    private long shown;

    public NearestEntries(DistanceFunction distance, float[] wanted, int countMax) {
        this.distance = distance;
        this.wanted = wanted;
        this.wantedSquared = DistanceFunction.dot(wanted, wanted);
        this.vector = new float[wanted.length];
        this.countMax = countMax;
        this.nearestFirst =
                (left, right) -> {
                    if (left.score == right.score) {
                        return Long.compare(left.shown, right.shown);
                    }
                    return distance.isNearer(left.score, right.score) ? -1 : 1;
                };
        this.farthestFirst = new PriorityQueue<>(countMax, nearestFirst.reversed());
    }

    /// Looks at one more entry.
    ///
    /// @param entry kept when it is one of the nearest so far
    public void show(byte[] entry) {
        StoredVector.vector(entry, vector);
        float score = distance.score(wanted, wantedSquared, vector, StoredVector.squared(entry));
        @Nullable Found farthest = farthestFirst.peek();
        if (farthest == null || farthestFirst.size() < countMax) {
            farthestFirst.add(new Found(score, shown, entry));
        } else if (distance.isNearer(score, farthest.score)) {
            farthestFirst.poll();
            farthestFirst.add(new Found(score, shown, entry));
        }
        shown++;
    }

    /// What has been found, the nearest first.
    public List<Found> found() {
        List<Found> found = new ArrayList<>(farthestFirst);
        found.sort(nearestFirst);
        return found;
    }
}

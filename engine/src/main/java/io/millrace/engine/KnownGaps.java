package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Parts of the key space that are known to hold nothing, so that a cursor jumps over what was
/// deleted there: the front of a queue, above all, where a scan would pass every message ever
/// consumed that is not compacted away yet.
///
/// A gap is learned from a scan that was slow at the same place for the second time, and once more
/// when it tried again: else it may have read a file, or waited for a processor, and gaps learned
/// from those would displace others, and cost whoever passes by. It holds for every snapshot from
/// that scan's version on, until a commit writes into it; then only the part before the written key
/// is kept. Changed under the commit lock, under which snapshots are taken too: who has a snapshot
/// with a commit sees the gaps without its keys. Read without a lock. Gaps are disjoint.
final class KnownGaps {

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Gap(byte[] end, long version) {}

    private static final int GAPS_MAX = 4096;
    private static final int PLACES = 1024;

    private final int slowSteps;

    /// Hashes of the places where scans were slow last. Races lose one, which is no harm.
    private final int[] slowPlaces = new int[PLACES];

    private final ConcurrentSkipListMap<byte[], Gap> gaps =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    /// @param slowSteps after how many slow steps at a place a scan tries again: one or two
    KnownGaps(int slowSteps) {
        this.slowSteps = slowSteps;
    }

    /// Whether a scan that was slow at `key` may have passed what was deleted, and is to try again.
    boolean isLearned(byte[] key) {
        int mixed = Arrays.hashCode(key) * 0x9e3779b9;
        int hash = mixed == 0 ? 1 : mixed;
        int place = hash >>> 22;
        boolean again = slowPlaces[place] == hash;
        slowPlaces[place] = again ? 0 : hash;
        return again || slowSteps < 2;
    }

    boolean isEmpty() {
        return gaps.isEmpty();
    }

    /// The end of the gap that `key` is in, in a snapshot of `version`; null when it is in none.
    byte @Nullable [] end(byte[] key, long version) {
        Map.Entry<byte[], Gap> entry = gaps.floorEntry(key);
        if (entry == null) {
            return null;
        }
        Gap gap = entry.getValue();
        boolean inside = gap.version() <= version && Arrays.compareUnsigned(key, gap.end()) < 0;
        return inside ? gap.end() : null;
    }

    /// Whether a part of `from <= key < to` may be in a gap. What is learned later is not told,
    /// which is no harm.
    boolean anyIn(byte[] from, byte[] to) {
        Map.Entry<byte[], Gap> last = gaps.lowerEntry(to); // gaps before it end before it begins
        return last != null && Arrays.compareUnsigned(last.getValue().end(), from) > 0;
    }

    /// Where the next gap begins behind `key`; null when there is none. What is learned later is
    /// not told, which is no harm.
    byte @Nullable [] nextStart(byte[] key) {
        return gaps.higherKey(key);
    }

    /// Adds what was empty at `version` and has not been written to since.
    void add(byte[] from, byte[] to, long version) {
        byte[] start = from;
        byte[] end = to;
        long since = version;
        Map.Entry<byte[], Gap> before = gaps.lowerEntry(from);
        if (before != null && Arrays.compareUnsigned(before.getValue().end(), from) >= 0) {
            start = before.getKey();
        }
        for (Gap gap : gaps.subMap(start, true, to, true).values()) {
            end = Arrays.compareUnsigned(gap.end(), end) > 0 ? gap.end() : end;
            since = Math.max(since, gap.version());
        }
        gaps.subMap(start, false, to, true).clear();
        gaps.put(start, new Gap(end, since));
        if (gaps.size() > GAPS_MAX) {
            gaps.pollFirstEntry();
        }
    }

    /// Takes the keys, which are about to be visible, out of the gaps.
    void remove(byte[][] keys) {
        if (gaps.isEmpty()) {
            return;
        }
        for (byte[] key : keys) {
            Map.Entry<byte[], Gap> entry = gaps.floorEntry(key);
            if (entry == null) {
                continue;
            }
            Gap gap = entry.getValue();
            if (Arrays.compareUnsigned(key, gap.end()) >= 0) {
                continue;
            }
            if (Arrays.equals(key, entry.getKey())) {
                gaps.remove(key);
            } else {
                gaps.put(entry.getKey(), new Gap(key, gap.version()));
            }
        }
    }
}

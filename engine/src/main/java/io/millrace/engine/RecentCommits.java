package io.millrace.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// The write sets of the newest commits, against which the reads of a transaction are validated.
///
/// Bounded: what is too old to be known counts as a conflict. Guarded by the commit lock.
final class RecentCommits {

    /// What one commit wrote: keys in order, and ranges that it deleted.
    static final class Commit {
        private final long version;
        private final byte[][] keys;
        private final List<WriteSet.Step.DeletedRange> deletedRanges;
        private final long mask;
        private final long bytes;

        /// Takes the arguments over.
        Commit(long version, byte[][] keys, List<WriteSet.Step.DeletedRange> deletedRanges) {
            this.version = version;
            this.keys = keys;
            this.deletedRanges = deletedRanges;
            long bits = 0;
            long sum = 0;
            for (byte[] key : keys) {
                bits |= ReadSet.bit(key);
                sum += key.length;
            }
            for (WriteSet.Step.DeletedRange range : deletedRanges) {
                sum += range.from().length + range.to().length;
            }
            mask = bits;
            bytes = sum;
        }

        long version() {
            return version;
        }

        byte[][] keys() {
            return keys;
        }

        List<WriteSet.Step.DeletedRange> deletedRanges() {
            return deletedRanges;
        }

        boolean touches(ReadSet reads) {
            return touchesPoints(reads) || touchesRanges(reads) || deletesFrom(reads);
        }

        private boolean touchesPoints(ReadSet reads) {
            if ((mask & reads.mask()) == 0) {
                return false;
            }
            for (byte[] key : reads.points) {
                if (Arrays.binarySearch(keys, key, Arrays::compareUnsigned) >= 0) {
                    return true;
                }
            }
            return false;
        }

        private boolean touchesRanges(ReadSet reads) {
            for (ReadSet.Range range : reads.ranges) {
                if (range.isEmpty()) {
                    continue;
                }
                int found = Arrays.binarySearch(keys, range.start(), Arrays::compareUnsigned);
                int index = found >= 0 ? found : -found - 1;
                if (index < keys.length && range.isBeforeEnd(keys[index])) {
                    return true;
                }
            }
            return false;
        }

        private boolean deletesFrom(ReadSet reads) {
            for (WriteSet.Step.DeletedRange deleted : deletedRanges) {
                for (byte[] key : reads.points) {
                    if (deleted.contains(key)) {
                        return true;
                    }
                }
                for (ReadSet.Range range : reads.ranges) {
                    if (!range.isEmpty()
                            && Arrays.compareUnsigned(range.start(), deleted.to()) < 0
                            && range.isBeforeEnd(deleted.from())) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static final int COMMITS_MAX = 4096;
    private static final long KEY_BYTES_MAX = 16L << 20;

    private final ArrayDeque<Commit> commits = new ArrayDeque<>();
    private long bytes;
    private long forgottenVersion;

    RecentCommits(long version) {
        forgottenVersion = version;
    }

    void add(Commit commit) {
        commits.addLast(commit);
        bytes += commit.bytes;
        while (commits.size() > COMMITS_MAX || bytes > KEY_BYTES_MAX) {
            Commit oldest = commits.removeFirst();
            bytes -= oldest.bytes;
            forgottenVersion = oldest.version;
        }
    }

    /// Whether a commit newer than `version` may have changed what was read at `version`.
    boolean changedSince(long version, ReadSet reads) {
        if (reads.isEmpty()) {
            return false;
        }
        if (version < forgottenVersion) {
            return true;
        }
        Iterator<Commit> newestFirst = commits.descendingIterator();
        while (newestFirst.hasNext()) {
            Commit commit = newestFirst.next();
            if (commit.version <= version) {
                return false;
            }
            if (commit.touches(reads)) {
                return true;
            }
        }
        return false;
    }
}

package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What write-ahead logs hold, read in their order: up to which version they are whole, where the
/// first bad record is, and what the records behind it tell.
///
/// A whole record is bad, too, when it does not follow the one before it: the versions in logs have
/// no gaps, so that what stood between them is lost. At the beginning of the first log that is
/// another matter ([LogTails#checkFirst]).
///
/// Each record tells which version was durable when it was written ([EncodedWrites]). So a torn
/// tail, which nobody was promised, is told apart from damage: behind damage, a record says that
/// what is missing was durable. Only the newest group has nothing behind it until the store has
/// been idle for a moment.
final class LogScan {
    private long firstVersion;
    private long version;
    private @Nullable Path badFile;
    private long badOffset;
    private long promisedVersion;
    private final Map<Integer, Long> lostKeys = new TreeMap<>();

    private LogScan() {}

    /// @param logs the live ones, in their order
    /// @param manifest tells up to which version they are not needed; null when there is none
    static LogScan of(Iterable<Path> logs, @Nullable Manifest manifest) throws IOException {
        LogScan scan = new LogScan();
        scan.version = manifest == null ? 0 : manifest.logVersion();
        for (Path log : logs) {
            LogBlocks.read(log, scan.new Reader(log));
        }
        return scan;
    }

    /// Whether every record is whole.
    boolean isWhole() {
        return badFile == null;
    }

    /// Whether something is missing that was durable.
    boolean isDamaged() {
        return badFile != null && promisedVersion > version;
    }

    @Nullable Path badFile() {
        return badFile;
    }

    long badOffset() {
        return badOffset;
    }

    /// The number of the first write; 0 when there is none.
    long firstVersion() {
        return firstVersion;
    }

    /// The newest version before the first bad record, which may be in a sorted file.
    long version() {
        return version;
    }

    /// The newest version that is known to have been durable.
    long promisedVersion() {
        return promisedVersion;
    }

    /// How many writes behind the first bad record can be read, by their keys' first byte.
    Map<Integer, Long> lostKeys() {
        return lostKeys;
    }

    @Override
    public String toString() {
        return badFile == null
                ? "whole"
                : badFile
                        + " is damaged at offset "
                        + badOffset
                        + ": writes that were acknowledged are lost from version "
                        + (version + 1)
                        + " to "
                        + promisedVersion
                        + " or later";
    }

    private final class Reader implements LogBlocks.Visitor {
        private static final long NONE = -1;

        private final Path file;

        /// How the record begins that is being read; it may be split anywhere over blocks.
        private final ByteBuffer head =
                ByteBuffer.allocate(EncodedWrites.WRITES_OFFSET).order(ByteOrder.LITTLE_ENDIAN);

        private long beginning = NONE;

        private Reader(Path file) {
            this.file = file;
        }

        @Override
        public void record(int type, long offset, ByteBuffer payload) {
            if (type == LogBlocks.FULL || type == LogBlocks.FIRST) {
                head.clear();
                beginning = offset;
            }
            if (beginning == NONE) { // the rest of a record whose beginning is bad
                return;
            }
            head.put(payload.slice(0, Math.min(payload.limit(), head.remaining())));
            if (type == LogBlocks.FULL || type == LogBlocks.LAST) {
                follow();
                beginning = NONE;
            }
            if (badFile != null) {
                promisedVersion = Math.max(promisedVersion, promised());
                if (type == LogBlocks.FULL) {
                    countLost(payload);
                }
            }
        }

        /// Takes a whole record as the next one, which it is not behind a gap.
        private void follow() {
            if (badFile != null || head.position() < EncodedWrites.HEADER_BYTES) {
                return;
            }
            long first = head.getLong(0);
            if (firstVersion > 0 && first > version + 1) {
                bad(beginning);
                return;
            }
            firstVersion = firstVersion == 0 ? first : firstVersion;
            version = Math.max(version, first + head.getInt(EncodedWrites.COUNT_OFFSET) - 1);
        }

        private void countLost(ByteBuffer payload) {
            try {
                EncodedWrites.keys(
                        payload,
                        key -> lostKeys.merge(key.length == 0 ? 0 : key[0] & 0xff, 1L, Long::sum));
            } catch (StoreException _) { // behind damage, a part of a value may look like a record
            }
        }

        @Override
        public void bad(long offset) {
            beginning = NONE;
            if (badFile == null) {
                badFile = file;
                badOffset = offset;
            }
        }

        /// The version that was durable when the record was written; 0 when it does not tell.
        private long promised() {
            return !head.hasRemaining()
                            && head.get(EncodedWrites.HEADER_BYTES) == EncodedWrites.LOG_DATA
                            && head.get(EncodedWrites.HEADER_BYTES + 1) == Long.BYTES
                    ? head.duplicate()
                            .order(ByteOrder.BIG_ENDIAN)
                            .getLong(EncodedWrites.PROMISE_OFFSET)
                    : 0;
        }
    }
}

package io.millrace.service.pipes;

import io.millrace.engine.Snapshot;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.TableStream;

import java.util.ArrayList;
import java.util.List;

/// Reads what a slot has of its shard. Immutable.
///
/// @param ahead what other slots have delivered before
record SlotReader(
        TableStream stream,
        StreamLog records,
        ImageDecoder images,
        Slot slot,
        ShardProgress ahead) {

    /// What was read, and how much of the shard was looked at for it.
    ///
    /// @param isWhole whether that was all there is for now
    record Found(StreamLog.Page page, int scanned, boolean isWhole) {}

    /// The slot's next records from `from` on.
    ///
    /// @throws StreamLog.TrimmedException when records at or after `from` have been trimmed
    Found read(Snapshot tx, Position from, int countMax, long oldestMillis) {
        int bytesMax = PipesLimits.BATCH_BYTES_MAX;
        if (slot.factor() == 1 && ahead.isEmpty()) {
            StreamLog.Page page = records.read(tx, from, countMax, bytesMax, oldestMillis);
            int count = page.entries().size();
            return new Found(page, count, count < countMax);
        }
        List<Entry> own = new ArrayList<>();
        int bytes = 0;
        int scanned = 0;
        Position at = from;
        while (true) { // ends with the shard, with a batch, or when it looked at enough
            StreamLog.Page page =
                    records.read(tx, at, PipesLimits.RECEIVE_MAX, bytesMax, oldestMillis);
            for (Entry entry : page.entries()) {
                scanned++;
                if (!isOwn(entry)) {
                    continue;
                }
                if (!own.isEmpty() && bytes + entry.bytes() > bytesMax) {
                    return new Found(new StreamLog.Page(own, entry.position()), scanned, false);
                }
                own.add(entry);
                bytes += entry.bytes();
                if (own.size() == countMax) {
                    Position next = entry.position().next();
                    return new Found(new StreamLog.Page(own, next), scanned, false);
                }
            }
            Position next = page.next();
            boolean isWhole = next == null || page.entries().isEmpty();
            if (next == null || isWhole || scanned >= PipesLimits.SCAN_MAX) {
                return new Found(new StreamLog.Page(own, next), scanned, isWhole);
            }
            at = next;
        }
    }

    private boolean isOwn(Entry entry) {
        int hash = Slot.hash(stream, entry, images);
        return slot.has(hash) && !ahead.isBehind(entry, hash);
    }
}

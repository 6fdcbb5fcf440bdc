package io.millrace.stream;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One shard of a stream: an append-only log that is ordered by commits.
///
/// A record is appended in the transaction of the change that it tells, under a key that ends with
/// the commit's sequence number, so appending reads nothing and concurrent writers never conflict
/// here. Trimming moves a mark and deletes one range; readers begin at the mark, so they never walk
/// over what is gone. The log itself is a value; all its state is in the store.
///
/// @param number the internal number of the stream
/// @param shard which of its shards, from 0
public record StreamLog(long number, int shard) {

    /// The time at the beginning of each entry.
    public static final int HEADER_BYTES = Long.BYTES;

    /// A record as read.
    ///
    /// @param bytes what it counts against a page's limit
    public record Entry(Position position, long epochMillis, ByteBuffer payload, int bytes) {}

    /// What was read.
    ///
    /// @param next where to read on, or null when the shard is closed and read to its end
    public record Page(List<Entry> entries, @Nullable Position next) {}

    /// The ends of a shard, before the first of its records and behind the last: a child begins
    /// right behind its parent's end.
    ///
    /// @param last null while the shard is open
    public record Bounds(Position first, @Nullable Position last) {}

    /// Reading on from here would silently skip records that have been trimmed.
    public static final class TrimmedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TrimmedException() {
            super("trimmed", null, false, false);
        }
    }

    public void open(Transaction tx) {
        mark(tx, StreamKeys.OPENED);
    }

    /// Ends the shard. Appending afterwards is the caller's mistake.
    public void close(Transaction tx) {
        mark(tx, StreamKeys.CLOSED);
    }

    private void mark(Transaction tx, int prefix) {
        byte[] key = StreamKeys.shard(prefix, this).toBytes();
        tx.putStamped(key, Transaction.NO_STAMP, new byte[Long.BYTES], 0);
    }

    /// An entry with its header and `payloadBytes` of room behind [#HEADER_BYTES].
    public static byte[] entry(long epochMillis, int payloadBytes) {
        byte[] entry = new byte[HEADER_BYTES + payloadBytes];
        Bytes.writeLong(entry, 0, epochMillis);
        return entry;
    }

    /// Appends a record.
    ///
    /// @param index its place among this transaction's records for this shard
    /// @param entry an entry from [#entry] with its payload; not to be changed afterwards
    public void append(Transaction tx, int index, byte[] entry) {
        if (index > Position.INDEX_MAX) {
            throw new IllegalStateException("record " + index + " of a transaction");
        }
        KeyWriter key = StreamKeys.shard(StreamKeys.RECORD, this).stamp().uint16(index);
        tx.putStamped(key.toBytes(), key.stampOffset(), entry, Transaction.NO_STAMP);
    }

    /// Opens a watch that wakes when something is appended, or the shard is closed.
    ///
    /// @return one watch for the records; a closing is seen by the watch of the stream's resource
    public Watch watch(Store store) {
        return store.watch(StreamKeys.shard(StreamKeys.RECORD, this).toBytes());
    }

    /// Null when there is no such shard.
    public @Nullable Bounds bounds(Snapshot tx) {
        byte[] opened = tx.get(StreamKeys.shard(StreamKeys.OPENED, this).toBytes());
        if (opened == null) {
            return null;
        }
        byte[] closed = tx.get(StreamKeys.shard(StreamKeys.CLOSED, this).toBytes());
        return new Bounds(
                new Position(Bytes.readLong(opened, 0), 1),
                closed == null ? null : new Position(Bytes.readLong(closed, 0), 0));
    }

    /// Reads on from `from`, which counts itself.
    ///
    /// @param bytesMax ends the page early, but never before its first record
    /// @param oldestMillis what is older than this is trimmed, whether it is still there or not
    /// @throws TrimmedException when records at or after `from` have been trimmed
    public Page read(Snapshot tx, Position from, int countMax, int bytesMax, long oldestMillis) {
        Position begin = from.equals(Position.OLDEST) ? horizon(tx, oldestMillis) : from;
        if (begin.compareTo(trimmed(tx)) < 0) {
            throw new TrimmedException();
        }
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        try (Cursor cursor = range(tx, begin, Direction.FORWARD)) {
            while (cursor.next()) {
                Entry entry = entry(cursor);
                if (entries.isEmpty() && entry.epochMillis() < oldestMillis) {
                    throw new TrimmedException();
                }
                if (!entries.isEmpty() && bytes + entry.bytes() > bytesMax) {
                    return new Page(entries, entry.position());
                }
                entries.add(entry);
                bytes += entry.bytes();
                if (entries.size() == countMax) {
                    return new Page(entries, entry.position().next());
                }
            }
        }
        boolean closed = tx.get(StreamKeys.shard(StreamKeys.CLOSED, this).toBytes()) != null;
        return new Page(entries, closed ? null : Position.behind(tx.version()));
    }

    /// Reads backward, newest first, from the last record before `before` to the one at `from`.
    ///
    /// @param bytesMax ends the page early, but never before its first record
    /// @return a page whose `next` is the next page's `before`, or null when `from` is reached
    /// @throws TrimmedException when records at or after `from` have been trimmed
    public Page readBack(Snapshot tx, Position before, Position from, int countMax, int bytesMax) {
        if (from.compareTo(trimmed(tx)) < 0) {
            throw new TrimmedException();
        }
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        byte[] begin = StreamKeys.record(this, from);
        byte[] end = StreamKeys.record(this, before);
        if (Arrays.compareUnsigned(begin, end) >= 0) {
            return new Page(entries, null);
        }
        try (Cursor cursor = tx.range(begin, end, Direction.BACKWARD)) {
            while (cursor.next()) {
                if (entries.size() == countMax || bytes >= bytesMax) {
                    return new Page(entries, entries.getLast().position());
                }
                Entry entry = entry(cursor);
                entries.add(entry);
                bytes += entry.bytes();
            }
        }
        return new Page(entries, null);
    }

    /// Reads forward, from the record at `from` to the last one before `before`.
    ///
    /// @param bytesMax ends the page early, but never before its first record
    /// @return a page whose `next` is the next page's `from`, or null when `before` is reached
    /// @throws TrimmedException when records at or after `from` have been trimmed
    public Page readBetween(
            Snapshot tx, Position from, Position before, int countMax, int bytesMax) {
        if (from.compareTo(trimmed(tx)) < 0) {
            throw new TrimmedException();
        }
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        byte[] begin = StreamKeys.record(this, from);
        byte[] end = StreamKeys.record(this, before);
        if (Arrays.compareUnsigned(begin, end) >= 0) {
            return new Page(entries, null);
        }
        try (Cursor cursor = tx.range(begin, end, Direction.FORWARD)) {
            while (cursor.next()) {
                Entry entry = entry(cursor);
                if (entries.size() == countMax || bytes >= bytesMax) {
                    return new Page(entries, entry.position());
                }
                entries.add(entry);
                bytes += entry.bytes();
            }
        }
        return new Page(entries, null);
    }

    /// Where the records begin that are not older than `epochMillis`; behind all of them when they
    /// are all older.
    public Position firstSince(Snapshot tx, long epochMillis) {
        return horizon(tx, epochMillis);
    }

    /// Whether `position` is before the oldest record that may still be read.
    public boolean isTrimmed(Snapshot tx, Position position, long oldestMillis) {
        if (position.compareTo(trimmed(tx)) < 0) {
            return true;
        }
        Entry entry = first(tx, position);
        return entry != null && entry.epochMillis() < oldestMillis;
    }

    /// Drops what is older than `oldestMillis`; returns whether the shard has anything left.
    public boolean trim(Transaction tx, long oldestMillis) {
        Position trimmed = trimmed(tx);
        Position horizon = horizon(tx, oldestMillis);
        if (horizon.compareTo(trimmed) > 0) {
            tx.deleteRange(StreamKeys.record(this, trimmed), StreamKeys.record(this, horizon));
            byte[] value = new byte[Long.BYTES + Short.BYTES];
            ByteBuffer.wrap(value).putLong(horizon.version()).putShort((short) horizon.index());
            tx.put(StreamKeys.shard(StreamKeys.TRIMMED, this).toBytes(), value);
        }
        return first(tx, horizon) != null;
    }

    /// Removes the shard and all its records.
    public void drop(Transaction tx) {
        byte[] records = StreamKeys.shard(StreamKeys.RECORD, this).toBytes();
        tx.deleteRange(records, Bytes.prefixEnd(records));
        tx.delete(StreamKeys.shard(StreamKeys.OPENED, this).toBytes());
        tx.delete(StreamKeys.shard(StreamKeys.CLOSED, this).toBytes());
        tx.delete(StreamKeys.shard(StreamKeys.TRIMMED, this).toBytes());
    }

    /// The position of the oldest record that is young enough. Times rise with positions but for
    /// the jitter between concurrent writers, so a bisection over versions finds it.
    private Position horizon(Snapshot tx, long oldestMillis) {
        Position trimmed = trimmed(tx);
        Entry first = first(tx, trimmed);
        if (first == null || first.epochMillis() >= oldestMillis) {
            return first == null ? trimmed : first.position();
        }
        Entry last = last(tx, trimmed);
        if (last == null || last.epochMillis() < oldestMillis) {
            return last == null ? trimmed : last.position().next();
        }
        long old = first.position().version();
        long young = last.position().version();
        Position horizon = last.position();
        while (young - old > 1) { // halves the distance each time
            long middle = old + (young - old) / 2;
            Entry entry = first(tx, new Position(middle, 0));
            if (entry == null || entry.epochMillis() >= oldestMillis) {
                young = middle;
                horizon = entry == null ? horizon : entry.position();
            } else {
                old = entry.position().version();
            }
        }
        return horizon;
    }

    private Position trimmed(Snapshot tx) {
        byte[] value = tx.get(StreamKeys.shard(StreamKeys.TRIMMED, this).toBytes());
        if (value == null) {
            return Position.OLDEST;
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new Position(buffer.getLong(), Short.toUnsignedInt(buffer.getShort()));
    }

    private @Nullable Entry first(Snapshot tx, Position from) {
        try (Cursor cursor = range(tx, from, Direction.FORWARD)) {
            return cursor.next() ? entry(cursor) : null;
        }
    }

    private @Nullable Entry last(Snapshot tx, Position from) {
        try (Cursor cursor = range(tx, from, Direction.BACKWARD)) {
            return cursor.next() ? entry(cursor) : null;
        }
    }

    private Cursor range(Snapshot tx, Position from, Direction direction) {
        byte[] end = Bytes.prefixEnd(StreamKeys.shard(StreamKeys.RECORD, this).toBytes());
        return tx.range(StreamKeys.record(this, from), end, direction);
    }

    private static Entry entry(Cursor cursor) {
        KeyReader key = new KeyReader(cursor.key());
        key.uint64();
        key.uint32();
        Position position = new Position(key.uint64(), key.uint16());
        byte[] value = cursor.value();
        ByteBuffer payload = ByteBuffer.wrap(value).position(HEADER_BYTES).slice();
        return new Entry(position, Bytes.readLong(value, 0), payload, value.length);
    }
}

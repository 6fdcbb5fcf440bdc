package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.service.events.ArchiveKeys.Counter;
import io.millrace.service.events.ArchiveKeys.Position;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The events in archives. Thread-safe.
final class ArchivedEvents {

    /// What expiry needs to know of an event.
    ///
    /// @param second of the event's time
    record Arrival(long arrivedMillis, long second, long bytes) {

        byte[] toBytes() {
            byte[] value = new byte[3 * Long.BYTES];
            Bytes.writeLong(value, 0, arrivedMillis);
            Bytes.writeLong(value, Long.BYTES, second);
            Bytes.writeLong(value, 2 * Long.BYTES, bytes);
            return value;
        }

        static Arrival of(byte[] value) {
            return new Arrival(
                    Bytes.readLong(value, 0),
                    Bytes.readLong(value, Long.BYTES),
                    Bytes.readLong(value, 2 * Long.BYTES));
        }
    }

    /// How much is in an archive.
    record Size(long events, long bytes) {}

    /// Tells the events of one transaction apart, in the order in which they were added.
    private final AtomicLong ties = new AtomicLong();

    /// Adds an event; there when `transaction` commits.
    void add(Transaction transaction, StoredArchive archive, ArchivedEvent event) {
        long tie = ties.getAndIncrement();
        long second = event.second();
        long bytes = event.json().getBytes(StandardCharsets.UTF_8).length;
        putStamped(
                transaction, ArchiveKeys.newEvent(archive.number(), second, tie), event.toBytes());
        putStamped(
                transaction,
                ArchiveKeys.newArrival(archive.number(), tie),
                new Arrival(event.arrivedMillis(), second, bytes).toBytes());
        count(transaction, archive, 1, bytes);
    }

    /// How much is in the archive, without what has expired.
    Size size(Snapshot snapshot, StoredArchive archive, long nowMillis) {
        long events = counted(snapshot, archive, Counter.EVENTS);
        long bytes = counted(snapshot, archive, Counter.BYTES);
        long beginning = archive.beginningMillis(nowMillis);
        try (Cursor cursor = snapshot.prefix(ArchiveKeys.arrivals(archive.number()))) {
            while (cursor.next()) { // ends where the sweeper will
                Arrival arrival = Arrival.of(cursor.value());
                if (arrival.arrivedMillis() >= beginning) {
                    break;
                }
                events--;
                bytes -= arrival.bytes();
            }
        }
        return new Size(events, bytes);
    }

    /// Removes some of what has expired; whether there may be more.
    boolean expire(Transaction transaction, StoredArchive archive, long nowMillis) {
        long beginning = archive.beginningMillis(nowMillis);
        List<byte[]> expired = new ArrayList<>();
        long bytes = 0;
        try (Cursor cursor = transaction.prefix(ArchiveKeys.arrivals(archive.number()))) {
            while (expired.size() < 2 * EventsLimits.EXPIRE_PAGE && cursor.next()) {
                Arrival arrival = Arrival.of(cursor.value());
                if (arrival.arrivedMillis() >= beginning) {
                    break;
                }
                Position position = ArchiveKeys.arrivalPosition(cursor.key(), arrival.second());
                expired.add(ArchiveKeys.event(archive.number(), position));
                expired.add(cursor.key());
                bytes += arrival.bytes();
            }
        }
        if (!expired.isEmpty()) {
            expired.forEach(transaction::delete);
            count(transaction, archive, -expired.size() / 2, -bytes);
        }
        return expired.size() == 2 * EventsLimits.EXPIRE_PAGE;
    }

    /// Removes everything.
    void clear(Transaction transaction, StoredArchive archive) {
        long number = archive.number();
        deletePrefix(transaction, ArchiveKeys.events(number));
        deletePrefix(transaction, ArchiveKeys.arrivals(number));
        deletePrefix(transaction, ArchiveKeys.counters(number));
    }

    private static void deletePrefix(Transaction transaction, byte[] prefix) {
        transaction.deleteRange(prefix, Bytes.prefixEnd(prefix));
    }

    private static void putStamped(Transaction transaction, KeyWriter key, byte[] value) {
        transaction.putStamped(key.toBytes(), key.stampOffset(), value, Transaction.NO_STAMP);
    }

    private static void count(
            Transaction transaction, StoredArchive archive, long events, long bytes) {
        transaction.add(ArchiveKeys.counter(archive.number(), Counter.EVENTS), events);
        transaction.add(ArchiveKeys.counter(archive.number(), Counter.BYTES), bytes);
    }

    private static long counted(Snapshot snapshot, StoredArchive archive, Counter counter) {
        return Bytes.counter(snapshot.get(ArchiveKeys.counter(archive.number(), counter)));
    }
}

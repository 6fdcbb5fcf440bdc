package io.millrace.service.logs;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Appends events to streams. Thread-safe.
final class EventLog {

    /// An event that is new.
    record Entry(long timestampMillis, String message) {}

    /// Tells the events of one transaction apart, in the order in which they were appended; the
    /// commit's stamp tells transactions apart, of this process and of others.
    private final AtomicInteger ordinals = new AtomicInteger();

    /// Appends events, in the order of the list where their timestamps are the same.
    void append(
            Transaction tx,
            StoredGroup group,
            StoredStream stream,
            List<Entry> entries,
            long nowMillis) {
        if (entries.isEmpty()) {
            return;
        }
        long bytes = 0;
        int ordinal = ordinals.getAndAdd(entries.size());
        for (Entry entry : entries) {
            byte[] value = new StoredEvent(stream.number(), nowMillis, entry.message()).encode();
            bytes += StoredEvent.size(value);
            put(tx, LogsKeys.newEvent(group.number(), entry.timestampMillis(), ordinal), value);
            put(
                    tx,
                    LogsKeys.newByStream(
                            group.number(), stream.number(), entry.timestampMillis(), ordinal),
                    Bytes.EMPTY);
            ordinal++;
        }
        tx.add(LogsKeys.storedBytes(group.number()), bytes);
        byte[] ingested = new byte[Long.BYTES];
        Bytes.writeLong(ingested, 0, nowMillis);
        tx.put(LogsKeys.ingested(group.number(), stream.number()), ingested);
    }

    private static void put(Transaction tx, KeyWriter key, byte[] value) {
        tx.putStamped(key.toBytes(), key.stampOffset(), value, Transaction.NO_STAMP);
    }
}

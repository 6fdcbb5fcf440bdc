package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.service.dynamodb.ExpiryEntries.Entry;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Deletes items whose time to live is over, within a second or two.
///
/// One virtual thread that sleeps until the next item expires, until something is written that
/// expires soon, or for a minute, so that it notices a clock that was moved, and for a moment
/// between its passes, however much is written; without tables whose items expire, it sleeps. An
/// item is deleted by an ordinary change in a transaction that has read it and found it expired, so
/// whoever moved its time first has saved it.
final class ExpirySweeper implements AutoCloseable {
    private static final Log LOG = Log.of(ExpirySweeper.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PAUSE_WITHOUT_TABLES = Duration.ofDays(1);
    private static final int PAGE_ITEMS = 100;
    private static final int PAGE_BYTES_MAX = 4 << 20;
    private static final long MILLIS = 1_000;

    /// @param nextMillis when the first of its items expires
    private record Space(long number, long nextMillis) {}

    private final Store store;
    private final InstantSource clock;
    private final Worker worker;

    ExpirySweeper(Store store, InstantSource clock) {
        this(store, clock, Worker.FAULT_PAUSE);
    }

    ExpirySweeper(Store store, InstantSource clock, Duration faultPause) {
        this.store = store;
        this.clock = clock;
        byte[] alarm = ExpiryEntries.alarm();
        this.worker = new Worker(store, "dynamodb-expiry", alarm, this::step, faultPause);
    }

    void start() {
        worker.start();
    }

    /// Waits until the page that is under way, if any, has ended.
    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch urgent) throws InterruptedException {
        urgent.await(sweep());
        Worker.pause(store, PAUSE);
    }

    /// Deletes what has expired; returns how long to wait for more.
    Duration sweep() {
        long wait = PAUSE_WITHOUT_TABLES.toMillis();
        Space space = next(ExpiryEntries.space(ExpiryEntries.alarm()));
        while (space != null && !Thread.currentThread().isInterrupted()) { // each table once
            wait = Math.min(wait, DynamoDbLimits.EXPIRY_LOOK_AHEAD.toMillis());
            try {
                long next = sweep(space);
                wait = Math.min(wait, Math.max(1, next - clock.millis()));
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException | Error e) { // such as want of memory
                LOG.error("Items could not be expired", e, "space", space.number());
            }
            space = next(space.number());
        }
        return Duration.ofMillis(wait);
    }

    /// Returns when the next item of the space expires.
    private long sweep(Space space) {
        Space left = space;
        while (left.nextMillis() < clock.millis()
                && !Thread.currentThread().isInterrupted()
                && removePage(left.number())) {
            Space again = next(left.number() - 1);
            if (again == null || again.number() != left.number()) {
                return Long.MAX_VALUE;
            }
            left = again;
        }
        return left.nextMillis();
    }

    private @Nullable Space next(long after) {
        return store.<@Nullable Space>read(tx -> next(tx, after));
    }

    private static @Nullable Space next(Snapshot tx, long after) {
        byte[] from = Bytes.prefixEnd(ExpiryEntries.mark(after));
        byte[] to = Bytes.prefixEnd(new byte[] {DynamoDbKeys.EXPIRY});
        try (Cursor cursor = tx.range(from, to, Direction.FORWARD)) {
            if (!cursor.next()) {
                return null;
            }
            long number = ExpiryEntries.space(cursor.key());
            if (!cursor.next()
                    || ExpiryEntries.isMark(cursor.key())
                    || ExpiryEntries.space(cursor.key()) != number) {
                return new Space(number, Long.MAX_VALUE);
            }
            return new Space(number, ExpiryEntries.entry(cursor.key()).second() * MILLIS);
        }
    }

    /// Deletes some of what has expired; false when there was nothing.
    private boolean removePage(long space) {
        long nowMillis = clock.millis();
        return store.write(tx -> removePage(tx, space, nowMillis));
    }

    private static boolean removePage(Transaction tx, long space, long nowMillis) {
        Table table = table(tx, space);
        TimeToLive timeToLive = table == null ? null : TimeToLive.active(table);
        if (table == null || timeToLive == null || timeToLive.number() != space) {
            ExpiryEntries.drop(tx, space); // the table is gone
            return true;
        }
        ItemChanges changes = new ItemChanges(tx, nowMillis);
        Consumption uncounted = new Consumption(table, Consumption.Kind.PLAIN);
        List<Entry> page = expired(tx, space, nowMillis);
        int bytes = 0;
        for (Entry entry : page) {
            byte[] key = ExpiryEntries.itemKey(table, entry);
            StoredItem item = changes.get(key);
            if (item == null
                    || ExpiryEntries.second(timeToLive, item) != entry.second()
                    || ExpiryEntries.isTooOld(entry.second(), nowMillis)) {
                tx.delete(ExpiryEntries.key(space, entry));
                continue;
            }
            changes.replace(table, key, item, null, uncounted, true);
            bytes += item.sizeBytes();
            if (bytes > PAGE_BYTES_MAX) {
                break;
            }
        }
        return !page.isEmpty();
    }

    private static @Nullable Table table(Transaction tx, long space) {
        byte[] record = tx.get(ExpiryEntries.mark(space));
        byte[] table = record == null ? null : tx.get(record);
        return table == null ? null : Tables.decode(table);
    }

    private static List<Entry> expired(Transaction tx, long space, long nowMillis) {
        byte[] from = ExpiryEntries.from(space, 0).toBytes();
        byte[] to = ExpiryEntries.from(space, Math.ceilDiv(nowMillis, MILLIS)).toBytes();
        List<Entry> page = new ArrayList<>();
        try (Cursor cursor = tx.range(from, to, Direction.FORWARD)) {
            while (page.size() < PAGE_ITEMS && cursor.next()) {
                page.add(ExpiryEntries.entry(cursor.key()));
            }
        }
        return page;
    }
}

package io.millrace.timer;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.storage.Worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The timers of one kind. Thread-safe.
///
/// They stand in the store in the order of their time, in shards. A virtual thread for each shard
/// is parked until the first one is due, something is written into its shard, or the clock is
/// moved. What is due then is removed, carried out and set again in one transaction: a crash before
/// its commit leaves everything as it was, and nothing happens twice.
public final class Timers implements AutoCloseable {

    /// What timers are for.
    public enum Kind {
        RULE(1),
        SCHEDULE(2),
        KEY(4),
        SECRET(5);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// Does what a timer is for.
    @FunctionalInterface
    public interface Handler {

        /// Carries out what is due, in `transaction`, from which the timer is already removed; sets
        /// it again when it recurs. May run more than once, as every transaction's body.
        void fire(Transaction transaction, Firing firing);
    }

    /// Where a shard's readings begin, off what fired long ago and is deleted but not yet
    /// compacted: at what the clock showed when it was looked at longer ago than a commit takes. Of
    /// time that has passed, not of the clock, which may be moved while a timer is on its way.
    private static final class Settled {
        private long millis;
        private long lookedMillis;
        private long lookedNanos = System.nanoTime();

        void look(long nowMillis) {
            long nanos = System.nanoTime();
            if (nanos - lookedNanos > TimerLimits.COMMIT_DELAY.toNanos()) {
                millis = lookedMillis;
                lookedMillis = nowMillis;
                lookedNanos = nanos;
            }
        }
    }

    /// A timer that waits.
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Waiting(long dueMillis, byte[] state) {}

    private static final Log LOG = Log.of(Timers.class);

    private final Store store;
    private final InstantSource clock;
    private final Kind kind;
    private final Handler handler;
    private final Duration faultPause;
    private final List<Worker> workers = new ArrayList<>();
    private final Settled[] settled = new Settled[TimerKeys.SHARD_COUNT]; // each by its thread only
    private final long upSinceMillis;
    private volatile boolean closing;

    /// Makes the timers of a kind; they fire from [#start] on.
    public Timers(Store store, InstantSource clock, Kind kind, Handler handler) {
        this(store, clock, kind, handler, Worker.FAULT_PAUSE);
    }

    Timers(Store store, InstantSource clock, Kind kind, Handler handler, Duration faultPause) {
        this.store = store;
        this.clock = clock;
        this.kind = kind;
        this.handler = handler;
        this.faultPause = faultPause;
        this.upSinceMillis = clock.millis();
        Arrays.setAll(settled, _ -> new Settled());
    }

    /// Sets the owner's timer, in place of the one that it has. A time that has passed is now.
    ///
    /// @param state given back when it fires
    public void set(Transaction transaction, String owner, long dueMillis, byte[] state) {
        cancel(transaction, owner);
        long due = Math.max(dueMillis, clock.millis());
        transaction.put(TimerKeys.due(new TimerKeys.Due(kind, due, owner)), state);
        transaction.put(TimerKeys.timer(kind, owner), TimerKeys.millis(due));
    }

    /// Removes the owner's timer, if it has one.
    public void cancel(Transaction transaction, String owner) {
        byte[] timer = TimerKeys.timer(kind, owner);
        byte[] dueMillis = transaction.get(timer);
        if (dueMillis != null) {
            long due = Bytes.readLong(dueMillis, 0);
            transaction.delete(TimerKeys.due(new TimerKeys.Due(kind, due, owner)));
            transaction.delete(timer);
        }
    }

    /// The owner's timer.
    public Optional<Waiting> find(Snapshot snapshot, String owner) {
        byte[] millis = snapshot.get(TimerKeys.timer(kind, owner));
        if (millis == null) {
            return Optional.empty();
        }
        long due = Bytes.readLong(millis, 0);
        byte[] state = snapshot.get(TimerKeys.due(new TimerKeys.Due(kind, due, owner)));
        return Optional.ofNullable(state).map(found -> new Waiting(due, found));
    }

    /// Fires what is due, also from before a restart, and from now on at its time.
    public void start() {
        for (int shard = 0; shard < TimerKeys.SHARD_COUNT; shard++) {
            int fired = shard;
            workers.add(
                    new Worker(
                            store,
                            "timers-" + kind + "-" + shard,
                            TimerKeys.shard(kind, shard),
                            watch -> watch.await(fireShard(fired)),
                            faultPause));
        }
        workers.forEach(Worker::start);
    }

    /// Lets the shards look at the clock again.
    public void clockMoved() {
        store.write(tx -> {
            for (int shard = 0; shard < TimerKeys.SHARD_COUNT; shard++) {
                // nothing is there, but the range is the shard's: that wakes its watch
                byte[] end = Bytes.prefixEnd(TimerKeys.shard(kind, shard));
                tx.deleteRange(TimerKeys.from(kind, shard, Long.MAX_VALUE), end);
            }
            return kind;
        });
    }

    /// Waits for what is under way.
    @Override
    public void close() {
        closing = true;
        workers.forEach(Worker::close);
    }

    /// Fires everything that is due now, without threads: for tests that move the clock themselves.
    /// Tells how many fired.
    public int fireDue() {
        int count = 0;
        for (int shard = 0; shard < TimerKeys.SHARD_COUNT; shard++) {
            List<TimerKeys.Due> due = due(shard, clock.millis());
            while (!due.isEmpty()) { // ends since late runs in a row are bounded
                count += fire(due);
                due = due(shard, clock.millis());
            }
        }
        return count;
    }

    /// Fires what is due; tells how long to wait for the next one.
    private Duration fireShard(int shard) {
        while (!closing) { // ends since late runs in a row are bounded
            long nowMillis = clock.millis();
            List<TimerKeys.Due> due = due(shard, nowMillis);
            if (due.isEmpty()) {
                return untilNext(shard, nowMillis);
            }
            fire(due);
        }
        return TimerLimits.WAIT_MAX; // until close() interrupts
    }

    private Duration untilNext(int shard, long nowMillis) {
        List<TimerKeys.Due> next = read(shard, Long.MAX_VALUE, 1);
        if (next.isEmpty()) {
            return TimerLimits.WAIT_MAX;
        }
        long waitMillis = Math.max(0, next.getFirst().dueMillis() - nowMillis);
        return waitMillis < TimerLimits.WAIT_MAX.toMillis()
                ? Duration.ofMillis(waitMillis)
                : TimerLimits.WAIT_MAX;
    }

    /// The first timers that are due.
    private List<TimerKeys.Due> due(int shard, long nowMillis) {
        List<TimerKeys.Due> due = read(shard, nowMillis + 1, TimerLimits.BATCH);
        if (due.isEmpty()) {
            settled[shard].look(nowMillis);
        }
        return due;
    }

    private List<TimerKeys.Due> read(int shard, long toMillis, int countMax) {
        byte[] from = TimerKeys.from(kind, shard, settled[shard].millis);
        byte[] to = TimerKeys.from(kind, shard, toMillis);
        return store.read(snapshot -> {
            List<TimerKeys.Due> read = new ArrayList<>();
            try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
                while (read.size() < countMax && cursor.next()) {
                    read.add(TimerKeys.readDue(kind, cursor.key()));
                }
            }
            return read;
        });
    }

    /// All in one transaction; each in its own when one of them fails by our fault.
    private int fire(List<TimerKeys.Due> due) {
        try {
            return store.write(tx -> due.stream().mapToInt(one -> fire(tx, one)).sum());
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            if (due.size() > 1) {
                return due.stream().mapToInt(one -> fire(List.of(one))).sum();
            }
            postpone(due.getFirst(), e);
            return 0;
        }
    }

    private int fire(Transaction tx, TimerKeys.Due due) {
        byte[] key = TimerKeys.due(due);
        byte[] state = tx.get(key);
        if (state == null) {
            return 0; // cancelled, set anew, or fired by another server
        }
        tx.delete(key);
        tx.delete(TimerKeys.timer(kind, due.owner()));
        long sinceMillis = upSinceMillis - TimerLimits.GRACE.toMillis();
        handler.fire(
                tx, new Firing(due.owner(), due.dueMillis(), clock.millis(), sinceMillis, state));
        return 1;
    }

    private void postpone(TimerKeys.Due due, Throwable cause) {
        LOG.error("A timer failed by our fault", cause, "kind", kind, "owner", due.owner());
        store.write(tx -> {
            byte[] state = tx.get(TimerKeys.due(due));
            if (state != null) {
                long laterMillis = clock.millis() + TimerLimits.RETRY_PAUSE.toMillis();
                set(tx, due.owner(), laterMillis, state);
            }
            return due;
        });
    }
}

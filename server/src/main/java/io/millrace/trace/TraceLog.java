package io.millrace.trace;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.storage.Sweeper;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps traces in the store: hops wait in memory for a moment, and a virtual thread writes them in
/// blocks. Nothing is written, and nobody wakes, while nothing happens. Thread-safe.
public final class TraceLog implements Trace, AutoCloseable {
    private static final Log LOG = Log.of(TraceLog.class);
    private static final int SERVER_BITS = 24;
    private static final long SERVER_MASK = (1L << SERVER_BITS) - 1;

    private final Store store;
    private final InstantSource clock;
    private final long server;
    private final TraceOptions options;
    private final Duration faultPause;
    private final Sweeper sweeper;
    private long blockCount;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final Condition written = lock.newCondition();

    /// All below is guarded by the lock. Blocks are counted when taken out and when written.
    private List<Hop> pending = new ArrayList<>();

    private long takenCount;
    private long writtenCount;
    private long lostCount;
    private boolean hurried;
    private boolean closing;
    private @Nullable Thread writer;

    public TraceLog(Store store, InstantSource clock, Ids ids, TraceOptions options) {
        this(store, clock, ids, options, Worker.FAULT_PAUSE);
    }

    TraceLog(Store store, InstantSource clock, Ids ids, TraceOptions options, Duration faultPause) {
        this.store = store;
        this.clock = clock;
        this.server = ids.number() & SERVER_MASK;
        this.options = options;
        this.faultPause = faultPause;
        this.sweeper =
                new Sweeper(
                        store,
                        "trace-sweeper",
                        TraceKeys.allIds(),
                        TraceLimits.SWEEP_PAUSE,
                        this::sweep);
    }

    public void start() {
        sweeper.start(); // also without traces: there may be old ones
        if (isOn()) {
            writer = Thread.ofVirtual().name("trace-writer").start(this::run);
        }
    }

    /// Writes what waits.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            told.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = writer;
        if (running != null) {
            try {
                running.join(TraceLimits.READER_WAIT);
            } catch (InterruptedException _) { // the caller wants out
                Thread.currentThread().interrupt();
            }
        }
        sweeper.close();
    }

    @Override
    public boolean isOn() {
        return options.isOn();
    }

    @Override
    public void hops(List<Hop> hops) {
        if (hops.isEmpty() || !isOn()) {
            return;
        }
        lock.lock();
        try {
            if (pending.size() + hops.size() > TraceLimits.PENDING_MAX) {
                lostCount += hops.size();
                return;
            }
            boolean first = pending.isEmpty();
            pending.addAll(hops);
            if (first || pending.size() >= TraceLimits.BLOCK_HOPS_MAX) {
                told.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many hops were lost since the start: because they came faster than they were written, or
    /// by our own fault.
    long lostCount() {
        lock.lock();
        try {
            return lostCount;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what was told before is in the store; for a bounded time.
    void flush() {
        lock.lock();
        try {
            if (writer == null) {
                return;
            }
            long sought = takenCount + (pending.isEmpty() ? 0 : 1);
            hurried = true;
            told.signal();
            long left = TraceLimits.READER_WAIT.toNanos();
            while (writtenCount < sought && left > 0 && !closing) {
                left = written.awaitNanos(left);
            }
        } catch (InterruptedException _) { // the reader goes on with what there is
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            List<Hop> taken = take();
            while (!taken.isEmpty()) { // until closed
                boolean failed = !tryWrite(taken);
                lock.lock();
                try {
                    lostCount += failed ? taken.size() : 0;
                    writtenCount++;
                    written.signalAll();
                } finally {
                    lock.unlock();
                }
                if (failed) {
                    rest();
                }
                taken = take();
            }
        } catch (InterruptedException _) { // nobody interrupts this thread but to end it
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("The trace ended with the store", "cause", e.getMessage());
        }
    }

    /// False when it failed by our own fault: later hops are not lost with these.
    private boolean tryWrite(List<Hop> hops) {
        try {
            int written = 0;
            while (written < hops.size()) { // ends: a block has a hop at least
                written += write(hops.subList(written, hops.size()));
            }
            return true;
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("Hops of the trace are lost by our own fault", e, "count", hops.size());
            return false;
        }
    }

    private void rest() throws InterruptedException {
        lock.lock();
        try {
            long left = faultPause.toNanos();
            while (left > 0 && !closing) {
                left = told.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for hops, and for a moment for more; empty when there will be none.
    private List<Hop> take() throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty() && !closing) {
                told.await();
            }
            long left = TraceLimits.LINGER.toNanos();
            while (pending.size() < TraceLimits.BLOCK_HOPS_MAX
                    && left > 0
                    && !hurried
                    && !closing) {
                left = told.awaitNanos(left);
            }
            hurried = false;
            List<Hop> taken = pending;
            pending = new ArrayList<>();
            takenCount++;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Writes a block of the first hops.
    ///
    /// @return how many it has
    private int write(List<Hop> hops) {
        TraceBlock.Encoded encoded = TraceBlock.encode(hops);
        byte[] block = encoded.bytes();
        byte[] index = TraceIds.encode(hops.subList(0, encoded.count()), block.length);
        long added = (long) block.length + index.length;
        TraceKeys.BlockId id = new TraceKeys.BlockId(clock.millis(), nextNumber());
        store.write(tx -> {
            tx.put(TraceKeys.block(id), block);
            tx.put(TraceKeys.ids(id), index);
            long bytes = Bytes.counter(tx.get(TraceKeys.bytes())) + added;
            long removed = bytes <= TraceLimits.BYTES_MAX ? 0 : trim(tx, Long.MIN_VALUE, bytes);
            tx.add(TraceKeys.bytes(), added - removed);
            return id;
        });
        return encoded.count();
    }

    /// In the order of writing, and apart from those of other servers.
    private long nextNumber() {
        blockCount++; // only the writer is here
        return (blockCount << SERVER_BITS) | server;
    }

    private boolean sweep() {
        boolean more = true;
        while (more) { // ends: each turn removes something, or is the last
            more = store.<Boolean>write(this::removeExpired);
        }
        return store.<Boolean>read(snapshot -> {
            try (Cursor cursor = snapshot.prefix(TraceKeys.allIds())) {
                return cursor.next();
            }
        });
    }

    private boolean removeExpired(Transaction tx) {
        long removed = trim(tx, oldestMillis(), 0);
        if (removed > 0) {
            tx.add(TraceKeys.bytes(), -removed);
        }
        return removed > 0;
    }

    /// What is older is not shown.
    long oldestMillis() {
        Duration retention = options.retention();
        return retention.isZero() ? Long.MAX_VALUE : clock.millis() - retention.toMillis();
    }

    /// Removes the oldest blocks: those from before a time, or as many as are too much.
    ///
    /// @return how many bytes that gives back
    private static long trim(Transaction tx, long beforeMillis, long bytes) {
        long removed = 0;
        int count = 0;
        try (Cursor cursor = tx.prefix(TraceKeys.allIds())) {
            while (count < TraceLimits.REMOVED_BLOCKS && cursor.next()) {
                TraceKeys.BlockId id = TraceKeys.readBlock(cursor.key());
                if (id.millis() >= beforeMillis && bytes - removed <= TraceLimits.BYTES_MAX) {
                    break;
                }
                removed += TraceIds.blockBytes(cursor.value()) + cursor.value().length;
                tx.delete(TraceKeys.block(id));
                tx.delete(TraceKeys.ids(id));
                count++;
            }
        }
        return removed;
    }
}

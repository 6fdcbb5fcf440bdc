package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Optimistic, pipelined group commit.
///
/// RocksDB itself is the overlay of what is committed but not yet durable. Under the commit lock, a
/// transaction's reads are validated against the commits since its snapshot, and its writes go into
/// the memtable and the buffer of the write-ahead log; from then on later transactions see them.
/// One committer thread takes a snapshot under the lock, syncs the log outside it, and publishes
/// that snapshot as the durable one, while the next group fills. Transactions on one hot key so
/// queue up in memory and become durable together.
///
/// A transaction that is alone in the store *leads*: when the committer rests, the first that waits
/// for the group syncs it on its own thread, and spares the way to the committer and back. Among
/// others nobody leads, since a virtual thread in native code keeps a core from them.
///
/// A commit's version is RocksDB's sequence number of its last write, so that versions go on rising
/// after a restart, and a native snapshot knows its version. Only this class writes.
///
/// When nothing has come for a moment, and at the end, the log is told what is durable: so damage
/// of its last records is not taken for a torn tail.
///
/// A write, sync or read that fails ends it all: what is in memory then is not what is on disk.
final class CommitPipeline {
    static final long CONFLICT = -1;
    private static final long IDLE_NANOS = 20_000_000;

    /// With a single one, the thread that leads would keep all others waiting.
    private static final int CORES_TO_LEAD = 2;

    private static final String STOPPED = "the store stopped and must be opened again: ";

    /// Made before it is needed: there may be no memory then.
    private final StoreException untold =
            new StoreException(STOPPED + "the committer failed, and could not say why");

    private final RocksDB db;
    private final StoredValues values;
    private final Tuning tuning;
    private final Onlookers onlookers;
    private final WriteOptions writeOptions = new WriteOptions();
    private final Thread committer;
    private final boolean mayLead = Runtime.getRuntime().availableProcessors() >= CORES_TO_LEAD;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final RecentCommits recent;
    private final KnownGaps gaps;
    private final HotKeys hotKeys;
    private final RecentWrites recentWrites;
    private long version;
    private RocksSnapshot newest;
    private CommitGroup filling = new CommitGroup();
    private @Nullable CommitGroup syncing;
    private long syncingVersion;
    private long promisedVersion;
    private boolean called; // the committer, for the group that fills
    private boolean resting; // the committer, without a limit of time
    private boolean led; // since the committer looked
    private boolean stopping;
    private @Nullable StoreException writeFailure;
    private volatile RocksSnapshot durable;
    private volatile @Nullable StoreException failure;

    CommitPipeline(RocksDB db, StoredValues values, Tuning tuning, Onlookers onlookers) {
        this.db = db;
        this.values = values;
        this.tuning = tuning;
        this.onlookers = onlookers;
        this.gaps = new KnownGaps(tuning.slowSteps());
        this.hotKeys = new HotKeys(tuning.hotReads());
        this.recentWrites = new RecentWrites(tuning.recentWritesMax());
        newest = new RocksSnapshot(db);
        newest.acquire();
        durable = newest;
        version = newest.version();
        promisedVersion = version;
        recent = new RecentCommits(version);
        committer = Thread.ofPlatform().name("millrace-committer").daemon().unstarted(this::run);
    }

    void start() {
        committer.start();
    }

    /// The state that is durable, used by the caller.
    RocksSnapshot acquireDurable() {
        checkNotFailed();
        while (true) { // ends: one that was released has been replaced before
            RocksSnapshot snapshot = durable;
            if (snapshot.acquire()) {
                return snapshot;
            }
        }
    }

    /// The newest state, which may not be durable yet, used by the caller.
    RocksSnapshot acquireNewest() {
        lock.lock();
        try {
            checkNotFailed();
            return acquireNewestLocked();
        } finally {
            lock.unlock();
        }
    }

    /// Runs with the state held still: nobody else commits meanwhile.
    void hold() {
        lock.lock();
    }

    void letGo() {
        lock.unlock();
    }

    /// Commits unless what was read at `readVersion` has changed since. Returns the version, or
    /// [#CONFLICT]. It is durable after [#awaitDurable], which must follow.
    ///
    /// @param alone whether no other transaction is under way
    long commit(EncodedWrites writes, ReadSet reads, long readVersion, boolean alone) {
        RecentCommits.Commit commit;
        boolean settles = false;
        lock.lock();
        try {
            checkNotFailed();
            if (recent.changedSince(readVersion, reads)) {
                return CONFLICT;
            }
            long next = version + writes.count();
            commit = writes.stamp(next, durable.version());
            settles = true;
            List<HotKeys.Key> warm = writes.settle(hotKeys, next);
            if (write(writes, next)) {
                settles = false;
                writeFailure = untold; // unless all are told whom it concerns
                version = next;
                warm.forEach(key -> learnCounter(key, next));
                recent.add(commit);
                gaps.remove(commit.keys());
                filling.commits().add(commit);
                writes.remember(recentWrites, next);
                writes.tell(onlookers.puts());
                writeFailure = null;
            }
            boolean leads = alone && mayLead && filling.commits().size() == 1;
            if (!called && !leads) {
                called = true;
                work.signal();
            }
        } finally {
            if (settles) { // they were told of what is not written
                hotKeys.clear();
            }
            if (writeFailure != null) { // also when what failed is thrown
                work.signal();
            }
            lock.unlock();
        }
        onlookers.committed().wake(List.of(commit));
        return commit.version();
    }

    StoredValues values() {
        return values;
    }

    Tuning tuning() {
        return tuning;
    }

    KnownGaps gaps() {
        return gaps;
    }

    HotKeys hotKeys() {
        return hotKeys;
    }

    RecentWrites recentWrites() {
        return recentWrites;
    }

    /// Notes what a key that is read often had at `readVersion`, if that is still so.
    void learn(HotKeys.Key key, byte @Nullable [] value, long readVersion) {
        ReadSet seen = new ReadSet();
        seen.point(key.bytes());
        lock.lock();
        try {
            if (!recent.changedSince(readVersion, seen)) {
                hotKeys.add(key, value, readVersion);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Notes what a counter that is added to often has now.
    private void learnCounter(HotKeys.Key key, long now) {
        try {
            hotKeys.add(key, db.get(key.bytes()), now);
        } catch (RocksDBException _) { // it stays as it is; who reads it meets the same
        }
    }

    /// Notes that `from <= key < to` held nothing at `readVersion`, if that is still so.
    void learnGap(byte[] from, byte[] to, long readVersion) {
        ReadSet seen = new ReadSet();
        seen.range(from, to, Snapshot.Direction.FORWARD).passedAll();
        lock.lock();
        try {
            if (!recent.changedSince(readVersion, seen)) {
                gaps.add(from, to, readVersion);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all commits up to `wanted` are durable.
    void awaitDurable(long wanted) {
        if (durable.version() >= wanted) {
            return;
        }
        CommitGroup group;
        RocksSnapshot leading = null;
        lock.lock();
        try {
            checkNotFailed();
            if (durable.version() >= wanted) {
                return;
            }
            CommitGroup inFlight = syncing;
            group = inFlight != null && syncingVersion >= wanted ? inFlight : filling;
            if (inFlight == null && !called) {
                leading = take();
            }
        } finally {
            lock.unlock();
        }
        if (leading != null) {
            lead(group, leading);
        }
        if (!group.awaitDurable()) {
            checkNotFailed();
            throw new IllegalStateException("a group failed without a failure");
        }
    }

    /// Stops after the last group. Nothing may use the pipeline any more.
    void close() {
        lock.lock();
        try {
            stopping = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (committer.isAlive()) { // ends: the committer ends after at most one more group
            try {
                committer.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        durable.release();
        newest.release();
        writeOptions.close();
    }

    /// False when it failed, now or before. Then the committer says so to all who wait, after the
    /// sync that may be under way: a write fails with an empty phrase after a sync that failed.
    private boolean write(EncodedWrites writes, long next) {
        if (writeFailure != null) {
            return false;
        }
        try (WriteBatch batch = new WriteBatch(writes.bytes())) {
            db.write(writeOptions, batch);
            if (db.getLatestSequenceNumber() == next) {
                return true;
            }
            writeFailure = new StoreException(STOPPED + "foreign writes are in it");
        } catch (RocksDBException e) {
            writeFailure = new StoreException(STOPPED + "write failed: " + e.getMessage(), e);
        }
        return false;
    }

    private RocksSnapshot acquireNewestLocked() {
        if (newest.version() != version) {
            RocksSnapshot fresh = new RocksSnapshot(db); // before, since it may fail
            newest.release();
            newest = fresh;
        }
        newest.acquire();
        return newest;
    }

    /// Takes the group that fills to be synced. Under the lock. What fails here, for want of
    /// memory, leaves all as it was: nobody would end a group that is being synced by nobody.
    private RocksSnapshot take() {
        CommitGroup next = new CommitGroup();
        RocksSnapshot snapshot = acquireNewestLocked();
        syncing = filling;
        filling = next;
        called = false;
        syncingVersion = snapshot.version();
        return snapshot;
    }

    private void lead(CommitGroup group, RocksSnapshot snapshot) {
        try {
            if (sync()) {
                publish(group, snapshot);
            } else {
                snapshot.release();
            }
        } catch (RuntimeException | Error e) {
            endAll(e);
        }
        lock.lock();
        try {
            syncing = null;
            led = true;
            if (resting || hasWork()) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            commitGroups();
        } catch (RuntimeException | Error e) {
            endAll(e);
        }
    }

    /// What fails by our fault, or for want of memory, must not leave those waiting who wait.
    private void endAll(Throwable fault) {
        StoreException reason = untold;
        try {
            reason = new StoreException(STOPPED + "the committer failed: " + fault, fault);
        } catch (Error _) { // no memory to say it
        }
        fail(reason);
    }

    private void commitGroups() {
        CommitGroup group = null;
        while (true) { // ends when stopping, and on failure
            RocksSnapshot snapshot;
            lock.lock();
            try {
                if (syncing == group) { // else, at the first turn, somebody leads already
                    syncing = null;
                }
                awaitWork();
                if (writeFailure != null) {
                    fail(writeFailure);
                }
                if (filling.commits().isEmpty() || failure != null) {
                    promise(failure == null);
                    return;
                }
                group = filling;
                snapshot = take();
            } finally {
                lock.unlock();
            }
            if (!sync()) {
                snapshot.release();
                return;
            }
            publish(group, snapshot);
        }
    }

    /// Waits for a group, or for the end, and for who leads. Under the lock.
    private void awaitWork() {
        while (syncing != null || !hasWork()) {
            if (syncing != null || promisedVersion >= durable.version()) {
                resting = true;
                work.awaitUninterruptibly();
                resting = false;
                continue;
            }
            led = false;
            try {
                if (work.awaitNanos(IDLE_NANOS) <= 0 && !led && syncing == null) {
                    promise(true);
                }
            } catch (InterruptedException _) { // nobody interrupts the committer
            }
        }
    }

    private boolean hasWork() {
        return !filling.commits().isEmpty() || stopping || writeFailure != null || failure != null;
    }

    /// Tells the log what is durable. Not synced: it is of use when the log is damaged later.
    private void promise(boolean healthy) {
        long version = durable.version();
        if (!healthy
                || writeFailure != null // the first one stays
                || tuning.durability() == Durability.UNWRITTEN
                || promisedVersion >= version) {
            return;
        }
        try (WriteBatch batch = new WriteBatch(EncodedWrites.promise(version))) {
            db.write(writeOptions, batch);
            db.flushWal(false);
            promisedVersion = version;
        } catch (RocksDBException e) {
            writeFailure = new StoreException(STOPPED + "write failed: " + e.getMessage(), e);
        }
    }

    private boolean sync() {
        try {
            switch (tuning.durability()) {
                case SYNCED -> db.flushWal(true);
                case UNSYNCED -> db.flushWal(false);
                case UNWRITTEN -> {}
            }
            return true;
        } catch (RocksDBException e) {
            fail(new StoreException(STOPPED + "sync failed: " + e.getMessage(), e));
            return false;
        }
    }

    private void publish(CommitGroup group, RocksSnapshot snapshot) {
        RocksSnapshot before = durable;
        durable = snapshot;
        onlookers
                .durable()
                .wake(group.commits()); // before the writers, so that a write's wake-ups precede it
        group.complete(true);
        before.release();
    }

    /// What a read failed with, which ends all: a damaged block is told once, and nothing is served
    /// that may rest on it.
    StoreException stop(Exception e) {
        String why =
                "read failed: %s. 'millrace check' tells what is damaged".formatted(e.getMessage());
        StoreException reason = new StoreException(STOPPED + why, e);
        lock.lock();
        try {
            if (writeFailure == null) {
                writeFailure = reason;
            }
            work.signal();
        } finally {
            lock.unlock();
        }
        return reason;
    }

    /// Ends all. Called by who syncs, or would. The first reason stays: a write fails as well once
    /// a sync has.
    private void fail(StoreException reason) {
        lock.lock();
        try {
            StoreException first = failure == null ? reason : failure;
            failure = first;
            CommitGroup inFlight = syncing;
            if (inFlight != null) {
                inFlight.complete(false);
            }
            filling.complete(false);
            onlookers.fail(first);
        } finally {
            lock.unlock();
        }
    }

    void checkNotFailed() {
        StoreException cause = failure;
        if (cause != null) {
            throw new StoreException(String.valueOf(cause.getMessage()), cause);
        }
    }
}

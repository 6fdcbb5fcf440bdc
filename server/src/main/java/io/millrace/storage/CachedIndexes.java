package io.millrace.storage;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// Indexes in memory over what the store has, one for each owner (a topic, a bus): a cache, bounded
/// by what the indexes hold together. Thread-safe.
///
/// Each index carries the generation of the data that it was made of. Who asks does so in a
/// transaction, which tells the generation that counts; an older index first catches up by what
/// that same transaction reads. An index that is newer than the transaction is not asked: the
/// transaction reads everything itself (and will most likely be run again).
///
/// A large index is better built before, by [#prepare]: in pages, each of a snapshot of its own, so
/// that no transaction is long. What changes between the pages is in the log of changes, and is
/// made good at the end.
///
/// @param <I> an index, which several threads may ask at once while none changes it
public final class CachedIndexes<I> {

    /// What an index is made of.
    public interface Source<I> {
        /// A new index without content.
        I empty();

        /// How much an index holds.
        int size(I index);

        /// The owner's generation; 0 when nothing was ever in it.
        long generation(Snapshot snapshot, long owner);

        /// Adds a page of what the owner has, in the order of keys.
        ///
        /// @param from where the page begins; null for the first
        /// @return where the next page begins; null when this was the last
        byte @Nullable [] readPage(
                Snapshot snapshot, long owner, byte @Nullable [] from, int countMax, I into);

        /// What leads from one generation to a later one, which is at most as many further as
        /// changes are kept: each thing that changed, as `snapshot` has it. Reads at once, and
        /// changes the index when it is told to.
        Consumer<I> changes(Snapshot snapshot, long owner, long from, long to);
    }

    /// What one page of a preparation reads.
    public static final int PAGE_ENTRIES = 1000;

    private static final int OWNERS_MAX = 1024;

    /// One owner. The index is changed under the write lock and asked under the read lock.
    private static final class Cached<I> {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private volatile I index;
        private long generation;

        /// Held for one page at a time, so that those who need the same index share the work. A
        /// page reads one snapshot, which waits for nothing else.
        private final ReentrantLock building = new ReentrantLock();

        private @Nullable Build<I> build;

        Cached(I index) {
            this.index = index;
        }
    }

    /// An index that is being built; nobody asks it.
    private static final class Build<I> {
        private final I index;
        private final long generation;
        private byte @Nullable [] next;

        /// @param generation of the first page's snapshot
        Build(I index, long generation) {
            this.index = index;
            this.generation = generation;
        }
    }

    private final Source<I> source;
    private final int sizeMax;
    private final int changesKept;
    private final LinkedHashMap<Long, Cached<I>> byOwner = new LinkedHashMap<>(16, 0.75f, true);

    /// @param sizeMax what all indexes together hold, except that the last one is always kept
    /// @param changesKept by how many changes an index can catch up
    public CachedIndexes(Source<I> source, int sizeMax, int changesKept) {
        this.source = source;
        this.sizeMax = sizeMax;
        this.changesKept = changesKept;
    }

    /// The answer of the owner's index, as `snapshot` has it.
    ///
    /// @param generation at least 1, as `snapshot` has it
    public <R> R ask(Snapshot snapshot, long owner, long generation, Function<I, R> question) {
        Cached<I> cached = cached(owner);
        boolean isOlder = true;
        while (isOlder) { // ends: each turn brings the index to this generation or finds it newer
            cached.lock.readLock().lock();
            try {
                if (cached.generation == generation) {
                    return question.apply(cached.index);
                }
                isOlder = cached.generation < generation;
            } finally {
                cached.lock.readLock().unlock();
            }
            if (isOlder) {
                catchUp(snapshot, owner, cached, generation);
                evict();
            }
        }
        return question.apply(readAll(snapshot, owner));
    }

    /// As [#ask]; null where that would have to read everything: there is no index yet, or it is
    /// newer than `snapshot`, and a later one will do.
    public <R> @Nullable R askPrepared(
            Snapshot snapshot, long owner, long generation, Function<I, R> question) {
        Cached<I> cached = cached(owner);
        long from = generation(cached);
        while (from <= generation && follows(from, generation)) { // ends as in ask
            cached.lock.readLock().lock();
            try {
                if (cached.generation == generation) {
                    return question.apply(cached.index);
                }
            } finally {
                cached.lock.readLock().unlock();
            }
            catchUp(snapshot, owner, cached, generation);
            evict();
            from = generation(cached);
        }
        return null;
    }

    /// Whether a transaction of this generation would not have to read everything.
    public boolean isPrepared(long owner, long generation) {
        long from = generation(cached(owner));
        return from <= generation && follows(from, generation);
    }

    /// Reads one page of what [#isPrepared] lacks; not in a transaction.
    ///
    /// @return whether nothing is left to do
    public boolean prepare(Store store, long owner) {
        Cached<I> cached = cached(owner);
        cached.building.lock();
        try {
            return store.<Boolean>read(snapshot -> prepare(snapshot, owner, cached));
        } finally {
            cached.building.unlock();
        }
    }

    /// As [#prepare], all at once, as `snapshot` has it.
    public void prepare(Snapshot snapshot, long owner) {
        catchUp(snapshot, owner, cached(owner), source.generation(snapshot, owner));
        evict();
    }

    private boolean prepare(Snapshot snapshot, long owner, Cached<I> cached) {
        long generation = source.generation(snapshot, owner);
        long before = generation(cached);
        Build<I> build = cached.build;
        if (build == null) {
            build = new Build<>(source.empty(), generation);
        }
        cached.build = null;
        if (follows(before, generation) || generation < build.generation) { // or: it is gone
            return true;
        }
        build.next = source.readPage(snapshot, owner, build.next, PAGE_ENTRIES, build.index);
        if (build.next != null) {
            cached.build = build;
            return false;
        }
        if (!follows(build.generation, generation)) {
            return false; // too much has changed meanwhile: from the start
        }
        source.changes(snapshot, owner, build.generation, generation).accept(build.index);
        I fresh = build.index;
        replace(cached, before, generation, () -> cached.index = fresh);
        evict();
        return true;
    }

    private boolean follows(long from, long to) {
        return from > 0 && to - from <= changesKept;
    }

    private I readAll(Snapshot snapshot, long owner) {
        I all = source.empty();
        byte[] next = null;
        do { // ends with the last page
            next = source.readPage(snapshot, owner, next, PAGE_ENTRIES, all);
        } while (next != null);
        return all;
    }

    /// What all indexes hold together.
    public int size() {
        synchronized (byOwner) {
            return byOwner.values().stream().mapToInt(each -> source.size(each.index)).sum();
        }
    }

    private Cached<I> cached(long owner) {
        synchronized (byOwner) {
            return byOwner.computeIfAbsent(owner, _ -> new Cached<>(source.empty()));
        }
    }

    /// What is read, is read before the lock is taken.
    private void catchUp(Snapshot snapshot, long owner, Cached<I> cached, long generation) {
        long from = generation(cached);
        if (from >= generation) {
            return;
        }
        if (follows(from, generation)) {
            Consumer<I> changes = source.changes(snapshot, owner, from, generation);
            replace(cached, from, generation, () -> changes.accept(cached.index));
        } else {
            I fresh = readAll(snapshot, owner);
            replace(cached, from, generation, () -> cached.index = fresh);
        }
    }

    private static long generation(Cached<?> cached) {
        cached.lock.readLock().lock();
        try {
            return cached.generation;
        } finally {
            cached.lock.readLock().unlock();
        }
    }

    /// Makes the change unless another thread was here before.
    private static void replace(Cached<?> cached, long from, long to, Runnable change) {
        cached.lock.writeLock().lock();
        try {
            if (cached.generation == from) {
                cached.generation = 0; // what is half changed is read anew
                change.run();
                cached.generation = to;
            }
        } finally {
            cached.lock.writeLock().unlock();
        }
    }

    /// Drops those that were asked least recently.
    private void evict() {
        synchronized (byOwner) {
            int size = byOwner.values().stream().mapToInt(each -> source.size(each.index)).sum();
            var eldest = byOwner.values().iterator();
            while (byOwner.size() > 1 && (size > sizeMax || byOwner.size() > OWNERS_MAX)) {
                size -= source.size(eldest.next().index);
                eldest.remove();
            }
        }
    }
}

package io.millrace.storage;

import io.millrace.engine.Snapshot;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
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
/// @param <I> an index, which several threads may ask at once while none changes it
public final class CachedIndexes<I> {

    /// What an index is made of.
    public interface Source<I> {
        /// A new index without content.
        I empty();

        /// How much an index holds.
        int size(I index);

        /// Adds all that the owner has.
        void readAll(Snapshot snapshot, long owner, I into);

        /// What leads from one generation to a later one; null when that is no longer known. Reads
        /// at once, and changes the index when it is told to.
        @Nullable Consumer<I> changes(Snapshot snapshot, long owner, long from, long to);
    }

    private static final int OWNERS_MAX = 1024;

    /// One owner. The index is changed under the write lock and asked under the read lock.
    private static final class Cached<I> {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private volatile I index;
        private long generation;

        Cached(I index) {
            this.index = index;
        }
    }

    private final Source<I> source;
    private final int sizeMax;
    private final LinkedHashMap<Long, Cached<I>> byOwner = new LinkedHashMap<>(16, 0.75f, true);

    /// @param sizeMax what all indexes together hold, except that the last one is always kept
    public CachedIndexes(Source<I> source, int sizeMax) {
        this.source = source;
        this.sizeMax = sizeMax;
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
        I own = source.empty();
        source.readAll(snapshot, owner, own);
        return question.apply(own);
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
        Consumer<I> changes = from == 0 ? null : source.changes(snapshot, owner, from, generation);
        if (changes != null) {
            replace(cached, from, generation, () -> changes.accept(cached.index));
        } else {
            I fresh = source.empty();
            source.readAll(snapshot, owner, fresh);
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

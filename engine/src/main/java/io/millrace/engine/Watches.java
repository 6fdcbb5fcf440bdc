package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The open watches of a store, found by the prefixes of written keys.
///
/// A written key is looked up once per distinct length of a watched prefix, and not at all while
/// nothing is watched that begins with the same byte.
@SuppressWarnings("ArrayRecordComponent") // carriers of bytes, compared by content or not at all
final class Watches {

    private record Prefix(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Prefix(byte[] otherBytes) && Arrays.equals(bytes, otherBytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        boolean overlaps(WriteSet.Step.DeletedRange range) {
            return Arrays.compareUnsigned(bytes, range.to()) < 0
                    && (Arrays.compareUnsigned(bytes, range.from()) >= 0
                            || Bytes.startsWith(range.from(), bytes));
        }
    }

    private final class PrefixWatch implements Watch {
        private final Prefix prefix;
        private volatile boolean changed;
        private volatile @Nullable Thread waiter;

        private PrefixWatch(Prefix prefix) {
            this.prefix = prefix;
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            long nanos = TimeUnit.NANOSECONDS.convert(timeout);
            long start = System.nanoTime();
            waiter = Thread.currentThread();
            try {
                while (true) { // ends with a change, a failure, the timeout or an interrupt
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    checkNotFailed();
                    if (changed) {
                        changed = false;
                        return true;
                    }
                    long left = nanos - (System.nanoTime() - start);
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, left);
                }
            } finally {
                waiter = null;
            }
        }

        @Override
        public void close() {
            Watches.this.close(this);
        }

        private void wake() {
            changed = true;
            unpark();
        }

        private void unpark() {
            LockSupport.unpark(waiter);
        }
    }

    private static final int FIRST_BYTES = 256;

    private final ConcurrentHashMap<Prefix, Set<PrefixWatch>> open = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Integer, Integer> countByLength =
            new ConcurrentSkipListMap<>();

    /// How many watched prefixes begin with each byte; the last counts the empty one.
    private final AtomicIntegerArray countByFirst = new AtomicIntegerArray(FIRST_BYTES + 1);

    private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

    Watch open(byte[] prefix) {
        StoreLimits.checkKey(prefix);
        PrefixWatch watch = new PrefixWatch(new Prefix(prefix.clone()));
        countByLength.merge(prefix.length, 1, Integer::sum);
        countByFirst.incrementAndGet(first(prefix));
        open.compute(
                watch.prefix,
                (_, watches) -> {
                    Set<PrefixWatch> all =
                            watches == null ? ConcurrentHashMap.newKeySet() : watches;
                    all.add(watch);
                    return all;
                });
        return watch;
    }

    /// To be called after the commits became visible.
    void wake(List<RecentCommits.Commit> commits) {
        if (open.isEmpty()) {
            return;
        }
        for (RecentCommits.Commit commit : commits) {
            for (byte[] key : commit.keys()) {
                wake(key);
            }
            for (WriteSet.Step.DeletedRange range : commit.deletedRanges()) {
                open.forEach((prefix, watches) -> {
                    if (prefix.overlaps(range)) {
                        watches.forEach(PrefixWatch::wake);
                    }
                });
            }
        }
    }

    /// Wakes every waiter, now and later, with the exception; the first one stays.
    void fail(StoreException cause) {
        failure.compareAndSet(null, cause);
        open.forEach((_, watches) -> watches.forEach(PrefixWatch::unpark));
    }

    private static int first(byte[] prefix) {
        return prefix.length == 0 ? FIRST_BYTES : prefix[0] & 0xff;
    }

    private void wake(byte[] key) {
        if (countByFirst.get(first(key)) == 0 && countByFirst.get(FIRST_BYTES) == 0) {
            return;
        }
        for (int length : countByLength.keySet()) {
            if (length > key.length) {
                return;
            }
            Set<PrefixWatch> watches = open.get(new Prefix(Arrays.copyOf(key, length)));
            if (watches != null) {
                watches.forEach(PrefixWatch::wake);
            }
        }
    }

    private void close(PrefixWatch watch) {
        open.computeIfPresent(
                watch.prefix,
                (_, watches) -> {
                    if (watches.remove(watch)) {
                        countByFirst.decrementAndGet(first(watch.prefix.bytes()));
                        countByLength.computeIfPresent(
                                watch.prefix.bytes().length,
                                (_, count) -> count == 1 ? null : count - 1);
                    }
                    return watches.isEmpty() ? null : watches;
                });
    }

    private void checkNotFailed() {
        StoreException cause = failure.get();
        if (cause != null) {
            throw new StoreException(String.valueOf(cause.getMessage()), cause);
        }
    }
}

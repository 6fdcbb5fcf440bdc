package io.millrace;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A store whose next reads or writes fail as by want of memory: without a
/// [io.millrace.engine.StoreException], and not with an exception at all.
public final class FaultyStore implements ForwardingStore {
    private final Store store;
    private final AtomicInteger goodReads = new AtomicInteger();
    private final AtomicInteger failingReads = new AtomicInteger();
    private final AtomicInteger failingWrites = new AtomicInteger();

    public FaultyStore(Store store) {
        this.store = store;
    }

    public void failReads(int count) {
        failReadsAfter(0, count);
    }

    /// Lets reads fail later.
    ///
    /// @param good reads that come before those that fail
    public void failReadsAfter(int good, int count) {
        goodReads.set(good);
        failingReads.set(count);
    }

    public void failWrites(int count) {
        failingWrites.set(count);
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        if (!isOneOf(goodReads)) {
            failOneOf(failingReads);
        }
        return store.<T>read(body);
    }

    @Override
    public <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body) {
        failOneOf(failingWrites);
        return store.<T>commit(body);
    }

    @Override
    public Store store() {
        return store;
    }

    private static void failOneOf(AtomicInteger left) {
        if (isOneOf(left)) {
            throw new InternalError("planted");
        }
    }

    private static boolean isOneOf(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }
}

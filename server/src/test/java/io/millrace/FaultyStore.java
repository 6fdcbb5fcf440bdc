package io.millrace;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A store whose next reads or writes fail as by a fault of our own: without a
/// [io.millrace.engine.StoreException].
public final class FaultyStore implements Store {
    private final Store store;
    private final AtomicInteger failingReads = new AtomicInteger();
    private final AtomicInteger failingWrites = new AtomicInteger();

    public FaultyStore(Store store) {
        this.store = store;
    }

    public void failReads(int count) {
        failingReads.set(count);
    }

    public void failWrites(int count) {
        failingWrites.set(count);
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        failOneOf(failingReads);
        return store.<T>read(body);
    }

    @Override
    public <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body) {
        failOneOf(failingWrites);
        return store.<T>commit(body);
    }

    @Override
    public Watch watch(byte[] prefix) {
        return store.watch(prefix);
    }

    @Override
    public void close() {
        store.close();
    }

    private static void failOneOf(AtomicInteger left) {
        if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            throw new IllegalStateException("planted");
        }
    }
}

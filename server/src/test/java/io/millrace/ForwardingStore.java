package io.millrace;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// A store that leaves to another what it does not do itself.
public interface ForwardingStore extends Store {
    Store store();

    @Override
    default <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        return store().<T>read(body);
    }

    @Override
    default <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body) {
        return store().<T>commit(body);
    }

    @Override
    default Watch watch(byte[] prefix) {
        return store().watch(prefix);
    }

    @Override
    default Listening listen(int firstByte, PutListener listener) {
        return store().listen(firstByte, listener);
    }

    @Override
    default void close() {
        store().close();
    }
}

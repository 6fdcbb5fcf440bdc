package io.millrace.storage;

import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;

import org.jspecify.annotations.Nullable;

import java.util.function.BooleanSupplier;

/// One turn of a worker over entries that do not depend on one another: what fails by our own fault
/// fails when the others had theirs, and what cannot be read is set aside.
public final class Turn {
    /// What a worker has work with.
    ///
    /// @param value as the turn began: another that comes meanwhile is not set aside
    public record Entry(byte[] key, byte[] value) {

        /// That at which a cursor stands.
        public static Entry of(Cursor cursor) {
            return new Entry(cursor.key(), cursor.value());
        }
    }

    private final Store store;
    private @Nullable Throwable fault;

    public Turn(Store store) {
        this.store = store;
    }

    /// Does the work of one entry.
    ///
    /// @return what the work returned; false when it failed
    public boolean take(Entry entry, BooleanSupplier work) {
        try {
            return work.getAsBoolean();
        } catch (StoreException e) {
            throw e;
        } catch (UnreadableException e) {
            SetAside.put(store, entry.key, entry.value, e);
        } catch (RuntimeException | Error e) { // such as want of memory
            fault = e;
        }
        return false;
    }

    /// Throws what failed last, for the worker to tell and to rest.
    public void end() {
        switch (fault) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }
}

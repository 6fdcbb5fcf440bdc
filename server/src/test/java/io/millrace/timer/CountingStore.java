package io.millrace.timer;

import io.millrace.ForwardingStore;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Counts the entries that reads outside of transactions go through.
record CountingStore(Store store, AtomicLong entries) implements ForwardingStore {

    CountingStore(Store store) {
        this(store, new AtomicLong());
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        return store.<T>read(snapshot -> body.apply(new Counted(snapshot, entries)));
    }

    private record Counted(Snapshot snapshot, AtomicLong entries) implements Snapshot {

        @Override
        public byte @Nullable [] get(byte[] key) {
            entries.incrementAndGet();
            return snapshot.get(key);
        }

        @Override
        public Cursor range(byte[] from, byte[] to, Direction direction) {
            return new CountedCursor(snapshot.range(from, to, direction), entries);
        }

        @Override
        public long version() {
            return snapshot.version();
        }
    }

    private record CountedCursor(Cursor cursor, AtomicLong entries) implements Cursor {

        @Override
        public boolean next() {
            boolean found = cursor.next();
            entries.addAndGet(found ? 1 : 0);
            return found;
        }

        @Override
        public byte[] key() {
            return cursor.key();
        }

        @Override
        public byte[] value() {
            return cursor.value();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}

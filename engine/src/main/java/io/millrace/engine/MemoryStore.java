package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A store in a sorted map, one transaction at a time, gone with the process. For unit tests: the
/// same contract as [RocksStore], all but durability.
public final class MemoryStore implements Store {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final Watches watches = new Watches();
    private final PutListeners listeners = new PutListeners();
    private long version;
    private boolean closed;

    @Override
    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        return Nesting.<T>enter(this, () -> locked(body));
    }

    @Override
    public <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body) {
        List<OverlayTransaction> runs = new ArrayList<>(1);
        boolean isCommitted = false;
        try {
            Committed<T> committed =
                    Nesting.<Committed<T>>enter(
                            this, () -> locked(view -> transact(view, body, runs)));
            isCommitted = true;
            for (OverlayTransaction run : runs) {
                run.committed(committed.version());
                run.afterCommit().forEach(Runnable::run);
            }
            return committed;
        } finally {
            if (!isCommitted) {
                runs.forEach(OverlayTransaction::released);
            }
        }
    }

    @Override
    public void awaitDurable(long committed) {} // as durable as it gets

    @Override
    public Watch watch(byte[] prefix) {
        return watches.open(prefix);
    }

    @Override
    public Listening listen(int firstByte, PutListener listener) {
        return listeners.add(firstByte, listener);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            watches.fail(new StoreException("the store is closed"));
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T locked(Function<? super View, ? extends T> action) {
        lock.lock();
        try (View view = new View()) {
            if (closed) {
                throw new StoreException("the store is closed");
            }
            return action.apply(view);
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> Committed<T> transact(
            View view,
            Function<? super Transaction, ? extends T> body,
            List<OverlayTransaction> runs) {
        OverlayTransaction tx = new OverlayTransaction(view::checked);
        runs.add(tx);
        T value = body.apply(tx);
        if (!tx.writes().isEmpty()) {
            EncodedWrites encoded = new EncodedWrites(tx.writes(), ClearValues.CLEAR);
            version += encoded.count();
            apply(tx.writes());
            RecentCommits.Commit commit = encoded.stamp(version, version);
            encoded.tell(listeners);
            watches.wake(List.of(commit));
        }
        return new Committed<>(value, version);
    }

    private void apply(WriteSet writes) {
        for (WriteSet.Step step : writes.sequence) {
            switch (step) {
                case WriteSet.Step.DeletedRange(byte[] from, byte[] to) ->
                        entries.subMap(from, to).clear();
                case WriteSet.Step.StampedKey stamped ->
                        entries.put(
                                stamp(stamped.key(), stamped.keyStampOffset()),
                                stamp(stamped.value(), stamped.valueStampOffset()));
            }
        }
        for (Map.Entry<byte[], WriteSet.Write> point : writes.points.entrySet()) {
            byte[] key = point.getKey();
            switch (point.getValue()) {
                case WriteSet.Write.Put(byte[] value) -> entries.put(key, value.clone());
                case WriteSet.Write.Count(long value) -> entries.put(key, Bytes.counter(value));
                case WriteSet.Write.Delete() -> entries.remove(key);
                case WriteSet.Write.Add(long delta) ->
                        entries.put(key, Bytes.counter(Bytes.counter(entries.get(key)) + delta));
                case WriteSet.Write.StampedValue(byte[] value, int offset) ->
                        entries.put(key, stamp(value, offset));
            }
        }
    }

    private byte[] stamp(byte[] bytes, int offset) {
        byte[] stamped = bytes.clone();
        if (offset != Transaction.NO_STAMP) {
            Bytes.writeLong(stamped, offset, version);
        }
        return stamped;
    }

    /// The map as one body sees it; it does not change meanwhile.
    private final class View implements Snapshot, AutoCloseable {
        private boolean ended;

        @Override
        public byte @Nullable [] get(byte[] key) {
            checked();
            byte[] value = entries.get(key);
            return value == null ? null : value.clone();
        }

        @Override
        public Cursor range(byte[] from, byte[] to, Direction direction) {
            checked();
            return new MapCursor(this, from, to, direction);
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public void close() {
            ended = true;
        }

        private Snapshot checked() {
            if (ended) {
                throw new IllegalStateException("used after the end of its transaction");
            }
            return this;
        }
    }

    private final class MapCursor implements Cursor {
        private final View view;
        private final byte[] from;
        private final byte[] to;
        private final Snapshot.Direction direction;
        private byte @Nullable [] position;
        private Map.@Nullable Entry<byte[], byte[]> entry;
        private boolean ended;

        private MapCursor(View view, byte[] from, byte[] to, Snapshot.Direction direction) {
            this.view = view;
            this.from = from;
            this.to = to;
            this.direction = direction;
        }

        @Override
        public boolean next() {
            view.checked();
            byte[] last = position;
            Map.Entry<byte[], byte[]> found = null;
            if (!ended) {
                found =
                        switch (direction) {
                            case FORWARD ->
                                    last == null
                                            ? entries.ceilingEntry(from)
                                            : entries.higherEntry(last);
                            case BACKWARD -> entries.lowerEntry(last == null ? to : last);
                        };
            }
            if (found == null
                    || Arrays.compareUnsigned(found.getKey(), from) < 0
                    || Arrays.compareUnsigned(found.getKey(), to) >= 0) {
                ended = true;
                entry = null;
                return false;
            }
            position = found.getKey();
            entry = found;
            return true;
        }

        @Override
        public byte[] key() {
            return current().getKey().clone();
        }

        @Override
        public byte[] value() {
            return current().getValue().clone();
        }

        @Override
        public void close() {
            ended = true;
            entry = null;
        }

        private Map.Entry<byte[], byte[]> current() {
            view.checked();
            Map.Entry<byte[], byte[]> found = entry;
            if (found == null) {
                throw new IllegalStateException("the cursor is on no entry");
            }
            return found;
        }
    }
}

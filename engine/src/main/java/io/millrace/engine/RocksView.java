package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.util.ArrayList;
import java.util.List;

/// What one body reads: a shared snapshot, and the cursors that it must give back.
///
/// Native memory is behind it, so use by another thread or after its end is refused.
final class RocksView implements Snapshot, AutoCloseable {
    private final RocksDB db;
    private final CommitPipeline pipeline;
    private final RocksSnapshot snapshot;
    private final Thread owner = Thread.currentThread();
    private final List<RocksCursor> cursors = new ArrayList<>(0);
    private boolean closed;

    /// Takes over the caller's use of `snapshot`.
    RocksView(RocksDB db, CommitPipeline pipeline, RocksSnapshot snapshot) {
        this.db = db;
        this.pipeline = pipeline;
        this.snapshot = snapshot;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        checkOpen();
        HotKeys.Key sought = new HotKeys.Key(key);
        HotKeys.Entry known = pipeline.hotKeys().find(sought, snapshot.version());
        if (known == null) {
            known = pipeline.recentWrites().find(sought, snapshot.version());
        }
        if (known != null) {
            return known.value() == null ? null : known.value().clone();
        }
        try {
            byte[] stored = db.get(snapshot.readOptions(), key);
            byte[] value = stored == null ? null : pipeline.values().open(key, stored);
            if (pipeline.hotKeys().warms(sought, value)) {
                byte[] kept = value == null ? null : value.clone();
                pipeline.learn(sought, kept, snapshot.version());
            }
            return value;
        } catch (RocksDBException | StoredValues.UnreadableException e) {
            throw pipeline.stop(e);
        }
    }

    @Override
    public Cursor range(byte[] from, byte[] to, Direction direction) {
        checkOpen();
        RocksCursor cursor = new RocksCursor(this, db, pipeline, snapshot, from, to, direction);
        cursors.add(cursor);
        return cursor;
    }

    @Override
    public long version() {
        checkOpen();
        return snapshot.version();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (RocksCursor cursor : cursors) {
                cursor.release();
            }
            snapshot.release();
        }
    }

    void forget(RocksCursor cursor) {
        cursors.remove(cursor);
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("used after the end of its transaction");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("used outside the thread of its transaction");
        }
    }
}

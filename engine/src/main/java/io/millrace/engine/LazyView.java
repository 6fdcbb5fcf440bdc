package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

import java.util.function.Supplier;

/// The base of a transaction: the newest state, taken at the first read and not at all without one.
final class LazyView implements Supplier<Snapshot>, AutoCloseable {
    private final RocksDB db;
    private final CommitPipeline pipeline;
    private @Nullable RocksView view;
    private long versionSeen;
    private boolean closed;

    LazyView(RocksDB db, CommitPipeline pipeline) {
        this.db = db;
        this.pipeline = pipeline;
    }

    @Override
    public Snapshot get() {
        if (closed) {
            throw new IllegalStateException("used after the end of its transaction");
        }
        RocksView taken = view;
        if (taken == null) {
            taken = new RocksView(db, pipeline, pipeline.acquireNewest());
            view = taken;
            versionSeen = taken.version();
        }
        return taken;
    }

    /// The version of what was read; 0 when nothing was.
    long versionSeen() {
        return versionSeen;
    }

    @Override
    public void close() {
        closed = true;
        RocksView taken = view;
        if (taken != null) {
            taken.close();
        }
    }
}

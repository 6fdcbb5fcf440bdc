package io.millrace.engine;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;

import java.util.concurrent.atomic.AtomicInteger;

/// A native snapshot that several readers share; released with its last user.
final class RocksSnapshot {
    private final RocksDB db;
    private final org.rocksdb.Snapshot handle;
    private final ReadOptions readOptions;
    private final long version;
    private final AtomicInteger users = new AtomicInteger(1);

    /// The newest state, used by the caller. To be called under the commit lock.
    RocksSnapshot(RocksDB db) {
        this.db = db;
        handle = db.getSnapshot();
        version = handle.getSequenceNumber();
        readOptions = new ReadOptions().setSnapshot(handle);
    }

    long version() {
        return version;
    }

    ReadOptions readOptions() {
        return readOptions;
    }

    org.rocksdb.Snapshot handle() {
        return handle;
    }

    /// False when it has been released already.
    boolean acquire() {
        int count = users.get();
        while (count > 0) {
            int found = users.compareAndExchange(count, count + 1);
            if (found == count) {
                return true;
            }
            count = found;
        }
        return false;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            readOptions.close();
            db.releaseSnapshot(handle);
        }
    }
}

package io.millrace.engine;

/// What an operator may choose about a [RocksStore].
///
/// @param memtableBytes how much is collected in memory before it becomes a sorted file
/// @param blockCacheBytes the bound of what is kept uncompressed in memory of those files
/// @param backgroundJobs how many flushes and compactions run at a time
public record StoreOptions(long memtableBytes, long blockCacheBytes, int backgroundJobs) {

    public static final StoreOptions DEFAULT = new StoreOptions(64L << 20, 64L << 20, 2);

    public StoreOptions {
        if (memtableBytes < 1 << 20) {
            throw new IllegalArgumentException("memtableBytes is less than 1 MiB");
        }
        if (blockCacheBytes < 1 << 20) {
            throw new IllegalArgumentException("blockCacheBytes is less than 1 MiB");
        }
        if (backgroundJobs < 2) {
            throw new IllegalArgumentException("backgroundJobs is less than 2");
        }
    }
}

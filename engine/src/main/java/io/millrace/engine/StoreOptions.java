package io.millrace.engine;

/// What an operator may choose about a [RocksStore].
///
/// @param memtableBytes how much is collected in memory before it becomes a sorted file
/// @param blockCacheBytes the bound of what is kept uncompressed in memory of those files
/// @param backgroundJobs how many flushes and compactions run at a time
public record StoreOptions(long memtableBytes, long blockCacheBytes, int backgroundJobs) {

    public static final StoreOptions DEFAULT = new StoreOptions(64L << 20, 64L << 20, 2);

    public static final int MEBIBYTES_MIN = 16;
    public static final int MEBIBYTES_MAX = 1 << 20;

    /// One memtable is written to while at most two wait to become files; the cache is the rest.
    static final int MEMTABLES_MAX = 3;

    private static final long MEMTABLE_BYTES_MAX = 256L << 20; // larger ones take long to recover

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

    /// Those that keep memtables and cache within so much, a quarter in each: three memtables and
    /// the cache. Of more than a gibibyte, the cache gets what memtables do not need.
    public static StoreOptions within(int mebibytes) {
        long bytes = (long) mebibytes << 20;
        long memtable = Math.min(bytes / (MEMTABLES_MAX + 1), MEMTABLE_BYTES_MAX);
        return new StoreOptions(
                memtable, bytes - MEMTABLES_MAX * memtable, DEFAULT.backgroundJobs());
    }
}

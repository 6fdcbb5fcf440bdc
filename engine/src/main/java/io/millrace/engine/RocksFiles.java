package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.UInt64AddOperator;
import org.rocksdb.WALRecoveryMode;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/// The data directory, opened: the database with the native objects that it needs.
final class RocksFiles implements AutoCloseable {

    private static final int COUNTER_STEPS_MAX = 8;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final long LOG_FILE_BYTES_MAX = 1 << 20;
    private static final int LOG_FILES_MAX = 2;

    /// Keys with the same first bytes, the prefix number and half of what stands behind it, mostly
    /// come in their order: so the memtable looks for a key's place where it put the last of these.
    private static final String INSERT_HINTS = "capped:5";

    /// Older versions of a key that a step of a cursor passes before it seeks. In the memtable a
    /// step backward past one costs about as much as a seek.
    private static final long VERSIONS_PASSED_MAX = 3;

    /// So many deletions among so many successive entries make a file worth compacting.
    private static final long DELETION_WINDOW = 4096;

    private static final long DELETION_TRIGGER = 2048;

    static {
        RocksDB.loadLibrary();
    }

    private final Cache cache;
    private final BloomFilter filter = new BloomFilter(BLOOM_BITS_PER_KEY, false);
    private final UInt64AddOperator counters = new UInt64AddOperator();
    private final TablePropertiesCollectorFactory deletions =
            TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                    DELETION_WINDOW, DELETION_TRIGGER, 0.0);
    private final Options options = options();
    private final RocksDB db;
    private final DirectoryLock lock;
    private final StoredValues values;

    /// Tells how values stand in a directory, or refuses it.
    private interface Format {
        StoredValues values(Path directory) throws IOException;
    }

    /// What values are is known.
    static RocksFiles open(Path directory, StoreOptions chosen, Encryption encryption) {
        return new RocksFiles(directory, chosen, format(encryption));
    }

    /// For who reads and writes no values.
    static RocksFiles openClosed(Path directory) {
        return new RocksFiles(directory, StoreOptions.DEFAULT, format(null));
    }

    /// One that is not named yet, with values as they stand there.
    static RocksFiles openUnnamed(Path directory) {
        return new RocksFiles(directory, StoreOptions.DEFAULT, _ -> ClearValues.CLEAR);
    }

    private static Format format(@Nullable Encryption encryption) {
        return directory ->
                StoreFormat.readOrMake(directory.toAbsolutePath(), encryption)
                        .values(directory, encryption);
    }

    private RocksFiles(Path directory, StoreOptions chosen, Format format) {
        cache = new LRUCache(chosen.blockCacheBytes());
        DirectoryLock taken = null;
        boolean opened = false;
        try {
            StoreFormat.makeDirectory(directory);
            taken = DirectoryLock.take(directory);
            values = format.values(directory);
            LogTails.cut(directory);
            configure(chosen);
            db = RocksDB.open(options, directory.toString());
            opened = true;
        } catch (IOException | RocksDBException e) {
            throw new StoreException("cannot open " + directory + ": " + reason(e), e);
        } finally {
            if (!opened) {
                closeOptions();
                if (taken != null) {
                    taken.close();
                }
            }
        }
        lock = taken;
    }

    /// Those that have no setter.
    private static Options options() {
        Properties named = new Properties();
        named.put("memtable_insert_with_hint_prefix_extractor", INSERT_HINTS);
        try (DBOptions database = new DBOptions();
                ColumnFamilyOptions family =
                        ColumnFamilyOptions.getColumnFamilyOptionsFromProps(named)) {
            if (family == null) {
                throw new IllegalStateException("RocksDB does not know " + named);
            }
            return new Options(database, family);
        }
    }

    /// What a person can act on; the file system's own messages are often just the path.
    private static String reason(Exception e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "it is not a directory";
            case AccessDeniedException _ -> "access is denied";
            case NoSuchFileException _ -> "it cannot be made there";
            case RocksDBException damage
                    when damage.getStatus() != null
                            && damage.getStatus().getCode() == Status.Code.Corruption ->
                    e.getMessage() + " 'millrace check' tells what is damaged; restore a backup";
            default -> String.valueOf(e.getMessage());
        };
    }

    RocksDB db() {
        return db;
    }

    StoredValues values() {
        return values;
    }

    @Override
    public void close() {
        db.close();
        closeOptions();
        lock.close();
    }

    private void configure(StoreOptions chosen) {
        options.setCreateIfMissing(true)
                // The log: written by hand, synced by group, cut at the first torn record.
                .setManualWalFlush(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setRecycleLogFileNum(0)
                // What was read back from the log is made durable before it is shown.
                .setAvoidFlushDuringRecovery(false)
                // An error is final.
                .setMaxBgErrorResumeCount(0)
                .setParanoidChecks(true)
                // One thread writes at a time.
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setWriteBufferSize(chosen.memtableBytes())
                .setMaxWriteBufferNumber(StoreOptions.MEMTABLES_MAX)
                .setMemtablePrefixBloomSizeRatio(0.02)
                .setMemtableWholeKeyFiltering(true)
                .setMaxBackgroundJobs(chosen.backgroundJobs())
                .setMaxSequentialSkipInIterations(VERSIONS_PASSED_MAX)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBytesPerSync(1 << 20)
                .setMergeOperator(counters)
                // A counter is read in one step, however often it was added to.
                .setMaxSuccessiveMerges(COUNTER_STEPS_MAX)
                .setTableFormatConfig(
                        new BlockBasedTableConfig()
                                .setBlockCache(cache)
                                .setBlockSize(8 * 1024)
                                // Whole filters of large files would not fit into a shard of the
                                // cache.
                                .setIndexType(IndexType.kTwoLevelIndexSearch)
                                .setPartitionFilters(true)
                                .setPinTopLevelIndexAndFilter(true)
                                .setFilterPolicy(filter)
                                .setCacheIndexAndFilterBlocks(true)
                                .setPinL0FilterAndIndexBlocksInCache(true))
                // Nothing runs while nothing happens.
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_FILE_BYTES_MAX)
                .setKeepLogFileNum(LOG_FILES_MAX);
        options.setTablePropertiesCollectorFactory(List.of(deletions));
    }

    private void closeOptions() {
        options.close();
        deletions.close();
        counters.close();
        filter.close();
        cache.close();
    }
}

package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The embedded store: one data directory, on RocksDB.
///
/// Transactions run optimistically on a snapshot and are validated at commit; one that met
/// [#OPTIMISTIC_ATTEMPTS_MAX] conflicts runs with the commit lock held, so it ends. How commits
/// become durable stands at [CommitPipeline]. After a failed write or sync every call throws.
public final class RocksStore implements Store {

    /// How one run of a body ended. What throws was told by a consistent snapshot, so it stands;
    /// but the caller may learn it only when that snapshot is durable.
    private sealed interface Outcome<T extends @Nullable Object> {
        record Returned<T extends @Nullable Object>(Committed<T> committed, OverlayTransaction tx)
                implements Outcome<T> {}

        record Thrown<T extends @Nullable Object>(Throwable thrown, long versionSeen)
                implements Outcome<T> {}

        record Conflicted<T extends @Nullable Object>() implements Outcome<T> {}
    }

    private static final int OPTIMISTIC_ATTEMPTS_MAX = 3;

    private final ActiveUsers users = new ActiveUsers();
    private final Onlookers onlookers = new Onlookers();
    private final RocksFiles files;
    private final CommitPipeline pipeline;

    private RocksStore(Path directory, StoreOptions options, Encryption encryption, Tuning tuning) {
        files = RocksFiles.open(directory, options, encryption);
        pipeline = new CommitPipeline(files.db(), files.values(), tuning, onlookers);
    }

    /// Opens the store in `directory`, and creates it when there is none.
    ///
    /// @throws StoreException when the directory cannot be used, another process uses it, or it
    ///   holds something else
    public static RocksStore open(Path directory) {
        return open(directory, StoreOptions.DEFAULT);
    }

    /// As [#open(Path)], with options.
    public static RocksStore open(Path directory, StoreOptions options) {
        return open(directory, options, Tuning.DEFAULT);
    }

    /// As [#open(Path)], encrypted or not.
    ///
    /// @throws StoreException also when it is not as it is wanted, or the key is not the right one;
    ///   then nothing was changed
    public static RocksStore open(Path directory, StoreOptions options, Encryption encryption) {
        return open(directory, options, encryption, Tuning.DEFAULT);
    }

    static RocksStore open(Path directory, StoreOptions options, Tuning tuning) {
        return open(directory, options, Encryption.none(), tuning);
    }

    static RocksStore open(
            Path directory, StoreOptions options, Encryption encryption, Tuning tuning) {
        RocksStore store = new RocksStore(directory, options, encryption, tuning);
        store.pipeline.start();
        return store;
    }

    /// Whether a directory holds a store, of whatever version.
    public static boolean isIn(Path directory) {
        return StoreFormat.names(directory);
    }

    /// For tests: what it has learned.
    KnownGaps gaps() {
        return pipeline.gaps();
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
        users.enter();
        try {
            return Nesting.<T>enter(this, () -> readOnce(pipeline.acquireDurable(), body));
        } finally {
            users.exit();
        }
    }

    @Override
    public <T extends @Nullable Object> T peek(Function<? super Snapshot, ? extends T> body) {
        users.enter();
        try {
            return Nesting.<T>enter(this, () -> readOnce(pipeline.acquireNewest(), body));
        } finally {
            users.exit();
        }
    }

    @Override
    public <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body) {
        users.enter();
        try {
            return Nesting.<Committed<T>>enter(this, () -> retry(body));
        } finally {
            users.exit();
        }
    }

    @Override
    public void awaitDurable(long version) {
        users.enter();
        try {
            pipeline.awaitDurable(version);
        } finally {
            users.exit();
        }
    }

    @Override
    public Watch watch(byte[] prefix) {
        return open(onlookers.durable(), prefix);
    }

    @Override
    public Watch watchCommits(byte[] prefix) {
        return open(onlookers.committed(), prefix);
    }

    @Override
    public Listening listen(int firstByte, PutListener listener) {
        return onlookers.puts().add(firstByte, listener);
    }

    private Watch open(Watches on, byte[] prefix) {
        users.enter();
        try {
            return on.open(prefix);
        } finally {
            users.exit();
        }
    }

    /// Adds a backup of the whole store to `directory`, in which everything is that was
    /// acknowledged before the call; writers go on meanwhile. It is on the disk when this returns.
    ///
    /// @param keepCount how many backups the directory keeps, this one among them; the oldest go
    /// @throws StoreException when it cannot be made; the store itself goes on
    public StoreBackups.Backup backup(Path directory, int keepCount) {
        users.enter();
        try {
            pipeline.checkNotFailed();
            return StoreBackups.take(files.db(), directory, keepCount);
        } finally {
            users.exit();
        }
    }

    /// Whether values are encrypted on the disk.
    public boolean isEncrypted() {
        return pipeline.values() instanceof SealedValues;
    }

    /// Wraps the data key of an encrypted store anew, so that each of `keys`, and no other, opens
    /// it from now on; durable when this returns. Leaves a store that is not encrypted alone.
    public void wrapDataKey(List<KeyEncryptionKey> keys) {
        if (pipeline.values() instanceof SealedValues sealed) {
            try {
                StoreFormat.write(
                        Path.of(files.db().getName()),
                        StoreFormat.encrypted(sealed.dataKey(), keys).text());
            } catch (IOException e) {
                throw new StoreException("the data key cannot be written: " + e.getMessage(), e);
            }
        }
    }

    /// Lets no log and no sorted file hold a replaced value of `key` when the store is closed: all
    /// that hold the key are written anew. What the disk did with their blocks is another matter.
    public void forgetReplaced(byte[] key) {
        byte[] behind = Arrays.copyOf(key, key.length + 1);
        users.enter();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                CompactRangeOptions whole =
                        new CompactRangeOptions()
                                .setBottommostLevelCompaction(
                                        CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            files.db().flush(flush);
            files.db().compactRange(files.db().getDefaultColumnFamily(), key, behind, whole);
        } catch (RocksDBException e) {
            throw new StoreException("files cannot be written anew: " + e.getMessage(), e);
        } finally {
            users.exit();
        }
    }

    @Override
    public void close() {
        if (users.close()) {
            onlookers.fail(new StoreException("the store is closed"));
            users.awaitNone();
            pipeline.close();
            files.close();
        }
    }

    private <T extends @Nullable Object> T readOnce(
            RocksSnapshot snapshot, Function<? super Snapshot, ? extends T> body) {
        try (RocksView view = new RocksView(files.db(), pipeline, snapshot)) {
            return body.apply(view);
        }
    }

    private <T extends @Nullable Object> Committed<T> retry(
            Function<? super Transaction, ? extends T> body) {
        for (int attempt = 1; attempt <= OPTIMISTIC_ATTEMPTS_MAX; attempt++) {
            Outcome<T> outcome = attempt(body);
            if (!(outcome instanceof Outcome.Conflicted<T>)) {
                return whenDurable(outcome);
            }
        }
        Outcome<T> outcome;
        pipeline.hold();
        try {
            outcome = attempt(body);
        } finally {
            pipeline.letGo();
        }
        return whenDurable(outcome);
    }

    private <T extends @Nullable Object> Outcome<T> attempt(
            Function<? super Transaction, ? extends T> body) {
        LazyView base = new LazyView(files.db(), pipeline);
        OverlayTransaction tx = new OverlayTransaction(base);
        try (base) {
            T value = body.apply(tx);
            if (tx.writes().isEmpty()) {
                return new Outcome.Returned<>(new Committed<>(value, tx.version()), tx);
            }
            EncodedWrites writes = new EncodedWrites(tx.writes(), pipeline.values());
            long version = pipeline.commit(writes, tx.reads(), base.versionSeen(), users.isOne());
            if (version != CommitPipeline.CONFLICT) {
                return new Outcome.Returned<>(new Committed<>(value, version), tx);
            }
            tx.released();
            return new Outcome.Conflicted<>();
        } catch (RuntimeException | Error e) {
            tx.released();
            return new Outcome.Thrown<>(e, base.versionSeen());
        }
    }

    private <T extends @Nullable Object> Committed<T> whenDurable(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Returned<T>(Committed<T> committed, OverlayTransaction tx) -> {
                try {
                    tx.committed(committed.version());
                } finally {
                    pipeline.awaitDurable(committed.version());
                }
                tx.afterCommit().forEach(Runnable::run);
                yield committed;
            }
            case Outcome.Thrown<T>(Throwable thrown, long versionSeen) -> {
                pipeline.awaitDurable(versionSeen);
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            }
            case Outcome.Conflicted<T>() ->
                    throw new IllegalStateException("a conflict while held");
        };
    }
}

package io.millrace.engine;

import org.rocksdb.Checkpoint;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;

/// Makes an encrypted data directory of one that is not, or the other way round, or one with a new
/// data key; the directory that is read stays as it is.
///
/// A copy is made beside the new place, whose sorted files are at first the old ones (RocksDB's
/// checkpoint), so that version numbers go on where they were. Each value is written there anew,
/// then everything is compacted, so that no file of it holds a value of the old form; each value is
/// read back; and only then the copy gets its name and its place. An interrupted one is none, and
/// begins anew.
public final class StoreConversion {
    private static final int BATCH_BYTES = 1 << 20;

    private StoreConversion() {}

    /// Converts a data directory that no server uses.
    ///
    /// @param reading opens the old one
    /// @param to must be empty, or not there
    /// @param making says what becomes of it, as if it were a new one
    /// @param counts tells a key whose value of eight bytes may be a counter
    /// @param beside names of other files in the old directory that belong into the new one
    /// @return how many entries there are
    public static long convert(
            Path from,
            Encryption reading,
            Path to,
            Encryption making,
            Predicate<byte[]> counts,
            List<String> beside) {
        if (!StoreFormat.names(from)) {
            throw new StoreException("there is no store in " + from);
        }
        try (RocksFiles source = RocksFiles.open(from, StoreOptions.DEFAULT, reading)) {
            UnfinishedDirectory part = UnfinishedDirectory.begin(to, ".converting");
            try (Checkpoint checkpoint = Checkpoint.create(source.db())) {
                checkpoint.createCheckpoint(part.path().toString());
            }
            part.takePermissionsOf(from);
            StoreFormat format = StoreFormat.made(making);
            StoredValues values = format.values(to, making);
            long entryCount;
            try (RocksFiles files = RocksFiles.openUnnamed(part.path())) {
                rewrite(files.db(), source.values(), values, counts);
                entryCount = verify(files.db(), values);
            }
            for (String name : beside) {
                if (Files.exists(from.resolve(name))) {
                    Files.copy(
                            from.resolve(name),
                            part.path().resolve(name),
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            StoreFormat.write(part.path(), format.text()); // last: now it is a data directory
            part.finish();
            return entryCount;
        } catch (IOException | RocksDBException | StoredValues.UnreadableException e) {
            throw new StoreException("cannot convert " + from + ": " + e.getMessage(), e);
        }
    }

    private static void rewrite(
            RocksDB db, StoredValues before, StoredValues after, Predicate<byte[]> counts)
            throws RocksDBException, StoredValues.UnreadableException {
        boolean sealed = before instanceof SealedValues;
        try (WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            try (ReadOptions reading = new ReadOptions().setFillCache(false);
                    RocksIterator entries = db.newIterator(reading);
                    WriteBatch batch = new WriteBatch()) {
                for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                    byte[] key = entries.key();
                    byte[] stored = entries.value();
                    boolean counter = stored.length == Long.BYTES && (sealed || counts.test(key));
                    batch.put(key, counter ? stored : after.seal(key, before.open(key, stored)));
                    if (batch.getDataSize() >= BATCH_BYTES) {
                        db.write(unlogged, batch);
                        batch.clear();
                    }
                }
                entries.status();
                db.write(unlogged, batch);
            }
            db.flush(flush);
        }
        try (CompactRangeOptions everything =
                new CompactRangeOptions()
                        .setBottommostLevelCompaction(
                                CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            db.compactRange(db.getDefaultColumnFamily(), null, null, everything);
        }
    }

    private static long verify(RocksDB db, StoredValues values)
            throws RocksDBException, StoredValues.UnreadableException {
        long count = 0;
        try (ReadOptions reading = new ReadOptions().setFillCache(false);
                RocksIterator entries = db.newIterator(reading)) {
            for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                values.open(entries.key(), entries.value());
                count++;
            }
            entries.status();
        }
        return count;
    }
}

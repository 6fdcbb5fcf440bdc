package io.millrace.engine;

import org.rocksdb.BackupEngine;
import org.rocksdb.BackupEngineOptions;
import org.rocksdb.BackupInfo;
import org.rocksdb.Env;
import org.rocksdb.RestoreOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Backups of whole stores, in a directory of their own, made by RocksDB's `BackupEngine`: each
/// file's checksum is kept, and sorted files that an older backup has are not copied again.
///
/// A backup that was not finished is none. One of an encrypted store is encrypted, and needs no key
/// to be made or restored.
public final class StoreBackups {

    /// One backup.
    ///
    /// @param number rises from 1
    /// @param bytes of all its files, those among them that it shares with others
    public record Backup(int number, Instant time, long bytes, int fileCount) {}

    /// The backups in a directory.
    ///
    /// @param whole the oldest first; nothing of them is missing, as far as names and sizes tell
    /// @param damaged numbers of those that are not so, and cannot be restored
    public record Listing(List<Backup> whole, List<Integer> damaged) {}

    /// What became of a backup's files.
    ///
    /// @param damages which are not as they were written; none when it is whole
    public record Verified(int number, List<String> damages) {}

    /// What `number` says for the newest.
    public static final int NEWEST = 0;

    private static final String MARK = "MILLRACE-BACKUPS";
    private static final String MARK_TEXT = "millrace backups 1\n";

    static {
        RocksDB.loadLibrary();
    }

    private StoreBackups() {}

    static Backup take(RocksDB db, Path directory, int keepCount) {
        if (keepCount < 1) {
            throw new IllegalArgumentException("keepCount is less than 1");
        }
        try {
            prepare(directory);
            try (DirectoryLock _ = DirectoryLock.take(directory);
                    BackupEngineOptions options = options(directory);
                    BackupEngine engine = BackupEngine.open(Env.getDefault(), options)) {
                // what was acknowledged leaves the memory; it may be in no file yet
                db.flushWal(true);
                engine.createNewBackupWithMetadata(
                        db, StoreFormat.read(Path.of(db.getName())).text(), true);
                engine.purgeOldBackups(keepCount);
                return backup(engine.getBackupInfo().getLast());
            }
        } catch (IOException | RocksDBException e) {
            throw new StoreException("cannot back up to " + directory + ": " + e.getMessage(), e);
        }
    }

    /// As [RocksStore#backup], of a data directory that no server uses.
    public static Backup take(Path data, Path directory, int keepCount) {
        if (!StoreFormat.names(data)) {
            throw new StoreException("there is no store in " + data);
        }
        try (RocksFiles files = RocksFiles.openClosed(data)) {
            return take(files.db(), directory, keepCount);
        }
    }

    /// The backups in a directory.
    public static Listing list(Path directory) {
        refuseOthers(directory);
        try (BackupEngineOptions options = options(directory);
                BackupEngine engine = BackupEngine.open(Env.getDefault(), options)) {
            return new Listing(
                    engine.getBackupInfo().stream().map(StoreBackups::backup).toList(),
                    damaged(engine));
        } catch (RocksDBException e) {
            throw new StoreException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /// Reads every file of every backup, the oldest first, and compares the checksums.
    public static List<Verified> verify(Path directory) {
        refuseOthers(directory);
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            return BackupCheck.of(directory);
        } catch (IOException e) {
            throw new StoreException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /// Makes a data directory of a backup: the whole, or nothing. The checksums of all files are
    /// compared with those of the backup, and of all blocks with their own.
    ///
    /// @param number which backup, or [#NEWEST]
    /// @param data must be empty, or not there
    public static Backup restore(Path directory, int number, Path data) {
        refuseOthers(directory);
        try (DirectoryLock _ = DirectoryLock.take(directory)) { // another one may be under way
            UnfinishedDirectory part = UnfinishedDirectory.begin(data, ".restoring");
            StoreFormat.makeDirectory(part.path());
            Backup restored = restoreTo(directory, number, part.path());
            try (RocksFiles files = RocksFiles.openClosed(part.path())) {
                files.db().verifyChecksum();
            }
            part.finish();
            return restored;
        } catch (IOException | RocksDBException e) {
            throw new StoreException("cannot restore from " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Backup restoreTo(Path directory, int number, Path part)
            throws IOException, RocksDBException {
        try (BackupEngineOptions options = options(directory);
                BackupEngine engine = BackupEngine.open(Env.getDefault(), options);
                RestoreOptions restoring = new RestoreOptions(false)) {
            BackupInfo info = find(engine, directory, number);
            engine.restoreDbFromBackup(
                    info.backupId(), part.toString(), part.toString(), restoring);
            StoreFormat.write(part, info.appMetadata()); // refused when it is opened
            return backup(info);
        }
    }

    /// The one to restore. An older one is not taken for a newest one that is damaged.
    private static BackupInfo find(BackupEngine engine, Path directory, int number) {
        Optional<BackupInfo> found =
                engine.getBackupInfo().stream()
                        .filter(i -> number == NEWEST || i.backupId() == number)
                        .max(Comparator.comparingInt(BackupInfo::backupId));
        int chosen = found.map(BackupInfo::backupId).orElse(0);
        for (int damaged : damaged(engine)) {
            if (number == NEWEST ? damaged > chosen : damaged == number) {
                throw new StoreException(
                        "backup %d in %s is damaged".formatted(damaged, directory)
                                + (chosen > 0
                                        ? ". '--number %d' takes the one before it"
                                                .formatted(chosen)
                                        : ""));
            }
        }
        return found.orElseThrow(
                () -> new StoreException("there is no such backup in " + directory));
    }

    private static List<Integer> damaged(BackupEngine engine) {
        return Arrays.stream(engine.getCorruptedBackups()).sorted().boxed().toList();
    }

    private static void prepare(Path directory) throws IOException {
        StoreFormat.makeDirectory(directory);
        Path mark = directory.resolve(MARK);
        if (!Files.exists(mark) && !UnfinishedDirectory.isEmpty(directory)) {
            throw new StoreException(directory + " holds something else than backups");
        }
        if (!Files.exists(mark) || Files.size(mark) == 0) { // empty: a kill or a power loss left it
            try (FileChannel channel =
                    FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.UTF_8.encode(MARK_TEXT));
                channel.force(true);
            }
            StoreFormat.syncDirectory(directory);
        }
        refuseOthers(directory);
    }

    private static void refuseOthers(Path directory) {
        Path mark = directory.resolve(MARK);
        try {
            if (!Files.exists(mark)) {
                throw new StoreException("there are no backups in " + directory);
            }
            String found = Files.readString(mark, StandardCharsets.UTF_8);
            if (!found.equals(MARK_TEXT)) {
                throw new StoreException(
                        directory + " holds \"" + found.strip() + "\", which is not known");
            }
        } catch (IOException e) {
            throw new StoreException("cannot read " + mark + ": " + e.getMessage(), e);
        }
    }

    private static BackupEngineOptions options(Path directory) {
        return new BackupEngineOptions(directory.toString())
                .setShareTableFiles(true)
                .setShareFilesWithChecksum(true)
                .setBackupLogFiles(true)
                .setSync(true);
    }

    private static Backup backup(BackupInfo info) {
        return new Backup(
                info.backupId(),
                Instant.ofEpochSecond(info.timestamp()),
                info.size(),
                info.numberFiles());
    }
}

package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Looks at every byte of a data directory that no server uses, changes nothing, and lists what is
/// damaged; and cuts a damaged log where it is asked to.
public final class StoreCheck {

    /// Something that is damaged.
    ///
    /// @param text which file, where, and what is wrong
    /// @param from the smallest key that is concerned; null when that is not known
    /// @param to the largest one
    /// @param entryCount how many entries the file has; -1 when that is not known
    @SuppressWarnings("ArrayRecordComponent") // carriers of bytes, compared by nobody
    public record Damage(
            String text, byte @Nullable [] from, byte @Nullable [] to, long entryCount) {}

    /// What was found.
    ///
    /// @param notes what is worth knowing and no damage
    /// @param tableCount how many sorted files were looked at
    /// @param entryCount how many entries are in those that are whole
    /// @param logVersion the newest version in the logs; 0 when they hold none
    /// @param repairable whether [#repair] can do something
    public record Report(
            List<Damage> damages,
            List<String> notes,
            int tableCount,
            long entryCount,
            long logVersion,
            boolean repairable) {}

    /// What [#repair] did.
    ///
    /// @param lostKeys how many writes were lost that can still be read, by their keys' first byte;
    ///   there may be others in what cannot
    /// @param kept where the logs are kept as they were
    public record Repair(long lastVersion, Map<Integer, Long> lostKeys, Path kept) {}

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final List<Damage> damages = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int tableCount;
    private long entryCount;
    private long logVersion;
    private boolean repairable;

    private StoreCheck(Path directory) {
        this.directory = directory;
    }

    /// Looks at a data directory.
    ///
    /// @throws StoreException when there is none, or a server uses it
    public static Report of(Path directory) {
        if (!StoreFormat.names(directory) && !Files.exists(directory.resolve("CURRENT"))) {
            throw new StoreException("there is no store in " + directory);
        }
        StoreCheck check = new StoreCheck(directory);
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            check.look();
        } catch (IOException e) {
            throw new StoreException("cannot read " + directory + ": " + e.getMessage(), e);
        }
        return new Report(
                check.damages,
                check.notes,
                check.tableCount,
                check.entryCount,
                check.logVersion,
                check.repairable);
    }

    /// Cuts the logs at their first damaged record: what was written behind it is lost. The logs as
    /// they were are kept in a new folder of the data directory.
    public static Repair repair(Path directory) {
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            List<Path> live = LogTails.live(directory, Manifest.read(directory));
            LogScan scan = LogScan.of(live);
            Path bad = scan.badFile();
            if (bad == null || !scan.isDamaged()) {
                throw new StoreException("no log in " + directory + " is damaged");
            }
            Path kept = Files.createTempDirectory(directory, "damaged-");
            for (Path log : live.subList(live.indexOf(bad), live.size())) {
                Files.copy(
                        log, kept.resolve(log.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
            LogTails.cut(bad, scan.badOffset());
            for (Path later : live.subList(live.indexOf(bad) + 1, live.size())) {
                Files.delete(later);
            }
            StoreFormat.syncDirectory(directory);
            return new Repair(scan.version(), scan.lostKeys(), kept);
        } catch (IOException e) {
            throw new StoreException("cannot repair " + directory + ": " + e.getMessage(), e);
        }
    }

    private void look() throws IOException {
        Manifest manifest;
        try {
            StoreFormat.read(directory.toAbsolutePath());
            manifest = Manifest.read(directory);
        } catch (StoreException e) {
            damage(String.valueOf(e.getMessage()));
            return;
        }
        if (manifest == null) {
            notes.add("nothing has been written yet");
            return;
        }
        if (manifest.badOffset() >= 0) {
            damage(
                    manifest.path()
                            + " is damaged at offset "
                            + manifest.badOffset()
                            + ": it is not known which files belong to the store");
        }
        for (Manifest.Table table : manifest.tables()) {
            look(table);
        }
        List<Path> live = LogTails.live(directory, manifest);
        LogScan scan = LogScan.of(live);
        logVersion = scan.version();
        if (scan.isDamaged()) {
            damage(scan.toString());
            repairable = manifest.badOffset() < 0;
        } else if (!scan.isWhole()) {
            notes.add(
                    scan.badFile()
                            + " has a torn tail at offset "
                            + scan.badOffset()
                            + ", as a power loss leaves; nothing says that it was acknowledged");
        }
        try {
            LogTails.checkFirst(manifest, live, scan);
        } catch (StoreException e) {
            damage(String.valueOf(e.getMessage()));
        }
    }

    private void look(Manifest.Table table) throws IOException {
        tableCount++;
        Path path = directory.resolve(table.name());
        if (!Files.exists(path)) {
            damages.add(new Damage(path + " is gone", table.smallest(), table.largest(), -1));
            return;
        }
        long entries = -1;
        String wrong =
                Files.size(path) == table.bytes()
                        ? null
                        : path + " has " + Files.size(path) + " bytes instead of " + table.bytes();
        try (Options options = new Options();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(path.toString());
            entries = reader.getTableProperties().getNumEntries();
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            String text = String.valueOf(e.getMessage());
            wrong = text.contains(path.toString()) ? text : path + ": " + text;
        }
        if (wrong == null) {
            entryCount += entries;
        } else {
            damages.add(new Damage(wrong, table.smallest(), table.largest(), entries));
        }
    }

    private void damage(String text) {
        damages.add(new Damage(text, null, null, -1));
    }
}

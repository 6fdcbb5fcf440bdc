package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.rocksdb.UInt64AddOperator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /// What is known of the values.
    public enum Values {
        /// The store is not encrypted.
        CLEAR,
        /// Every one was opened; what does not open is damage.
        OPENED,
        /// None was opened, for want of the key.
        SEALED
    }

    /// What was found.
    ///
    /// @param notes what is worth knowing and no damage
    /// @param tableCount how many sorted files were looked at
    /// @param entryCount how many entries are in those that are whole
    /// @param logVersion the newest version, up to the first damage of the logs
    /// @param repairable whether [#repair] can do something
    public record Report(
            List<Damage> damages,
            List<String> notes,
            int tableCount,
            long entryCount,
            long logVersion,
            Values values,
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
    private Values values = Values.CLEAR;
    private @Nullable StoredValues sealed;

    private StoreCheck(Path directory) {
        this.directory = directory;
    }

    /// Looks at a data directory. Where the key cannot be had, or is not the right one, the values
    /// stay sealed, and a note says why: checksums need none.
    ///
    /// @param encryption opens the values of an encrypted one; null to leave them sealed
    /// @throws StoreException when there is none, or a server uses it
    public static Report of(Path directory, @Nullable Encryption encryption) {
        if (!StoreFormat.names(directory) && !Files.exists(directory.resolve("CURRENT"))) {
            throw new StoreException("there is no store in " + directory);
        }
        StoreCheck check = new StoreCheck(directory);
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            check.look(encryption);
        } catch (IOException e) {
            throw new StoreException("cannot read " + directory + ": " + e.getMessage(), e);
        }
        return new Report(
                check.damages,
                check.notes,
                check.tableCount,
                check.entryCount,
                check.logVersion,
                check.values,
                check.repairable);
    }

    /// Cuts the logs at their first damaged record: what was written behind it is lost. The logs as
    /// they were are kept in a new folder of the data directory.
    public static Repair repair(Path directory) {
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            Manifest manifest = Manifest.read(directory);
            List<Path> live = LogTails.live(directory, manifest);
            LogScan scan = LogScan.of(live, manifest);
            Path bad = scan.badFile();
            if (bad == null || !scan.isDamaged()) {
                throw new StoreException("no log in " + directory + " is damaged");
            }
            Path kept = Files.createTempDirectory(directory, "damaged-");
            for (Path log : live.subList(live.indexOf(bad), live.size())) {
                keep(log, kept);
            }
            StoreFormat.syncDirectory(kept);
            StoreFormat.syncDirectory(directory);
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

    /// On the disk before the log is cut.
    private static void keep(Path log, Path kept) throws IOException {
        Path copy = kept.resolve(log.getFileName());
        Files.copy(log, copy, StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void look(@Nullable Encryption encryption) throws IOException {
        StoreFormat format;
        Manifest manifest;
        try {
            format = StoreFormat.read(directory.toAbsolutePath());
            manifest = Manifest.read(directory);
        } catch (StoreException e) {
            damage(String.valueOf(e.getMessage()));
            return;
        }
        if (format.isEncrypted()) {
            unseal(format, encryption);
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
        LogScan scan = LogScan.of(live, manifest);
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
        if (sealed != null) {
            for (Path log : live) {
                openAll(log, sealed);
            }
        }
        try {
            LogTails.checkFirst(manifest, live, scan);
        } catch (StoreException e) {
            damage(String.valueOf(e.getMessage()));
        }
    }

    private void unseal(StoreFormat format, @Nullable Encryption encryption) {
        values = Values.SEALED;
        String why = "";
        if (encryption != null) {
            try {
                sealed = format.values(directory, encryption);
                values = Values.OPENED;
                return;
            } catch (StoreException e) {
                why = ": " + e.getMessage();
            }
        }
        notes.add("the values are encrypted, and were not opened" + why);
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
        try (UInt64AddOperator counters = new UInt64AddOperator();
                Options options = new Options().setMergeOperator(counters);
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(path.toString());
            entries = reader.getTableProperties().getNumEntries();
            reader.verifyChecksum();
            if (wrong == null && sealed != null) {
                wrong = openAll(path, reader, sealed);
            }
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

    /// What does not open in a sorted file; null when everything does.
    private static @Nullable String openAll(Path path, SstFileReader reader, StoredValues values)
            throws RocksDBException {
        Unopened unopened = new Unopened();
        try (ReadOptions reading = new ReadOptions();
                SstFileReaderIterator entries = reader.newIterator(reading)) {
            for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                unopened.open(values, entries.key(), entries.value());
            }
            entries.status();
        }
        return unopened.in(path);
    }

    private void openAll(Path log, StoredValues values) throws IOException {
        Unopened unopened = new Unopened();
        LogBlocks.read(
                log,
                LogBlocks.whole(
                        record -> unopened.open(values, record), _ -> {})); // told by the scan
        String wrong = unopened.in(log);
        if (wrong != null) {
            damage(wrong);
        }
    }

    /// Counts what does not open.
    private static final class Unopened {
        private @Nullable String first;
        private long count;

        void open(StoredValues values, byte[] key, byte[] value) {
            try {
                values.open(key, value);
            } catch (StoredValues.UnreadableException e) {
                add(e);
            }
        }

        void open(StoredValues values, ByteBuffer record) {
            try {
                EncodedWrites.values(record, (key, value) -> open(values, key, value));
            } catch (StoreException e) {
                add(e);
            }
        }

        private void add(Exception e) {
            first = first == null ? e.getMessage() : first;
            count++;
        }

        @Nullable String in(Path path) {
            return first == null
                    ? null
                    : path + ": " + first + (count > 1 ? ", nor do " + (count - 1) + " more" : "");
        }
    }

    private void damage(String text) {
        damages.add(new Damage(text, null, null, -1));
    }
}

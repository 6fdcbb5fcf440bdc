package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// RocksDB's list of what belongs to the database, as far as its records are whole: the sorted
/// files with their key ranges, and the oldest write-ahead log that counts.
///
/// Records are edits: a varint tag each, and what belongs to it. Source: `db/version_edit.h`.
final class Manifest {

    /// One sorted file.
    record Table(long number, int level, long bytes, byte[] smallest, byte[] largest) {
        String name() {
            return "%06d.sst".formatted(number);
        }
    }

    private static final int COMPARATOR = 1;
    private static final int LOG_NUMBER = 2;
    private static final int NEXT_FILE_NUMBER = 3;
    private static final int LAST_SEQUENCE = 4;
    private static final int COMPACT_CURSOR = 5;
    private static final int DELETED_FILE = 6;
    private static final int PREVIOUS_LOG_NUMBER = 9;
    private static final int MIN_LOG_NUMBER_TO_KEEP = 10;
    private static final int NEW_FILE = 103;
    private static final int COLUMN_FAMILY = 200;
    private static final int COLUMN_FAMILY_ADD = 201;
    private static final int COLUMN_FAMILY_DROP = 202;
    private static final int MAX_COLUMN_FAMILY = 203;
    private static final int IN_ATOMIC_GROUP = 300;
    private static final int IGNORABLE = 1 << 13;
    private static final int FIELDS_END = 1;
    private static final int TRAILER_BYTES = 8;

    private final Path path;
    private final Map<Long, Table> tables = new TreeMap<>();
    private long logNumber;
    private long logVersion;
    private long badOffset = -1;

    private Manifest(Path path) {
        this.path = path;
    }

    /// Null where there is no database.
    ///
    /// @throws StoreException when it cannot be understood
    static @Nullable Manifest read(Path directory) throws IOException {
        Path current = directory.resolve("CURRENT");
        String name;
        try {
            name = Files.readString(current, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException _) {
            if (hasData(directory)) {
                throw new StoreException(
                        current + " is gone: it is not known which files belong to the store");
            }
            return null;
        }
        if (!name.matches("MANIFEST-[0-9]{6,20}\n")) {
            throw new StoreException(current + " is damaged: it names no manifest");
        }
        Path path = directory.resolve(name.strip());
        if (!Files.exists(path)) {
            throw new StoreException(current + " is damaged, or " + path + " was removed");
        }
        Manifest manifest = new Manifest(path);
        LogBlocks.read(
                path, LogBlocks.whole(manifest::edit, offset -> manifest.badOffset = offset));
        return manifest;
    }

    /// A database that was being made when it was killed has neither logs nor sorted files.
    private static boolean hasData(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString)
                    .anyMatch(f -> f.endsWith(".sst") || f.endsWith(".log"));
        }
    }

    Path path() {
        return path;
    }

    /// The sorted files that belong to the database.
    Collection<Table> tables() {
        return tables.values();
    }

    /// Write-ahead logs with smaller numbers do not count any more.
    long logNumber() {
        return logNumber;
    }

    /// The newest version when that log became the oldest: it begins with a write of it, or with
    /// the next one.
    long logVersion() {
        return logVersion;
    }

    /// Where the first record is that is not whole; -1 when all are.
    long badOffset() {
        return badOffset;
    }

    private void edit(ByteBuffer from) {
        long logBefore = logNumber;
        long sequence = 0;
        while (from.hasRemaining()) {
            int tag = (int) number(from);
            switch (tag) {
                case LOG_NUMBER, MIN_LOG_NUMBER_TO_KEEP ->
                        logNumber = Math.max(logNumber, number(from));
                case LAST_SEQUENCE -> sequence = number(from);
                case NEXT_FILE_NUMBER,
                        PREVIOUS_LOG_NUMBER,
                        COLUMN_FAMILY,
                        MAX_COLUMN_FAMILY,
                        IN_ATOMIC_GROUP ->
                        number(from);
                case COMPARATOR, COLUMN_FAMILY_ADD -> slice(from);
                case COLUMN_FAMILY_DROP -> {}
                case COMPACT_CURSOR -> {
                    number(from);
                    slice(from);
                }
                case DELETED_FILE -> {
                    number(from);
                    tables.remove(number(from));
                }
                case NEW_FILE -> add(from);
                default -> { // of a version of RocksDB that is not known
                    if ((tag & IGNORABLE) == 0) {
                        throw new StoreException(path + " has an unknown entry " + tag);
                    }
                    slice(from);
                }
            }
        }
        if (logNumber > logBefore) {
            logVersion = sequence;
        }
    }

    private void add(ByteBuffer from) {
        int level = (int) number(from);
        long number = number(from);
        long bytes = number(from);
        byte[] smallest = slice(from);
        byte[] largest = slice(from);
        number(from);
        number(from);
        while (number(from) != FIELDS_END) {
            slice(from);
        }
        tables.put(number, new Table(number, level, bytes, userKey(smallest), userKey(largest)));
    }

    private static byte[] userKey(byte[] internal) {
        return Arrays.copyOf(internal, internal.length - TRAILER_BYTES);
    }

    private static long number(ByteBuffer from) {
        long value = 0;
        int shift = 0;
        byte next;
        do { // ends: a varint has ten bytes at most, and the checksum fitted
            next = from.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static byte[] slice(ByteBuffer from) {
        byte[] bytes = new byte[(int) number(from)];
        from.get(bytes);
        return bytes;
    }
}

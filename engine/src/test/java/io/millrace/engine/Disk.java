package io.millrace.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// The disk of a process that keeps a store: what it does wrong while the process runs, and what a
/// power loss could have left of a killed one's data directory.
///
/// `powerloss.c`, preloaded into the process, notes what was synced. Of everything else, chance
/// decides by seed: a file's unsynced tail is cut, torn, filled with garbage or with holes; a name
/// made, replaced or removed since the last sync of the directory is there or not.
public final class Disk {
    private static final Path SOURCE = Path.of("engine/src/test/c/powerloss.c");

    /// Where a record of RocksDB's log has its type: garbage that looks like a record of some type
    /// is harder on the reader than other garbage.
    private static final int LOG_TYPE_OFFSET = 6;

    /// What is wrong with the disk while it lasts.
    public enum Trouble {
        FAILED_SYNC,
        SLOW_SYNC,
        /// Says that it has synced, and has not: a planted bug, not a fault that anyone survives.
        LYING_SYNC,
        FULL
    }

    private final Path store;
    private final Path graves;
    private final Path log;
    private final Path library;

    /// What is known to be on the disk, by inode; and which names lead there.
    private Map<Long, Long> syncedBytes = new HashMap<>();

    private Map<String, Long> syncedNames = new HashMap<>();

    private Disk(Path parent, Path library) throws IOException {
        store = Files.createDirectories(parent.resolve("data"));
        graves = Files.createDirectories(parent.resolve("graves"));
        log = parent.resolve("powerloss.log");
        this.library = library;
    }

    /// Empty when there is no C compiler.
    ///
    /// @param home the source tree
    public static Optional<Disk> prepare(Path home, Path parent) throws IOException {
        Path library = parent.resolve("powerloss.so");
        try {
            Process compiler =
                    new ProcessBuilder(
                                    "cc",
                                    "-shared",
                                    "-fPIC",
                                    "-O1",
                                    "-Wall",
                                    "-Werror",
                                    "-o",
                                    library.toString(),
                                    home.resolve(SOURCE).toString(),
                                    "-ldl")
                            .inheritIO()
                            .start();
            if (compiler.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(SOURCE + " does not compile");
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        return Optional.of(new Disk(parent, library));
    }

    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "POWERLOSS_STORE", store.toString(),
                "POWERLOSS_GRAVES", graves.toString(),
                "POWERLOSS_LOG", log.toString(),
                "POWERLOSS_FAIL_SYNC", switchFor(Trouble.FAILED_SYNC).toString(),
                "POWERLOSS_SLOW_SYNC", switchFor(Trouble.SLOW_SYNC).toString(),
                "POWERLOSS_LIE", switchFor(Trouble.LYING_SYNC).toString(),
                "POWERLOSS_FULL", switchFor(Trouble.FULL).toString(),
                "POWERLOSS_CLOCK", clock().toString());
    }

    public Path data() {
        return store;
    }

    /// The files that are in the data directory now.
    public Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(store)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }

    /// The file that says how far the server's clock is ahead.
    public Path clock() {
        return log.resolveSibling("clock");
    }

    public void begin(Trouble trouble) throws IOException {
        Files.writeString(switchFor(trouble), "");
    }

    public void end(Trouble trouble) throws IOException {
        Files.deleteIfExists(switchFor(trouble));
    }

    /// The trouble lasts as long as this file exists.
    public Path switchFor(Trouble trouble) {
        return log.resolveSibling(trouble.name());
    }

    /// Declares everything that is in the directory now to be on the disk.
    public void begin() throws IOException {
        Files.deleteIfExists(log);
        for (Path grave : list(graves)) {
            Files.delete(grave);
        }
        syncedBytes = new HashMap<>();
        syncedNames = new HashMap<>();
        for (Path file : list(store)) {
            syncedBytes.put(inode(file), Files.size(file));
            syncedNames.put(file.getFileName().toString(), inode(file));
        }
    }

    /// Takes the power from what was killed. Returns how many bytes the disk lost.
    public long strike(SplittableRandom random) throws IOException {
        replayLog();
        Map<Long, Path> inodes = new HashMap<>();
        Map<String, Long> liveNames = new HashMap<>();
        for (Path file : list(graves)) {
            inodes.put(inode(file), file);
        }
        for (Path file : list(store)) {
            Path grave = graves.resolve(Long.toString(inode(file)));
            liveNames.put(file.getFileName().toString(), inode(file));
            inodes.put(inode(file), grave);
            if (Files.exists(grave)) {
                Files.delete(file);
            } else {
                Files.move(file, grave, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Set<String> names = new HashSet<>(liveNames.keySet());
        names.addAll(syncedNames.keySet());
        long lost = 0;
        for (String name : names.stream().sorted().toList()) {
            Long survivor = random.nextBoolean() ? syncedNames.get(name) : liveNames.get(name);
            Path content = survivor == null ? null : inodes.get(survivor);
            if (content != null) {
                Path file = store.resolve(name);
                Files.copy(
                        content,
                        file,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
                lost += tear(file, syncedBytes.getOrDefault(survivor, 0L), random);
            }
        }
        return lost;
    }

    private void replayLog() throws IOException {
        for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "S" -> syncedBytes.put(Long.valueOf(words[1]), Long.valueOf(words[2]));
                case "D" -> syncedNames = new HashMap<>();
                case "E" -> syncedNames.put(words[2], Long.valueOf(words[1]));
                default -> throw new IllegalStateException("in the log: " + line);
            }
        }
    }

    private static long tear(Path path, long synced, SplittableRandom random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long tail = file.length() - synced;
            if (tail <= 0) {
                return 0;
            }
            long kept = random.nextInt(3) == 0 ? 0 : random.nextLong(tail + 1);
            file.setLength(synced + kept);
            if (kept > 0 && random.nextBoolean()) {
                int hole = (int) Math.min(kept, 1 + random.nextInt(4096));
                byte[] bytes = new byte[hole];
                if (random.nextBoolean()) {
                    random.nextBytes(bytes);
                    bytes[Math.min(hole - 1, LOG_TYPE_OFFSET)] = (byte) random.nextInt(12);
                }
                boolean atRecord = random.nextBoolean();
                file.seek(synced + (atRecord ? 0 : random.nextLong(kept - hole + 1)));
                file.write(bytes);
            }
            return tail - kept;
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    private static long inode(Path file) {
        try {
            return (long) Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Cuts what a power loss left at the end of the write-ahead logs, before RocksDB reads them; and
/// refuses logs of which more is missing than that.
///
/// RocksDB ends its recovery at the first bad record too, but not at each: version 11.8.1 reads for
/// ever where garbage looks like a record of a recycled log. Up to six bytes of the bad record are
/// left: a torn header, after which RocksDB takes the next log only when that goes on without a
/// gap.
final class LogTails {
    private static final String SUFFIX = ".log";

    private LogTails() {}

    /// @throws StoreException when writes are lost that were acknowledged
    static void cut(Path directory) throws IOException {
        Manifest manifest = Manifest.read(directory);
        List<Path> live = live(directory, manifest);
        LogScan scan = LogScan.of(live, manifest);
        checkFirst(manifest, live, scan);
        if (scan.isDamaged()) {
            throw new StoreException(
                    scan + ". 'millrace check' tells more; restore a backup, or 'millrace repair'");
        }
        for (Path log : logs(directory)) {
            if (log.equals(scan.badFile())) {
                cut(log, scan.badOffset()); // where it does not follow the log before it, too
            } else {
                cutLog(log);
            }
        }
    }

    /// The logs that count, in their order.
    static List<Path> live(Path directory, @Nullable Manifest manifest) throws IOException {
        long first = manifest == null ? 0 : manifest.logNumber();
        return logs(directory).stream().filter(log -> number(log) >= first).toList();
    }

    /// A lost entry of the manifest, or a lost log, leaves no bad record, but a gap before the
    /// first log that is there.
    static void checkFirst(@Nullable Manifest manifest, List<Path> live, LogScan scan) {
        if (manifest != null && scan.firstVersion() > manifest.logVersion() + 1) {
            throw new StoreException(
                    manifest.path()
                            + " is damaged, or a log was removed: "
                            + live.getFirst()
                            + " does not follow it. Writes that were acknowledged are lost"
                            + " behind version "
                            + manifest.logVersion()
                            + "; restore a backup");
        }
    }

    private static List<Path> logs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong(LogTails::number))
                    .toList();
        }
    }

    private static long number(Path log) {
        String name = String.valueOf(log.getFileName());
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException _) {
            return -1; // none of RocksDB's
        }
    }

    private static void cutLog(Path log) throws IOException {
        List<Long> bad = new ArrayList<>(1);
        LogBlocks.read(log, LogBlocks.whole(_ -> {}, bad::add));
        if (!bad.isEmpty()) {
            cut(log, bad.getFirst());
        }
    }

    /// Cuts a log at its first bad record.
    static void cut(Path log, long badOffset) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            long end = Math.min(file.size(), badOffset + LogBlocks.HEADER_BYTES - 1);
            if (end < file.size()) {
                file.truncate(end);
                file.force(true);
            }
        }
    }
}

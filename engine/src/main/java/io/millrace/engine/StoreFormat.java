package io.millrace.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Names what is in a data directory, so that another version's data is refused, not misread.
final class StoreFormat {
    private static final String FILE = "MILLRACE";
    private static final String FORMAT = "millrace store 1\n";

    private StoreFormat() {}

    /// Refuses what is not this version's; names the format of an empty directory, durably.
    static void check(Path directory) throws IOException {
        Path format = directory.resolve(FILE);
        if (Files.exists(format)) {
            String found = Files.readString(format);
            if (!found.equals(FORMAT)) {
                throw new StoreException(
                        directory
                                + " holds \""
                                + found.strip()
                                + "\"; this version reads \""
                                + FORMAT.strip()
                                + "\" only");
            }
            return;
        }
        if (Files.exists(directory.resolve("CURRENT"))) {
            throw new StoreException(directory + " holds a database that is not a Millrace store");
        }
        write(directory, FORMAT);
        Path parent = directory.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /// The format that this version writes, in a line without its end.
    static String current() {
        return FORMAT.strip();
    }

    static boolean names(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /// Names the format of a directory, durably.
    static void write(Path directory, String format) throws IOException {
        Path file = directory.resolve(FILE);
        Path unfinished = Files.createTempFile(directory, FILE, null);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(format));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directory);
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

package io.millrace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A copy of a data directory that is in use: what a crash leaves on disk, a log whose tail is torn
/// wherever the copy met it.
///
/// Files do not come and go in a crash as they may while they are copied one by one, so a copy
/// counts only when the same files were there before and after it.
public final class LiveCopy {
    private static final int TRIES_MAX = 100;

    private LiveCopy() {}

    /// Copies `from` to `to`, which is made; returns the newest log in it, if there is one.
    public static Optional<Path> make(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (int i = 0; i < TRIES_MAX; i++) {
            List<Path> files = files(from);
            if (copied(files, to) && files(from).equals(files)) {
                return files(to).stream()
                        .filter(file -> file.toString().endsWith(".log"))
                        .reduce((_, newer) -> newer);
            }
            for (Path file : files(to)) {
                Files.delete(file);
            }
        }
        throw new IOException(from + " never stood still");
    }

    private static boolean copied(List<Path> files, Path to) throws IOException {
        try {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return new ArrayList<>(list.filter(Files::isRegularFile).sorted().toList());
        }
    }
}

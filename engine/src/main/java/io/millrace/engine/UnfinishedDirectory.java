package io.millrace.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A data directory that is being made beside its place: the whole gets there, or nothing.
///
/// @param path where it is made
/// @param target where it belongs
record UnfinishedDirectory(Path path, Path target) {

    /// Removes what an interrupted one left, and an empty directory in its place; makes nothing
    /// yet.
    ///
    /// @throws StoreException when there is something in its place, or the place is a mount point
    ///   or a symbolic link
    static UnfinishedDirectory begin(Path target, String suffix) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.isSymbolicLink(absolute)) { // would be replaced itself
            throw new StoreException(target + " is a symbolic link; nothing was written");
        }
        if (Files.exists(absolute) && !isEmpty(absolute)) {
            throw new StoreException(target + " is not empty; nothing was written");
        }
        try {
            Files.deleteIfExists(absolute); // now, since that of a mount point fails
        } catch (IOException e) {
            throw new StoreException(
                    target
                            + " cannot be replaced, as a mount point cannot; nothing was written: "
                            + e.getMessage(),
                    e);
        }
        Path path = absolute.resolveSibling(absolute.getFileName() + suffix);
        deleteAll(path);
        return new UnfinishedDirectory(path, absolute);
    }

    /// Lets those in who may enter another directory, where the system knows who that is.
    void takePermissionsOf(Path other) throws IOException {
        PosixFileAttributeView own = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (own != null) {
            own.setPermissions(Files.getPosixFilePermissions(other));
        }
    }

    /// Puts it into its place; durable when this returns.
    void finish() throws IOException {
        sync();
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        Path parent = target.getParent();
        if (parent != null) {
            StoreFormat.syncDirectory(parent);
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private void sync() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(path)) {
            files = listed.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        StoreFormat.syncDirectory(path);
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walked = Files.walk(directory)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}

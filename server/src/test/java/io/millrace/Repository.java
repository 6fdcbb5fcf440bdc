package io.millrace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The repository that a test runs in.
public final class Repository {

    private Repository() {}

    /// The folder that holds the `millrace` script.
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("millrace"))) { // ends at the root of the repository
            folder = Objects.requireNonNull(folder.getParent(), "not in the repository");
        }
        return folder;
    }
}

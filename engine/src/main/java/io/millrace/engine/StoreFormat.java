package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;

/// Names what is in a data directory, so that another version's data is refused, not misread; and
/// holds, in a second line, the wrapped data key of an encrypted store.
final class StoreFormat {
    private static final String FILE = "MILLRACE";
    private static final String CLEAR = "millrace store 1";
    private static final String ENCRYPTED = "millrace encrypted store 1";
    private static final int DATA_KEY_BYTES = 32;

    private final byte @Nullable [] wrappedKey;

    private StoreFormat(byte @Nullable [] wrappedKey) {
        this.wrappedKey = wrappedKey;
    }

    static StoreFormat clear() {
        return new StoreFormat(null);
    }

    static StoreFormat encrypted(byte[] wrappedKey) {
        return new StoreFormat(wrappedKey);
    }

    /// What is there; refuses what is not this version's.
    static StoreFormat read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw new StoreException(
                    directory
                            + (Files.exists(directory.resolve("CURRENT"))
                                    ? " holds a database that is not a Millrace store"
                                    : " holds no store"));
        }
        List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        String name = lines.isEmpty() ? "" : lines.getFirst();
        if (name.equals(CLEAR) && lines.size() == 1) {
            return clear();
        }
        if (!name.equals(ENCRYPTED)) {
            throw new StoreException(
                    directory
                            + " holds \""
                            + name.strip()
                            + "\"; this version reads \""
                            + CLEAR
                            + "\" and \""
                            + ENCRYPTED
                            + "\" only");
        }
        try {
            return encrypted(Base64.getDecoder().decode(lines.get(1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StoreException(file + " is damaged: it holds no wrapped key", e);
        }
    }

    /// As [#read]; names the format of an empty directory, durably.
    static StoreFormat readOrMake(Path directory, @Nullable Encryption encryption)
            throws IOException {
        if (names(directory) || Files.exists(directory.resolve("CURRENT"))) {
            return read(directory);
        }
        StoreFormat format = encryption == null ? clear() : made(encryption);
        write(directory, format.text());
        Path parent = directory.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
        return format;
    }

    private static StoreFormat made(Encryption encryption) {
        return switch (encryption.wanted()) {
            case AS_IT_IS, NEVER -> clear();
            case WHEN_NEW, ALWAYS -> {
                byte[] dataKey = new byte[DATA_KEY_BYTES];
                encryption.random().nextBytes(dataKey);
                yield encrypted(encryption.key().wrap(dataKey));
            }
        };
    }

    /// How values stand in a store of this format.
    ///
    /// @param encryption null for who reads and writes none
    /// @throws StoreException when that is not what is wanted, or the key is not the right one
    StoredValues values(Path directory, @Nullable Encryption encryption) {
        byte[] wrapped = wrappedKey;
        if (encryption == null) {
            return ClearValues.CLEAR;
        }
        if (wrapped == null) {
            if (encryption.wanted() == Encryption.Wanted.ALWAYS) {
                throw new StoreException(directory + " is not encrypted, but is to be");
            }
            return ClearValues.CLEAR;
        }
        if (encryption.wanted() == Encryption.Wanted.NEVER) {
            throw new StoreException(directory + " is encrypted, but is not to be");
        }
        return new SealedValues(encryption.key().unwrap(wrapped), encryption.random());
    }

    /// The text of the file, without the end of its last line.
    String text() {
        byte[] wrapped = wrappedKey;
        return wrapped == null
                ? CLEAR
                : ENCRYPTED + "\n" + Base64.getEncoder().encodeToString(wrapped);
    }

    static boolean names(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /// Names the format of a directory, durably.
    ///
    /// @param text as [#text]
    static void write(Path directory, String text) throws IOException {
        Path file = directory.resolve(FILE);
        Path unfinished = Files.createTempFile(directory, FILE, null);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(text + "\n"));
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

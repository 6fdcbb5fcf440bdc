package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/// Names what is in a data directory, so that another version's data is refused, not misread; and
/// holds, in lines behind that, the wrapped data key of an encrypted store: one line, or one for
/// each of the two keys that open it while the key is changed. The last line is a checksum of the
/// others; what was written before there was one has none.
final class StoreFormat {
    private static final String FILE = "MILLRACE";
    private static final String UNFINISHED = ".tmp";
    private static final String CLEAR = "millrace store 1";
    private static final String ENCRYPTED = "millrace encrypted store 1";
    private static final String CHECKSUM = "crc32c ";
    private static final int DATA_KEY_BYTES = 32;

    private final List<byte[]> wrappedKeys;

    private StoreFormat(List<byte[]> wrappedKeys) {
        this.wrappedKeys = wrappedKeys;
    }

    static StoreFormat clear() {
        return new StoreFormat(List.of());
    }

    /// @param keys each of which is to open it
    static StoreFormat encrypted(byte[] dataKey, List<KeyEncryptionKey> keys) {
        return new StoreFormat(keys.stream().map(key -> key.wrap(dataKey)).toList());
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
        List<String> checked = lines;
        if (lines.getLast().startsWith(CHECKSUM)) {
            checked = lines.subList(0, lines.size() - 1);
            if (!lines.getLast().equals(checksum(checked))) {
                throw damaged(file);
            }
        }
        if (checked.size() < 2) {
            throw damaged(file);
        }
        try {
            return new StoreFormat(
                    checked.stream().skip(1).map(Base64.getDecoder()::decode).toList());
        } catch (IllegalArgumentException _) {
            throw damaged(file);
        }
    }

    private static String checksum(List<String> lines) {
        CRC32C crc = new CRC32C();
        crc.update(String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));
        return CHECKSUM + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static StoreException damaged(Path file) {
        return new StoreException(
                file
                        + " is damaged: it does not hold the wrapped data key, without which nothing"
                        + " can be read; restore a backup");
    }

    /// As [#read]; names the format of an empty directory, durably.
    static StoreFormat readOrMake(Path directory, @Nullable Encryption encryption)
            throws IOException {
        if (names(directory) || Files.exists(directory.resolve("CURRENT"))) {
            return read(directory);
        }
        StoreFormat format = encryption == null ? clear() : made(encryption);
        write(directory, format.text());
        return format;
    }

    /// That of a new store.
    static StoreFormat made(Encryption encryption) {
        return switch (encryption.wanted()) {
            case AS_IT_IS, NEVER -> clear();
            case WHEN_NEW, ALWAYS -> {
                byte[] dataKey = new byte[DATA_KEY_BYTES];
                encryption.random().nextBytes(dataKey);
                yield encrypted(dataKey, List.of(encryption.key()));
            }
        };
    }

    /// How values stand in a store of this format.
    ///
    /// @param encryption null for who reads and writes none
    /// @throws StoreException when that is not what is wanted, or the key is not the right one
    StoredValues values(Path directory, @Nullable Encryption encryption) {
        if (encryption == null) {
            return ClearValues.CLEAR;
        }
        if (!isEncrypted()) {
            if (encryption.wanted() == Encryption.Wanted.ALWAYS) {
                throw new StoreException(directory + " is not encrypted, but is to be");
            }
            return ClearValues.CLEAR;
        }
        if (encryption.wanted() == Encryption.Wanted.NEVER) {
            throw new StoreException(directory + " is encrypted, but is not to be");
        }
        return new SealedValues(dataKey(encryption.key()), encryption.random());
    }

    private byte[] dataKey(KeyEncryptionKey key) {
        StoreException refused = null;
        for (byte[] wrapped : wrappedKeys) {
            try {
                return key.unwrap(wrapped);
            } catch (StoreException e) {
                refused = refused == null ? e : refused;
            }
        }
        throw Objects.requireNonNull(refused);
    }

    boolean isEncrypted() {
        return !wrappedKeys.isEmpty();
    }

    /// The text of the file, without the end of its last line.
    String text() {
        if (!isEncrypted()) {
            return CLEAR;
        }
        List<String> lines = new ArrayList<>(List.of(ENCRYPTED));
        wrappedKeys.forEach(key -> lines.add(Base64.getEncoder().encodeToString(key)));
        lines.add(checksum(lines));
        return String.join("\n", lines);
    }

    static boolean names(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /// Names the format of a directory, durably.
    ///
    /// @param text as [#text]
    static void write(Path directory, String text) throws IOException {
        Path file = directory.resolve(FILE);
        deleteUnfinished(directory);
        Path unfinished = Files.createTempFile(directory, FILE, UNFINISHED);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(text + "\n"));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directory);
    }

    /// What a kill left while the file was written, which may hold the key under an old wrapping.
    private static void deleteUnfinished(Path directory) throws IOException {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(directory, FILE + "*" + UNFINISHED)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }

    /// Makes a directory, and those above it, where they are not there yet; its name is on the disk
    /// when this returns, also where a kill came between the making and the sync before.
    static void makeDirectory(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent != null && !Files.exists(parent)) {
            makeDirectory(parent);
        }
        Files.createDirectories(absolute);
        if (parent != null && Files.isWritable(parent)) { // else nobody has made a name there
            syncDirectory(parent);
        }
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

package io.millrace.secret;

import io.millrace.engine.KeyEncryptionKey;
import io.millrace.engine.StoreException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;

import javax.crypto.AEADBadTagException;

/// The key that everything else hangs on: 32 bytes, in base 64. The operator gives it, or it is in
/// a file that only the owner may read, made when the first secret is sealed.
///
/// Does not show itself. Thread-safe.
public final class MasterKey {
    private static final byte[] STORE_KEY_CONTEXT =
            "millrace store key 1".getBytes(StandardCharsets.UTF_8);

    private final @Nullable String given;
    private final Path file;

    private MasterKey(@Nullable String given, Path file) {
        this.given = given;
        this.file = file;
    }

    /// Says where the key is; nothing is read yet.
    ///
    /// @param given the key itself; null when it is in the file
    /// @param file where it is, or will be, when it is not given
    public static MasterKey of(@Nullable String given, Path file) {
        return new MasterKey(given, file);
    }

    /// Where the key is that is to replace the one in `file`.
    public static Path whileReplacing(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /// This key, for the data key of an encrypted store; asked for, or made, when it is needed.
    ///
    /// @param random must not be guessed
    public KeyEncryptionKey wrapping(RandomGenerator random) {
        return new KeyEncryptionKey() {
            @Override
            public byte[] wrap(byte[] dataKey) {
                byte[] nonce = new byte[Sealing.NONCE_BYTES];
                random.nextBytes(nonce);
                try {
                    return Sealing.seal(findOrMake(random), nonce, STORE_KEY_CONTEXT, dataKey);
                } catch (SecretException e) {
                    throw new StoreException(String.valueOf(e.getMessage()), e);
                }
            }

            @Override
            public byte[] unwrap(byte[] wrapped) {
                return unwrapped(wrapped);
            }
        };
    }

    /// As [#wrapping], but opens with `other` too: while one key is replaced by the other, what is
    /// there may be either's.
    public KeyEncryptionKey wrappingOr(MasterKey other, RandomGenerator random) {
        KeyEncryptionKey own = wrapping(random);
        return new KeyEncryptionKey() {
            @Override
            public byte[] wrap(byte[] dataKey) {
                return own.wrap(dataKey);
            }

            @Override
            public byte[] unwrap(byte[] wrapped) {
                try {
                    return own.unwrap(wrapped);
                } catch (StoreException e) {
                    try {
                        return other.unwrapped(wrapped);
                    } catch (StoreException _) {
                        throw e;
                    }
                }
            }
        };
    }

    private byte[] unwrapped(byte[] wrapped) {
        try {
            byte[] key = find();
            if (key == null) {
                throw new StoreException(
                        "the data directory is encrypted, and there is no master key " + origin());
            }
            return Sealing.open(key, STORE_KEY_CONTEXT, wrapped);
        } catch (AEADBadTagException e) {
            throw new StoreException(
                    "the master key "
                            + origin()
                            + " is not the one that the data directory is encrypted with"
                            + advice(),
                    e);
        } catch (SecretException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Whether both are the same, which they are not while one of them is nowhere.
    public boolean isSameAs(MasterKey other) {
        byte[] one = find();
        byte[] another = other.find();
        return one != null && another != null && MessageDigest.isEqual(one, another);
    }

    /// Where the key comes from, in words.
    String origin() {
        return given == null ? "in " + file : "that was given";
    }

    /// The key; null when it is nowhere yet.
    ///
    /// @throws SecretException when it is none
    byte @Nullable [] find() {
        if (given != null) {
            return decode(given);
        }
        try {
            return Files.exists(file) ? decode(Files.readString(file)) : null;
        } catch (IOException e) {
            throw new SecretException("cannot read the master key " + origin(), e);
        }
    }

    /// What to do about a key that does not fit, as the end of a sentence.
    String advice() {
        return given == null && Files.exists(whileReplacing(file))
                ? ": 'millrace rekey' was interrupted, run it again"
                : "";
    }

    /// Whether there is one, which need not be the right one.
    public boolean isThere() {
        return find() != null;
    }

    /// Makes the key when it is nowhere yet; on the disk when this returns.
    public void make(RandomGenerator random) {
        findOrMake(random);
    }

    /// The key, made now when it is nowhere yet; on the disk when this returns.
    byte[] findOrMake(RandomGenerator random) {
        byte[] found = find();
        if (found != null) {
            return found;
        }
        byte[] key = new byte[Sealing.KEY_BYTES];
        random.nextBytes(key);
        try {
            write(Base64.getEncoder().encodeToString(key) + "\n");
        } catch (IOException | UncheckedIOException e) {
            throw new SecretException("cannot write the master key " + origin(), e);
        }
        return key;
    }

    /// Puts the file of `next` into the place of this one's, and keeps this one beside it; a crash
    /// leaves the one or the other. Returns where this one is kept; null when it was in no file.
    public @Nullable Path giveWayTo(MasterKey next) throws IOException {
        Path kept = null;
        if (given == null && Files.exists(file)) {
            int count = 1;
            do { // ends: at a name that is free
                kept = file.resolveSibling(file.getFileName() + ".old" + (count > 1 ? count : ""));
                count++;
            } while (Files.exists(kept) && !Files.isSameFile(kept, file));
            if (!Files.exists(kept)) {
                keepAs(kept);
                syncDirectory(); // before the key goes: backups need it
            }
        }
        if (next.given == null) {
            Files.move(next.file, file, StandardCopyOption.ATOMIC_MOVE);
        } else if (given == null) {
            Files.deleteIfExists(file);
        }
        syncDirectory();
        return kept;
    }

    private void keepAs(Path kept) throws IOException {
        try {
            Files.createLink(kept, file);
        } catch (IOException | UnsupportedOperationException _) { // not every file system has links
            Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
            try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    private byte[] decode(String text) {
        try {
            byte[] key = Base64.getDecoder().decode(text.strip());
            if (key.length == Sealing.KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException _) { // said below
        }
        throw new SecretException(
                "the master key "
                        + origin()
                        + " is not 32 bytes in base 64"
                        + " (make one with: openssl rand -base64 32)");
    }

    /// A crash leaves the whole file or none.
    private void write(String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, ownerOnly());
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory();
    }

    private void syncDirectory() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && isPosix()) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
        return views.contains("posix");
    }

    @Override
    public String toString() {
        return "the master key " + origin();
    }
}

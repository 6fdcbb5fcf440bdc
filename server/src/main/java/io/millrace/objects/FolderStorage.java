package io.millrace.objects;

import io.millrace.objects.ObjectStorageException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Buckets as folders: an object is the file `root/bucket/key`. A bucket is there when its folder
/// is. A key whose parts are not names of files (empty, `.`, `..`) is refused, so none leads out.
public final class FolderStorage implements ObjectStorage {
    private static final Pattern BUCKET = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");
    private static final String UNFINISHED = ".millrace-unfinished-";
    private static final Comparator<StoredObject> ORDER =
            (a, b) -> Arrays.compareUnsigned(bytes(a.key()), bytes(b.key()));

    private final Path root;

    public FolderStorage(Path root) {
        this.root = root;
    }

    @Override
    public void put(String bucket, String key, byte[] content) {
        Path file = file(bucket, key);
        try {
            Path folder = file.getParent();
            if (folder == null) {
                throw invalid(key);
            }
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, UNFINISHED, null);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) { // each write takes some
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(
                    unfinished,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sync(folder);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream get(String bucket, String key) {
        Path file = file(bucket, key);
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw ObjectStorageException.noSuchKey();
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<StoredObject> list(
            String bucket, String prefix, @Nullable String after, int countMax) {
        Path folder = bucket(bucket);
        List<StoredObject> objects = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String key = key(folder, file);
                if (key.startsWith(prefix) && isObject(file)) {
                    objects.add(new StoredObject(key, Files.size(file)));
                }
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
        return objects.stream()
                .sorted(ORDER)
                .filter(object ->
                        after == null
                                || Arrays.compareUnsigned(bytes(object.key()), bytes(after)) > 0)
                .limit(countMax)
                .toList();
    }

    private static boolean isObject(Path file) {
        return Files.isRegularFile(file)
                && !String.valueOf(file.getFileName()).startsWith(UNFINISHED);
    }

    private static String key(Path folder, Path file) {
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private Path bucket(String bucket) {
        Path folder = root.resolve(bucket);
        if (!BUCKET.matcher(bucket).matches() || !Files.isDirectory(folder)) {
            throw ObjectStorageException.noSuchBucket();
        }
        return folder;
    }

    private Path file(String bucket, String key) {
        Path file = bucket(bucket);
        for (String part : key.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.indexOf('\\') >= 0
                    || part.indexOf('\0') >= 0) {
                throw invalid(key);
            }
            file = file.resolve(part);
        }
        return file;
    }

    private static ObjectStorageException invalid(String key) {
        return new ObjectStorageException(
                Reason.INVALID_KEY, "a folder cannot hold an object with this key: " + key);
    }

    private static ObjectStorageException unavailable(IOException e) {
        return new ObjectStorageException(Reason.UNAVAILABLE, e.toString(), e);
    }
}

package io.millrace.objects;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;

/// Buckets of objects. Thread-safe.
public interface ObjectStorage {

    /// An object that is there.
    record StoredObject(String key, long sizeBytes) {}

    /// Refuses when nobody has configured a storage.
    ///
    /// @throws ObjectStorageException when it refuses
    default void requireConfigured() {}

    /// Puts an object whole, in the place of the one with its key.
    ///
    /// @throws ObjectStorageException when it cannot
    void put(String bucket, String key, byte[] content);

    /// Reads an object; the caller closes the stream. Reading throws `IOException` when the
    /// connection breaks.
    ///
    /// @throws ObjectStorageException when it cannot
    InputStream get(String bucket, String key);

    /// Objects in the order of their keys.
    ///
    /// @param prefix what their keys begin with
    /// @param after begins behind this key, when not null
    /// @throws ObjectStorageException when it cannot
    List<StoredObject> list(String bucket, String prefix, @Nullable String after, int countMax);
}

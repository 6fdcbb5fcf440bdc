package io.millrace.objects;

import io.millrace.objects.ObjectStorageException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;

/// Stands for the storage that nobody has configured: refuses everything and says what to do.
public final class NoStorage implements ObjectStorage {
    private static final String MESSAGE =
            "No object storage is configured: start Millrace with --s3 (or MILLRACE_S3) and a folder"
                    + " that holds a folder for each bucket, or the URL of an S3 endpoint";

    @Override
    public void requireConfigured() {
        throw refusal();
    }

    @Override
    public void put(String bucket, String key, byte[] content) {
        throw refusal();
    }

    @Override
    public InputStream get(String bucket, String key) {
        throw refusal();
    }

    @Override
    public List<StoredObject> list(
            String bucket, String prefix, @Nullable String after, int countMax) {
        throw refusal();
    }

    private static ObjectStorageException refusal() {
        return new ObjectStorageException(Reason.NOT_CONFIGURED, MESSAGE);
    }
}

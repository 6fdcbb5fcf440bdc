package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.objects.ObjectStorage;
import io.millrace.objects.ObjectStorage.StoredObject;
import io.millrace.objects.ObjectStorageException;
import io.millrace.objects.ObjectStorageException.Reason;
import io.millrace.service.dynamodb.ItemSource.Format;
import io.millrace.service.dynamodb.ItemSource.Found;
import io.millrace.service.dynamodb.ItemSource.Malformed;
import io.millrace.service.dynamodb.ItemSource.Read;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads the items of all objects under a prefix, in batches, from any place on.
///
/// The object that was read last is kept open, so that the next batch need not read it from its
/// beginning; that is a cache, which a crash loses. Not thread-safe.
final class ObjectWalk {
    private static final int BATCH_COUNT_MAX = 500;
    private static final int BATCH_BYTES_MAX = 512 * 1024;
    private static final int LIST_COUNT = 1000;

    /// Where the objects are.
    ///
    /// @param reader who reads, for the cache
    record Source(String reader, String bucket, String prefix) {}

    /// How far a walk came.
    ///
    /// @param object the one that is being read, or was read last; null at the beginning
    /// @param sizeBytes of the object
    /// @param readCount how many items of it have been read, or -1 when all have
    record Place(@Nullable String object, long sizeBytes, long readCount) {
        static final Place BEGIN = new Place(null, 0, -1);

        boolean betweenObjects() {
            return readCount < 0;
        }
    }

    /// @param endedBytes the size of the object, when it was read to its end
    /// @param next null when there is nothing more
    record Batch(String object, List<Read> items, long endedBytes, @Nullable Place next) {}

    private record Open(Source source, String object, long readCount, ItemSource items) {}

    private record Listed(Source source, List<StoredObject> objects) {}

    private final ObjectStorage objects;
    private @Nullable Open open;
    private @Nullable Listed listed;

    ObjectWalk(ObjectStorage objects) {
        this.objects = objects;
    }

    /// @throws ObjectStorageException when the storage fails, or there is no object
    Batch read(Source source, Place place, Format format) {
        if (!place.betweenObjects()) {
            return read(source, place, String.valueOf(place.object()), format);
        }
        StoredObject object = following(source, place.object());
        if (object == null && place.object() == null) {
            throw new ObjectStorageException(
                    Reason.NO_SUCH_KEY,
                    "No object in the bucket has a key with the prefix: " + source.prefix());
        }
        if (object == null) {
            return new Batch("", List.of(), 0, null);
        }
        return read(source, new Place(object.key(), object.sizeBytes(), 0), object.key(), format);
    }

    /// The first object behind a key, or null.
    private @Nullable StoredObject following(Source source, @Nullable String after) {
        Listed known = listed;
        if (known != null && known.source().equals(source) && after != null) {
            List<StoredObject> page = known.objects();
            for (int i = 0; i + 1 < page.size(); i++) {
                if (page.get(i).key().equals(after)) {
                    return page.get(i + 1);
                }
            }
        }
        String from = after;
        while (true) { // ends with an object, or the last page
            List<StoredObject> page =
                    objects.list(source.bucket(), source.prefix(), from, LIST_COUNT);
            List<StoredObject> found = page.stream().filter(ObjectWalk::isSource).toList();
            if (!found.isEmpty()) {
                listed = new Listed(source, found);
                return found.getFirst();
            }
            if (page.size() < LIST_COUNT) {
                return null;
            }
            from = page.getLast().key();
        }
    }

    /// Not what stands for a folder, or says that an export has begun.
    private static boolean isSource(StoredObject object) {
        return object.sizeBytes() > 0 && !object.key().endsWith("/");
    }

    private Batch read(Source source, Place place, String object, Format format) {
        List<Read> items = new ArrayList<>();
        boolean ended = false;
        try {
            ItemSource from = opened(source, object, place.readCount(), format);
            int bytes = 0;
            while (items.size() < BATCH_COUNT_MAX && bytes < BATCH_BYTES_MAX && !ended) {
                Read read = from.next();
                if (read == null) {
                    ended = true;
                } else {
                    items.add(read);
                    bytes += read instanceof Found(var item) ? size(item) : 0;
                }
            }
            if (!ended) {
                open = new Open(source, object, place.readCount() + items.size(), from);
            } else {
                from.close();
            }
        } catch (IOException e) { // the storage's own come as ObjectStorageException
            closeOpen();
            items.add(new Malformed("The object cannot be read: " + e.getMessage()));
            ended = true;
        }
        Place next =
                new Place(object, place.sizeBytes(), ended ? -1 : place.readCount() + items.size());
        return new Batch(object, items, ended ? place.sizeBytes() : 0, next);
    }

    /// About how large an item is that nobody has checked yet.
    private static int size(Map<String, AttributeValue> map) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> entry : map.entrySet()) {
            size += entry.getKey().length() + size(entry.getValue());
        }
        return size;
    }

    private static int size(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) -> text.length();
            case AttributeValue.N(String text) -> text.length();
            case AttributeValue.B(byte[] bytes) -> bytes.length;
            case AttributeValue.Bool _, AttributeValue.Null _ -> 1;
            case AttributeValue.SS(var texts) -> texts.stream().mapToInt(String::length).sum();
            case AttributeValue.NS(var texts) -> texts.stream().mapToInt(String::length).sum();
            case AttributeValue.BS(var binaries) ->
                    binaries.stream().mapToInt(bytes -> bytes.length).sum();
            case AttributeValue.M(var map) -> size(map);
            case AttributeValue.L(var list) -> list.stream().mapToInt(ObjectWalk::size).sum();
        };
    }

    /// The object, its first items read.
    private ItemSource opened(Source source, String object, long readCount, Format format)
            throws IOException {
        Open known = open;
        open = null;
        if (known != null) {
            if (known.source().equals(source)
                    && known.object().equals(object)
                    && known.readCount() == readCount) {
                return known.items();
            }
            known.items().close();
        }
        ItemSource items =
                ItemSource.open(new Guarded(objects.get(source.bucket(), object)), format);
        for (long i = 0; i < readCount; i++) {
            items.next();
        }
        return items;
    }

    private void closeOpen() {
        Open known = open;
        open = null;
        if (known != null) {
            try {
                known.items().close();
            } catch (IOException e) {
                throw new ObjectStorageException(Reason.UNAVAILABLE, e.toString(), e);
            }
        }
    }

    /// Tells a storage that breaks off from an object that is malformed.
    private static final class Guarded extends FilterInputStream {

        Guarded(InputStream in) {
            super(in);
        }

        @Override
        public int read() {
            try {
                return in.read();
            } catch (IOException e) {
                throw new ObjectStorageException(Reason.UNAVAILABLE, e.toString(), e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw new ObjectStorageException(Reason.UNAVAILABLE, e.toString(), e);
            }
        }
    }
}

package io.millrace.storage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import java.util.Arrays;

/// Encodes a resource's record as JSON for the store. Members can be added (absent is null) and
/// removed (unknown is ignored) without a migration; a member never changes its meaning.
///
/// Decoding the same bytes again returns the same instance from a small cache, so that a resource
/// may be read from the store in every request. What is longer than a definition, such as a
/// message, is read once and not kept, so that the caches stay small. Thread-safe.
public final class ResourceCodec<T extends Record> {

    private static final int CACHE_SLOTS = 1024;
    private static final int CACHED_BYTES_MAX = 4096;

    /// Made when the first resource is encoded or decoded, as each codec's reader and writer are:
    /// reflection on dozens of records was a third of a start.
    private static final class Json {
        static final ObjectMapper MAPPER =
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .build();
    }

    private record Decoded<T>(byte[] bytes, T value) {}

    private final Class<T> type;
    private volatile @Nullable ObjectReader reader; // a race makes two, which are alike
    private volatile @Nullable ObjectWriter writer;
    private final @Nullable Decoded<T>[] cache;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public ResourceCodec(Class<T> type) {
        this.type = type;
        this.cache = new Decoded[CACHE_SLOTS];
    }

    public byte[] encode(T resource) {
        return writer().writeValueAsBytes(resource);
    }

    /// As [#encode], for somebody who will decode it in a moment: that finds this very instance.
    public byte[] encodeToBeRead(T resource) {
        byte[] bytes = encode(resource);
        if (bytes.length <= CACHED_BYTES_MAX) {
            cache[slot(bytes)] = new Decoded<>(bytes, resource);
        }
        return bytes;
    }

    /// The resource that was encoded.
    ///
    /// @throws UnreadableException when the bytes are none
    public T decode(byte[] bytes) {
        if (bytes.length > CACHED_BYTES_MAX) {
            return read(bytes);
        }
        int slot = slot(bytes);
        Decoded<T> decoded = cache[slot]; // a race costs a decoding, nothing else: Decoded is final
        if (decoded == null || !Arrays.equals(decoded.bytes, bytes)) {
            decoded = new Decoded<>(bytes, read(bytes));
            cache[slot] = decoded;
        }
        return decoded.value;
    }

    /// Null for null.
    public @Nullable T decodeOrNull(byte @Nullable [] bytes) {
        return bytes == null ? null : decode(bytes);
    }

    private static int slot(byte[] bytes) {
        return Arrays.hashCode(bytes) & CACHE_SLOTS - 1;
    }

    private T read(byte[] bytes) {
        try {
            return reader().<T>readValue(bytes);
        } catch (JacksonException e) {
            throw new UnreadableException("a stored " + type.getSimpleName() + " is none", e);
        }
    }

    private ObjectReader reader() {
        ObjectReader made = reader;
        if (made == null) {
            made = Json.MAPPER.readerFor(type);
            reader = made;
        }
        return made;
    }

    private ObjectWriter writer() {
        ObjectWriter made = writer;
        if (made == null) {
            made = Json.MAPPER.writerFor(type);
            writer = made;
        }
        return made;
    }
}

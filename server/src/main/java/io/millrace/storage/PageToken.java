package io.millrace.storage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/// Where a listing goes on: the rest of a key behind the listing's prefix, and a checksum of both,
/// by which a token of another listing, or one that nobody made, is told. It guards against
/// mistakes only: a listing shows nothing that its caller may not see, whatever the token.
public final class PageToken {
    private static final byte[] NO_PREFIX = {};

    private PageToken() {}

    /// The token of a key, or of a name, that any listing may be asked to go on behind.
    public static String of(byte[] key) {
        return of(NO_PREFIX, key);
    }

    /// What [#of] was given; null when the token is none.
    public static byte @Nullable [] key(String token) {
        return key(NO_PREFIX, token);
    }

    /// The token that leads to a key.
    ///
    /// @param key that begins with `prefix`
    public static String of(byte[] prefix, byte[] key) {
        int restLength = key.length - prefix.length;
        ByteBuffer token = ByteBuffer.allocate(restLength + Integer.BYTES);
        token.put(key, prefix.length, restLength).putInt(checksum(key, prefix.length));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /// The whole key; null when the token is none of this listing.
    public static byte @Nullable [] key(byte[] prefix, String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException _) {
            return null;
        }
        int restLength = bytes.length - Integer.BYTES;
        if (restLength < 0) {
            return null;
        }
        byte[] key = Arrays.copyOf(prefix, prefix.length + restLength);
        System.arraycopy(bytes, 0, key, prefix.length, restLength);
        boolean ours = checksum(key, prefix.length) == ByteBuffer.wrap(bytes).getInt(restLength);
        return ours ? key : null;
    }

    /// Of where the key is divided, too.
    private static int checksum(byte[] key, int prefixLength) {
        CRC32 crc = new CRC32();
        crc.update(key);
        crc.update(prefixLength);
        return (int) crc.getValue();
    }
}

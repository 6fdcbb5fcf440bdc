package io.millrace.service.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/// One page of a list that is in order of names. The token tells the last name of the page before.
final class Page<T> {
    private final int limit;
    private final List<T> items = new ArrayList<>();
    private String last = "";
    private boolean more;

    Page(@Nullable Integer limit) {
        this.limit = limit == null ? EventsLimits.PAGE_SIZE : limit;
    }

    /// The name after which a page begins, or null at the start.
    static @Nullable String after(@Nullable String token) {
        if (token == null) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            String name =
                    new String(bytes, Math.min(Integer.BYTES, bytes.length), length(bytes), UTF_8);
            if (token(name).equals(token)) {
                return name;
            }
        } catch (IllegalArgumentException _) { // refused below
        }
        throw EventsErrors.validation("Parameter NextToken is not valid.");
    }

    private static int length(byte[] bytes) {
        return Math.max(0, bytes.length - Integer.BYTES);
    }

    /// Begins with a checksum, so that what is no token of ours is refused.
    private static String token(String name) {
        byte[] utf8 = name.getBytes(UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(utf8);
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES + utf8.length)
                        .putInt((int) checksum.getValue())
                        .put(utf8)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// As [#after], with the empty string at the start.
    static String afterOrStart(@Nullable String token) {
        String after = after(token);
        return after == null ? "" : after;
    }

    /// False when the page is full, and the item is not on it.
    boolean add(String name, T item) {
        if (items.size() == limit) {
            more = true;
            return false;
        }
        items.add(item);
        last = name;
        return true;
    }

    List<T> items() {
        return items;
    }

    @Nullable String nextToken() {
        return more ? token(last) : null;
    }
}

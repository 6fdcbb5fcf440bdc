package io.millrace.service.logs;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// One page of a list that is in some order. The token tells the last key of the page before.
final class Page<T> {
    private final int limit;
    private final List<T> items = new ArrayList<>();
    private String last = "";
    private boolean more;

    Page(@Nullable Integer limit) {
        this.limit = limit == null ? LogsLimits.DESCRIBED_MAX : limit;
    }

    /// The key after which a page begins, or null at the start.
    static @Nullable String after(@Nullable String token) {
        if (token == null) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw LogsErrors.invalidToken();
        }
    }

    /// False when the page is full, and the item is not on it.
    boolean add(String key, T item) {
        if (items.size() == limit) {
            more = true;
            return false;
        }
        items.add(item);
        last = key;
        return true;
    }

    List<T> items() {
        return items;
    }

    @Nullable String nextToken() {
        return more
                ? Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(last.getBytes(StandardCharsets.UTF_8))
                : null;
    }
}

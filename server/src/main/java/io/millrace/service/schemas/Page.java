package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// One page of a list that is in an order. The token tells the last item of the page before.
final class Page<T> {
    private final int limit;
    private final List<T> items = new ArrayList<>();
    private String last = "";
    private boolean more;

    /// @param limit as the request has it
    Page(@Nullable Integer limit) {
        if (limit != null && limit < 1) {
            throw SchemasErrors.badRequest("Limit must be greater than 0.");
        }
        this.limit =
                limit == null ? SchemasLimits.PAGE_SIZE : Math.min(limit, SchemasLimits.PAGE_SIZE);
    }

    /// The item after which a page begins; empty at the start.
    static String after(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return "";
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw SchemasErrors.badRequest("NextToken is not valid.");
        }
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

    /// Ends the page here although there may be more.
    void end(String name) {
        last = name;
        more = true;
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

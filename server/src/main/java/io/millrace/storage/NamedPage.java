package io.millrace.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// One page of a list that is in an order of names. The token tells the last name of the page
/// before, so that what comes and goes between two pages is neither skipped nor shown twice.
public class NamedPage<T> {
    private final int limit;
    private final List<T> items = new ArrayList<>();
    private String last = "";
    private boolean more;

    protected NamedPage(int limit) {
        this.limit = limit;
    }

    /// The name after which a page begins; null at the start.
    ///
    /// @param refusal of what is no token
    protected static @Nullable String after(
            @Nullable String token, Supplier<? extends RuntimeException> refusal) {
        if (token == null) {
            return null;
        }
        byte[] name = PageToken.key(token);
        if (name == null) {
            throw refusal.get();
        }
        return new String(name, UTF_8);
    }

    /// False when the page is full, and the item is not on it.
    public final boolean add(String name, T item) {
        if (items.size() == limit) {
            more = true;
            return false;
        }
        items.add(item);
        last = name;
        return true;
    }

    /// Ends the page here although there may be more.
    public final void end(String name) {
        last = name;
        more = true;
    }

    public final List<T> items() {
        return items;
    }

    public final @Nullable String nextToken() {
        return more ? PageToken.of(last.getBytes(UTF_8)) : null;
    }
}

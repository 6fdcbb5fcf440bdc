package io.millrace.service.scheduler;

import io.millrace.engine.Bytes;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One page of a list in the order of keys. The token tells the key behind which the next begins.
final class ListPage<T> {
    private final int limit;
    private final List<T> items = new ArrayList<>();
    private byte @Nullable [] last;
    private boolean more;
    private int looks;

    ListPage(@Nullable Integer limit) {
        this.limit = limit == null ? SchedulerLimits.PAGE_SIZE : limit;
    }

    /// The key at which a page begins: right behind that of the token, or at the start of `all`.
    static byte[] from(@Nullable String token, byte[] all) {
        if (token == null) {
            return all;
        }
        byte[] key = PageToken.key(token);
        if (key == null || !Bytes.startsWith(key, all)) {
            throw SchedulerErrors.validation("Invalid NextToken.");
        }
        return Bytes.after(key);
    }

    /// Looks at one more entry; false when the page has ended before it.
    boolean look(byte[] key) {
        if (items.size() == limit || looks == SchedulerLimits.LOOKS_PER_PAGE) {
            more = true;
            return false;
        }
        looks++;
        last = key;
        return true;
    }

    /// Whether [#look] has found more than fits.
    boolean isEnded() {
        return more;
    }

    void add(T item) {
        items.add(item);
    }

    List<T> items() {
        return items;
    }

    @Nullable String nextToken() {
        return more && last != null ? PageToken.of(last) : null;
    }
}

package io.millrace.service.scheduler;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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
        try {
            byte[] key = Base64.getUrlDecoder().decode(token);
            byte[] from = Arrays.copyOf(key, key.length + 1);
            boolean within =
                    from.length > all.length
                            && Arrays.equals(from, 0, all.length, all, 0, all.length);
            if (within) {
                return from;
            }
        } catch (IllegalArgumentException _) {
            // refused below
        }
        throw SchedulerErrors.validation("Invalid NextToken.");
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
        return more && last != null
                ? Base64.getUrlEncoder().withoutPadding().encodeToString(last)
                : null;
    }
}

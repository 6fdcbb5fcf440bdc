package io.millrace.service.kms;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// One page of a list, in the order of keys. The marker tells the key behind which the next begins.
final class MarkerPage<T> {
    private final int limit;
    private final byte @Nullable [] after;
    private final List<T> items = new ArrayList<>();
    private byte @Nullable [] last;
    private boolean more;
    private int looks;

    MarkerPage(@Nullable Integer limit, int standard, @Nullable String marker) {
        this.limit = limit == null ? standard : limit;
        this.after = decode(marker);
    }

    /// Fills the page from a range of the store.
    ///
    /// @param shape of an entry; empty for one that does not belong into the list
    MarkerPage<T> read(Snapshot snapshot, byte[] prefix, Function<Cursor, Optional<T>> shape) {
        byte[] start = after;
        byte[] from = prefix;
        if (start != null) {
            if (!Bytes.startsWith(start, prefix)) {
                throw KmsErrors.invalidMarker();
            }
            from = Bytes.after(start);
        }
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(prefix), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) { // ends with the page
                if (items.size() == limit || looks == KmsLimits.LOOKS_PER_PAGE) {
                    more = true;
                    return this;
                }
                looks++;
                last = cursor.key();
                shape.apply(cursor).ifPresent(items::add);
            }
        }
        return this;
    }

    /// Takes the next of entries that come in the order of their names, if it is within the page.
    void offer(String name, Supplier<T> shape) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        if (after != null && Arrays.compareUnsigned(key, after) <= 0) {
            return;
        }
        if (items.size() == limit) {
            more = true;
            return;
        }
        last = key;
        items.add(shape.get());
    }

    /// The name behind which the page begins, of a list that is filled by [#offer]; null for the
    /// first page.
    @Nullable String afterName() {
        return after == null ? null : new String(after, StandardCharsets.UTF_8);
    }

    List<T> items() {
        return items;
    }

    boolean truncated() {
        return more;
    }

    @Nullable String nextMarker() {
        return more && last != null ? PageToken.of(last) : null;
    }

    private static byte @Nullable [] decode(@Nullable String marker) {
        if (marker == null) {
            return null;
        }
        byte[] last = PageToken.key(marker);
        if (last == null) {
            throw KmsErrors.invalidMarker();
        }
        return last;
    }
}

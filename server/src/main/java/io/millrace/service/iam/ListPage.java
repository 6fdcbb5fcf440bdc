package io.millrace.service.iam;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// One page of a list. The marker tells behind what the next page begins.
///
/// @param marker null on the last page
record ListPage<T>(List<T> items, @Nullable String marker) {

    boolean isTruncated() {
        return marker != null;
    }

    /// A page of what is stored under a prefix.
    ///
    /// @param marker of the page before; null for the first
    /// @param item what an entry stands for; null for what is not wanted
    static <T> ListPage<T> of(
            Snapshot snapshot,
            byte[] all,
            @Nullable String marker,
            @Nullable Integer maxItems,
            Function<Cursor, @Nullable T> item) {
        List<T> items = new ArrayList<>();
        byte[] last = null;
        byte[] from = all;
        if (marker != null) {
            from = Bytes.after(decode(marker));
            if (!Bytes.startsWith(from, all)) {
                throw invalidMarker();
            }
        }
        int looks = 0;
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) { // ends with the page
                if (items.size() == size(maxItems) || looks == IamLimits.LOOKS_PER_PAGE) {
                    return new ListPage<>(items, last == null ? null : PageToken.of(last));
                }
                looks++;
                last = cursor.key();
                T found = item.apply(cursor);
                if (found != null) {
                    items.add(found);
                }
            }
        }
        return new ListPage<>(items, null);
    }

    /// A page of a list in memory, in the order of its items' keys, which differ.
    static <T> ListPage<T> of(
            List<T> all,
            Function<T, String> key,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        String after = marker == null ? null : new String(decode(marker), StandardCharsets.UTF_8);
        List<T> rest =
                all.stream()
                        .filter(each -> after == null || key.apply(each).compareTo(after) > 0)
                        .sorted(Comparator.comparing(key))
                        .toList();
        int size = size(maxItems);
        if (rest.size() <= size) {
            return new ListPage<>(rest, null);
        }
        List<T> items = rest.subList(0, size);
        String last = key.apply(items.getLast());
        return new ListPage<>(items, PageToken.of(last.getBytes(StandardCharsets.UTF_8)));
    }

    private static int size(@Nullable Integer maxItems) {
        return maxItems == null ? IamLimits.PAGE_SIZE : maxItems;
    }

    private static byte[] decode(String marker) {
        byte[] last = PageToken.key(marker);
        if (last == null) {
            throw invalidMarker();
        }
        return last;
    }

    private static RuntimeException invalidMarker() {
        return IamErrors.validation("Invalid Marker.");
    }
}

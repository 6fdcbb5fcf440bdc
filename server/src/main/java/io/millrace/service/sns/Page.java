package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A page of a listing. Its token is the last key that was read, so that what comes and goes
/// between two pages is neither skipped nor shown twice.
record Page<T>(List<T> items, @Nullable String nextToken) {

    /// How an entry is shown.
    interface Item<T> {
        T of(byte[] key, byte[] value);
    }

    static <T> Page<T> read(
            Snapshot snapshot, byte[] prefix, @Nullable String token, Item<T> item) {
        return read(snapshot, prefix, token, SnsLimits.PAGE_ITEMS, item);
    }

    static <T> Page<T> read(
            Snapshot snapshot, byte[] prefix, @Nullable String token, int countMax, Item<T> item) {
        List<T> items = new ArrayList<>();
        byte[] from = token == null || token.isEmpty() ? prefix : after(prefix, token);
        byte[] last = prefix;
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(prefix), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (items.size() == countMax) {
                    return new Page<>(items, PageToken.of(prefix, last));
                }
                last = cursor.key();
                items.add(item.of(last, cursor.value()));
            }
        }
        return new Page<>(items, null);
    }

    private static byte[] after(byte[] prefix, String token) {
        byte[] key = PageToken.key(prefix, token);
        if (key == null) {
            throw SnsErrors.invalidParameter("NextToken");
        }
        return Bytes.after(key);
    }
}

package io.millrace.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Keys and values as text, to keep tests readable.
final class Entries {

    private Entries() {}

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static @Nullable String get(Snapshot snapshot, String key) {
        byte[] value = snapshot.get(bytes(key));
        return value == null ? null : new String(value, UTF_8);
    }

    static @Nullable String get(Store store, String key) {
        return store.<@Nullable String>read(snapshot -> get(snapshot, key));
    }

    static void put(Transaction tx, String key, String value) {
        tx.put(bytes(key), bytes(value));
    }

    static void put(Store store, String key, String value) {
        store.write(tx -> {
            put(tx, key, value);
            return key;
        });
    }

    static long counter(Store store, String key) {
        return store.read(snapshot -> Bytes.counter(snapshot.get(bytes(key))));
    }

    /// The entries of a range as `key=value`.
    static List<String> range(
            Snapshot snapshot, String from, String to, Snapshot.Direction direction) {
        List<String> entries = new ArrayList<>();
        try (Cursor cursor = snapshot.range(bytes(from), bytes(to), direction)) {
            while (cursor.next()) {
                entries.add(text(cursor));
            }
        }
        return entries;
    }

    static List<String> all(Snapshot snapshot) {
        return range(snapshot, "", "~", Snapshot.Direction.FORWARD);
    }

    static List<String> all(Store store) {
        return store.read(Entries::all);
    }

    static String text(Cursor cursor) {
        return new String(cursor.key(), UTF_8) + "=" + new String(cursor.value(), UTF_8);
    }
}

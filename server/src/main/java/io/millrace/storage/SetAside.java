package io.millrace.storage;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Which entries of work no worker touches, since they cannot be read. They stay where they are,
/// and hold up nothing that comes after them; at the next start, which may be that of a version
/// that can read them, each is tried again.
public final class SetAside {
    private static final Log LOG = Log.of(SetAside.class);

    /// What is set aside, and why.
    ///
    /// @param key of what is set aside
    public record Entry(byte[] key, String reason) {

        /// The key as the log tells it.
        public String hex() {
            return HexFormat.of().formatHex(key);
        }
    }

    private SetAside() {}

    /// Sets an entry aside, and says so once.
    public static void put(Store store, byte[] key, UnreadableException reason) {
        Entry entry = new Entry(key, String.valueOf(reason.getMessage()));
        store.<Boolean>write(tx -> {
            tx.put(StorageKeys.setAside(key), entry.reason.getBytes(StandardCharsets.UTF_8));
            return true;
        });
        LOG.error(
                "An entry is set aside until the next start: it cannot be read",
                reason,
                "key",
                entry.hex());
    }

    public static boolean contains(Snapshot snapshot, byte[] key) {
        return snapshot.get(StorageKeys.setAside(key)) != null;
    }

    /// The next key that is not set aside; null when there is none.
    public static byte @Nullable [] next(Snapshot snapshot, Cursor cursor) {
        while (cursor.next()) {
            byte[] key = cursor.key();
            if (!contains(snapshot, key)) {
                return key;
            }
        }
        return null;
    }

    /// Lets all be tried again.
    public static void forget(Store store) {
        if (store.<Boolean>read(SetAside::isAny)) {
            store.<Boolean>write(tx -> {
                byte[] from = StorageKeys.setAside();
                tx.deleteRange(from, Bytes.prefixEnd(from));
                return true;
            });
        }
    }

    /// Those that are there still, in the order of their keys.
    public static List<Entry> page(Snapshot snapshot, int countMax) {
        List<Entry> entries = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(StorageKeys.setAside())) {
            while (entries.size() < countMax && cursor.next()) {
                byte[] key = StorageKeys.readSetAside(cursor.key());
                if (snapshot.get(key) != null) {
                    entries.add(new Entry(key, new String(cursor.value(), StandardCharsets.UTF_8)));
                }
            }
        }
        return entries;
    }

    private static boolean isAny(Snapshot snapshot) {
        try (Cursor cursor = snapshot.prefix(StorageKeys.setAside())) {
            return cursor.next();
        }
    }
}

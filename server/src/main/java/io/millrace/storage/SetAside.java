package io.millrace.storage;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/// Which entries of work no worker touches, since they cannot be read. They stay where they are,
/// and hold up nothing that comes after them; at the next start, which may be that of a version
/// that can read them, each is tried again. So is one at once that is written anew: it may be
/// another under the same key, or be cancelled.
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
        put(store, key, null, reason);
    }

    /// As [#put(Store, byte[], UnreadableException)], unless it was written anew meanwhile.
    ///
    /// @param read what could not be read; null for what is there
    public static void put(
            Store store, byte[] key, byte @Nullable [] read, UnreadableException reason) {
        Entry entry = new Entry(key, String.valueOf(reason.getMessage()));
        byte[] why = entry.reason.getBytes(StandardCharsets.UTF_8);
        boolean isSetAside =
                store.<Boolean>write(tx -> {
                    byte[] value = tx.get(key);
                    if (value == null || (read != null && !Arrays.equals(read, value))) {
                        return false; // it is gone, or another
                    }
                    ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES + why.length);
                    mark.putInt(checksum(value)).put(why);
                    tx.put(StorageKeys.setAside(key), mark.array());
                    return true;
                });
        if (isSetAside) {
            LOG.error(
                    "An entry is set aside until the next start: it cannot be read",
                    reason,
                    "key",
                    entry.hex());
        }
    }

    public static boolean contains(Snapshot snapshot, byte[] key) {
        byte[] mark = snapshot.get(StorageKeys.setAside(key));
        byte[] value = mark == null ? null : snapshot.get(key);
        return mark != null && value != null && isOf(mark, value);
    }

    /// The next key that is not set aside; null when there is none.
    public static byte @Nullable [] next(Snapshot snapshot, Cursor cursor) {
        while (cursor.next()) {
            byte[] key = cursor.key();
            byte[] mark = snapshot.get(StorageKeys.setAside(key));
            if (mark == null || !isOf(mark, cursor.value())) {
                return key;
            }
        }
        return null;
    }

    /// Whether this was set aside, and not another entry with its key before it.
    private static boolean isOf(byte[] mark, byte[] value) {
        return ByteBuffer.wrap(mark).getInt() == checksum(value);
    }

    private static int checksum(byte[] value) {
        CRC32 crc = new CRC32();
        crc.update(value);
        return (int) crc.getValue();
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
                if (contains(snapshot, key)) {
                    byte[] mark = cursor.value();
                    int length = mark.length - Integer.BYTES;
                    String why = new String(mark, Integer.BYTES, length, StandardCharsets.UTF_8);
                    entries.add(new Entry(key, why));
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

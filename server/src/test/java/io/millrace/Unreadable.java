package io.millrace;

import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.storage.SetAside;

import java.util.List;

/// Makes entries of work unreadable, as a newer version's are.
public final class Unreadable {
    private Unreadable() {}

    /// Writes something else under the first key with a prefix.
    public static byte[] first(Store store, byte[] prefix) {
        return store.write(tx -> {
            try (Cursor cursor = tx.prefix(prefix)) {
                if (!cursor.next()) {
                    throw new IllegalStateException("nothing is there");
                }
                byte[] key = cursor.key();
                tx.put(key, new byte[] {'?'});
                return key;
            }
        });
    }

    /// The keys that were set aside.
    public static List<byte[]> setAside(Store store) {
        return store.read(tx -> SetAside.page(tx, 10)).stream().map(SetAside.Entry::key).toList();
    }
}

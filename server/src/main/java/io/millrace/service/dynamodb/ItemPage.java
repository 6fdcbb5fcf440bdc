package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Items of one space in the order of their keys.
///
/// @param next where to read on, or null when there is nothing more
@SuppressWarnings("ArrayRecordComponent") // never compared
record ItemPage(List<Entry> entries, byte @Nullable [] next) {

    /// @param rest the key behind the space
    /// @param value empty for an item that was not there
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] rest, byte[] value) {

        boolean absent() {
            return value.length == 0;
        }

        StoredItem item() {
            return StoredItem.read(value);
        }
    }

    private static final int BYTES_MAX = 512 * 1024;
    private static final int COUNT_MAX = 2_000;

    /// @param from where an earlier page ended, or null to begin
    static ItemPage read(Snapshot tx, long space, byte @Nullable [] from) {
        byte[] begin = DynamoDbKeys.item(space, Bytes.EMPTY);
        byte[] key = from == null ? begin : DynamoDbKeys.item(space, from);
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        try (Cursor cursor = tx.range(key, Bytes.prefixEnd(begin), Direction.FORWARD)) {
            while (cursor.next()) {
                Entry entry = new Entry(DynamoDbKeys.behindSpace(cursor.key()), cursor.value());
                if (bytes >= BYTES_MAX || entries.size() == COUNT_MAX) {
                    return new ItemPage(entries, entry.rest());
                }
                entries.add(entry);
                bytes += entry.rest().length + entry.value().length;
            }
        }
        return new ItemPage(entries, null);
    }
}

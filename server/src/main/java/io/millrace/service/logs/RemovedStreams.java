package io.millrace.service.logs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.Sweeper;

import org.jspecify.annotations.Nullable;

/// Removes the events of streams that were deleted, a page at a time, also after a restart. Nobody
/// is shown them meanwhile: their stream has no name any more.
final class RemovedStreams implements Sweeper.Pass {
    private final Store store;

    RemovedStreams(Store store) {
        this.store = store;
    }

    @Override
    public boolean sweep() {
        LogsKeys.@Nullable Removed removed = first();
        while (removed != null) { // ends: each turn removes events, or the stream's mark
            LogsKeys.Removed stream = removed;
            store.write(tx -> removePage(tx, stream));
            removed = first();
        }
        return false;
    }

    private LogsKeys.@Nullable Removed first() {
        return store.<LogsKeys.@Nullable Removed>read(snapshot -> {
            try (Cursor cursor = snapshot.prefix(LogsKeys.removed())) {
                return cursor.next() ? LogsKeys.readRemoved(cursor.key()) : null;
            }
        });
    }

    private static boolean removePage(Transaction tx, LogsKeys.Removed stream) {
        byte[] all = LogsKeys.byStream(stream.group(), stream.stream());
        long bytes = 0;
        int count = 0;
        try (Cursor cursor = tx.range(all, Bytes.prefixEnd(all), Direction.FORWARD)) {
            while (count < LogsLimits.REMOVED_PAGE && cursor.next()) {
                count++;
                byte[] key =
                        LogsKeys.event(stream.group(), LogsKeys.byStreamPosition(cursor.key()));
                byte[] value = tx.get(key);
                bytes += value == null ? 0 : StoredEvent.size(value);
                tx.delete(key);
                tx.delete(cursor.key());
            }
        }
        if (count == 0) {
            tx.delete(LogsKeys.removed(stream.group(), stream.stream()));
        } else {
            tx.add(LogsKeys.storedBytes(stream.group()), -bytes);
        }
        return true;
    }
}

package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.Sweeper;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Gives back the space of archived events that have had their time, and of replays.
final class ArchiveExpiry implements Sweeper.Pass {
    private static final int PAGE_KEYS = 64;

    private final Store store;
    private final InstantSource clock;
    private final Archives archives;
    private final Replays replays = new Replays();

    ArchiveExpiry(Store store, InstantSource clock, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.archives = archives;
    }

    @Override
    public boolean sweep() {
        removeReplays();
        boolean any = false;
        byte @Nullable [] from = ArchiveKeys.archives();
        while (from != null) { // ends with the last page
            byte[] start = from;
            List<byte[]> keys = store.read(snapshot -> keys(snapshot, start));
            for (byte[] key : keys) {
                any |= sweep(ArchiveKeys.archiveName(key));
            }
            from = keys.size() < PAGE_KEYS ? null : Bytes.after(keys.getLast());
        }
        return any;
    }

    /// Removes the replays that have ended long ago.
    private void removeReplays() {
        long now = clock.millis();
        byte @Nullable [] from = ArchiveKeys.replays();
        while (from != null) { // ends with the last page
            byte[] start = from;
            List<byte[]> keys = store.read(tx -> Replays.all(tx, start, PAGE_KEYS));
            for (byte[] key : keys) {
                ArchiveName name = ArchiveKeys.replayName(key);
                if (store.read(tx -> replays.find(tx, name, now)).isEmpty()) {
                    store.write(tx -> removeReplay(tx, name, now));
                }
            }
            from = keys.size() < PAGE_KEYS ? null : Bytes.after(keys.getLast());
        }
    }

    private boolean removeReplay(Transaction tx, ArchiveName name, long nowMillis) {
        boolean isOld = replays.find(tx, name, nowMillis).isEmpty();
        if (isOld) {
            tx.delete(ArchiveKeys.replay(name));
        }
        return isOld;
    }

    private static List<byte[]> keys(Snapshot snapshot, byte[] from) {
        List<byte[]> keys = new ArrayList<>();
        byte[] end = Bytes.prefixEnd(ArchiveKeys.archives());
        try (Cursor cursor = snapshot.range(from, end, Snapshot.Direction.FORWARD)) {
            while (keys.size() < PAGE_KEYS && cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    /// Whether anything in the archive will ever expire.
    private boolean sweep(ArchiveName name) {
        boolean more = true;
        while (more) { // ends with what has expired: each transaction removes some of it
            more =
                    store.write(tx ->
                            archives.find(tx, name)
                                    .map(found ->
                                            archives.events().expire(tx, found, clock.millis()))
                                    .orElse(false));
        }
        return store.read(snapshot -> archives.find(snapshot, name))
                .filter(archive -> archive.retentionDays() > 0)
                .isPresent();
    }
}

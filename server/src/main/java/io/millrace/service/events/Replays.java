package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.SetAside;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stored replays. One that has ended is shown for 90 days, as at AWS. Thread-safe.
final class Replays {
    private final ResourceCodec<StoredReplay> codec = new ResourceCodec<>(StoredReplay.class);

    Optional<StoredReplay> find(Snapshot snapshot, ArchiveName name, long nowMillis) {
        return Optional.ofNullable(codec.decodeOrNull(snapshot.get(ArchiveKeys.replay(name))))
                .filter(replay -> isShown(replay, nowMillis));
    }

    StoredReplay require(Snapshot snapshot, ArchiveName name, long nowMillis) {
        return find(snapshot, name, nowMillis)
                .orElseThrow(() -> EventsErrors.replayNotFound(name.name()));
    }

    StoredReplay decode(byte[] value) {
        return codec.decode(value);
    }

    static boolean isShown(StoredReplay replay, long nowMillis) {
        Long ended = replay.progress().endedMillis();
        return ended == null || ended > nowMillis - EventsLimits.REPLAY_KEPT.toMillis();
    }

    /// Writes how far a replay is.
    void put(Transaction transaction, ArchiveName name, StoredReplay replay) {
        transaction.put(ArchiveKeys.replay(name), codec.encode(replay));
        if (replay.state().hasEnded()) {
            transaction.delete(ArchiveKeys.activeReplay(name));
        }
    }

    /// Makes the worker look at a replay.
    void wake(Transaction transaction, ArchiveName name) {
        transaction.put(ArchiveKeys.activeReplay(name), Bytes.EMPTY);
    }

    int activeCount(Snapshot snapshot, String accountId, String region) {
        int count = 0;
        try (Cursor cursor = snapshot.prefix(ArchiveKeys.activeReplays(accountId, region))) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /// Some of those that go on, from a key on; none that is set aside.
    static List<byte[]> active(Snapshot snapshot, byte[] from, int max) {
        return keys(snapshot, from, ArchiveKeys.activeReplays(), max);
    }

    /// Some of all, from a key on.
    static List<byte[]> all(Snapshot snapshot, byte[] from, int max) {
        return keys(snapshot, from, ArchiveKeys.replays(), max);
    }

    private static List<byte[]> keys(Snapshot snapshot, byte[] from, byte[] prefix, int max) {
        List<byte[]> keys = new ArrayList<>();
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(prefix), Snapshot.Direction.FORWARD)) {
            while (keys.size() < max && SetAside.next(snapshot, cursor) != null) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }
}

package io.millrace.identity;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.Sweeper;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Temporary access keys. They are kept in the store: the gateway asks for whoever holds a key, and
/// a session ends with its principal. A day after it expired, a session is forgotten; until then
/// its key is told that it has expired. Thread-safe.
public final class Sessions implements AutoCloseable {
    private static final Duration SWEEP_PAUSE = Duration.ofHours(1);
    private static final Duration KEPT_EXPIRED = Duration.ofDays(1);
    private static final int SWEEP_PAGE = 1_000;

    private final Store store;
    private final InstantSource clock;
    private final ResourceCodec<StoredSession> codec = new ResourceCodec<>(StoredSession.class);
    private final Sweeper sweeper;
    private byte[] swept = IdentityKeys.sessions();

    public Sessions(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.sweeper =
                new Sweeper(
                        store,
                        "identity-sessions",
                        IdentityKeys.sessions(),
                        SWEEP_PAUSE,
                        this::sweep);
    }

    public void start() {
        sweeper.start();
    }

    public Optional<StoredSession> find(Snapshot snapshot, String accessKeyId) {
        return Optional.ofNullable(
                codec.decodeOrNull(snapshot.get(IdentityKeys.session(accessKeyId))));
    }

    /// Keeps one that is new; durable when this returns.
    public void put(StoredSession session) {
        byte[] value = codec.encode(session);
        store.write(transaction -> {
            transaction.put(IdentityKeys.session(session.accessKeyId()), value);
            return session;
        });
    }

    /// Removes what expired long ago, in pages; false when no session is left.
    boolean sweep() {
        swept = IdentityKeys.sessions();
        long before = clock.instant().minus(KEPT_EXPIRED).toEpochMilli();
        boolean any = false;
        boolean more = true;
        while (more) { // ends behind the last session
            List<byte[]> old = new ArrayList<>();
            int looked = store.<Integer>read(snapshot -> look(snapshot, before, old));
            if (!old.isEmpty()) {
                store.write(transaction -> {
                    old.forEach(transaction::delete);
                    return old;
                });
            }
            any |= looked > old.size();
            more = looked == SWEEP_PAGE;
        }
        return any;
    }

    private int look(Snapshot snapshot, long before, List<byte[]> old) {
        int looked = 0;
        byte[] end = Bytes.prefixEnd(IdentityKeys.sessions());
        try (Cursor cursor = snapshot.range(swept, end, Snapshot.Direction.FORWARD)) {
            while (looked < SWEEP_PAGE && cursor.next()) {
                looked++;
                swept = Bytes.after(cursor.key());
                if (codec.decode(cursor.value()).expiresMillis() < before) {
                    old.add(cursor.key());
                }
            }
        }
        return looked;
    }

    @Override
    public void close() {
        sweeper.close();
    }
}

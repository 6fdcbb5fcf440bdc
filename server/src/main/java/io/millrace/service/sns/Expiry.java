package io.millrace.service.sns;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

/// Clears away what has had its time: each entry that expires is listed by its expiry, and whoever
/// adds one clears a few old ones. An entry that was renewed under the same key stays.
final class Expiry {

    /// What every expiring value has.
    private record Expiring(long expiresMillis) {}

    private static final ResourceCodec<Expiring> EXPIRING = new ResourceCodec<>(Expiring.class);

    private Expiry() {}

    static void add(Transaction tx, long expiresMillis, byte[] key, long random) {
        tx.put(SnsKeys.expiry(expiresMillis, random), key);
    }

    static void clear(Transaction tx, long nowMillis) {
        int cleared = 0;
        try (Cursor cursor =
                tx.range(
                        SnsKeys.expiries(),
                        SnsKeys.expiriesUntil(nowMillis),
                        Snapshot.Direction.FORWARD)) {
            while (cleared < SnsLimits.EXPIRED_CLEARED && cursor.next()) {
                byte[] key = cursor.value();
                byte[] value = tx.get(key);
                if (value != null && EXPIRING.decode(value).expiresMillis <= nowMillis) {
                    tx.delete(key);
                    if (SnsKeys.isUnconfirmed(key)) {
                        Unconfirmed.expired(tx, value);
                    }
                }
                tx.delete(cursor.key());
                cleared++;
            }
        }
    }
}

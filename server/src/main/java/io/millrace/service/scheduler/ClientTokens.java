package io.millrace.service.scheduler;

import io.millrace.api.Shape;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What makes a repeated request the same request: its client token, remembered for
/// [SchedulerLimits#TOKEN_AGE]. Thread-safe.
final class ClientTokens {
    private static final int DIGEST_BYTES = 16;

    private final Store store;
    private final InstantSource clock;
    private byte @Nullable [] sweepFrom; // by the sweeper's thread only

    ClientTokens(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Remembers the request; false when it was already carried out.
    ///
    /// @throws io.millrace.wire.ServiceException `ConflictException` when its token was another's
    boolean isFirst(Transaction transaction, Caller caller, @Nullable String token, Shape request) {
        if (token == null) {
            return true;
        }
        String operation = request.schema().name();
        byte[] key = SchedulerKeys.token(GroupName.of(caller, null), operation, token);
        byte[] digest = digest(request);
        byte[] found = transaction.get(key);
        if (found != null && !isOld(found)) {
            if (!Arrays.equals(found, Long.BYTES, found.length, digest, 0, digest.length)) {
                throw SchedulerErrors.tokenReused();
            }
            return false;
        }
        byte[] value = new byte[Long.BYTES + digest.length];
        Bytes.writeLong(value, 0, clock.millis());
        System.arraycopy(digest, 0, value, Long.BYTES, digest.length);
        transaction.put(key, value);
        return true;
    }

    /// Removes what is old, all of it in pages. False when no token is left.
    boolean sweep() {
        boolean left = false;
        sweepFrom = SchedulerKeys.tokens();
        while (sweepFrom != null) { // ends behind the last token
            left |= sweepPage();
        }
        return left;
    }

    private boolean sweepPage() {
        byte[] from = sweepFrom == null ? SchedulerKeys.tokens() : sweepFrom;
        List<byte[]> old = new ArrayList<>();
        boolean left =
                store.read(snapshot -> {
                    old.clear();
                    return readPage(snapshot, from, old);
                });
        if (!old.isEmpty()) {
            store.write(tx -> {
                for (byte[] key : old) {
                    byte[] value = tx.get(key);
                    if (value != null && isOld(value)) {
                        tx.delete(key);
                    }
                }
                return old;
            });
        }
        return left;
    }

    private boolean readPage(Snapshot snapshot, byte[] from, List<byte[]> old) {
        boolean left = false;
        sweepFrom = null;
        byte[] end = Bytes.prefixEnd(SchedulerKeys.tokens());
        try (Cursor cursor = snapshot.range(from, end, Snapshot.Direction.FORWARD)) {
            for (int count = 0; cursor.next(); count++) {
                if (count == SchedulerLimits.TOKEN_PAGE) {
                    sweepFrom = cursor.key();
                    return left;
                }
                if (isOld(cursor.value())) {
                    old.add(cursor.key());
                } else {
                    left = true;
                }
            }
        }
        return left;
    }

    private boolean isOld(byte[] value) {
        long age = clock.millis() - Bytes.readLong(value, 0);
        return age > SchedulerLimits.TOKEN_AGE.toMillis();
    }

    private static byte[] digest(Shape request) {
        try {
            byte[] text = request.toString().getBytes(StandardCharsets.UTF_8);
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(text), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}

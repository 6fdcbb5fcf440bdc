package io.millrace.service.pipes;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Objects;

/// Which server runs which pipe.
///
/// A lease has no time at which it ends by itself, so an idle server writes nothing. Another server
/// that would take over asks the owner whether it lives, by a key that the owner watches; an owner
/// that leaves the question unanswered for [PipesLimits#ANSWER_MAX] has lost all its leases. What
/// makes this safe is not time but the token: every transaction of a pipe's run checks that the
/// lease is still the one it was taken with, so a server that was only slow can do nothing more
/// with a pipe that another has taken. A server that comes back under its name takes its own leases
/// up at once. Thread-safe.
final class Leases {

    /// @param token grows each time the lease is taken
    record Lease(String server, long token) {}

    /// The lease of a run is another's now: whatever the run was at is undone.
    static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException() {
            super("the lease is lost", null, false, false);
        }
    }

    private static final ResourceCodec<Lease> CODEC = new ResourceCodec<>(Lease.class);

    private final Store store;
    private final InstantSource clock;
    private final String server;

    /// @param server a name that no other server has; the same after a restart
    Leases(Store store, InstantSource clock, String server) {
        this.store = store;
        this.clock = clock;
        this.server = server;
    }

    /// Takes the lease of a pipe; null while another server has it, which is then asked whether it
    /// lives.
    @Nullable Lease take(long pipe) {
        return store.<@Nullable Lease>write(tx -> {
            byte[] key = PipesKeys.lease(pipe);
            Lease held = CODEC.decodeOrNull(tx.get(key));
            if (held != null && !held.server.equals(server) && !isDead(tx, held.server)) {
                return null;
            }
            Lease taken = new Lease(server, held == null ? 1 : held.token + 1);
            tx.put(key, CODEC.encode(taken));
            return taken;
        });
    }

    /// @throws LostException when the lease is no longer this one
    static void check(Snapshot tx, long pipe, Lease lease) {
        if (!Objects.equals(CODEC.decodeOrNull(tx.get(PipesKeys.lease(pipe))), lease)) {
            throw new LostException();
        }
    }

    /// Gives the lease back, if it is still this one.
    void release(long pipe, Lease lease) {
        store.<@Nullable Void>write(tx -> {
            byte[] key = PipesKeys.lease(pipe);
            if (lease.equals(CODEC.decodeOrNull(tx.get(key)))) {
                tx.delete(key);
            }
            return null;
        });
    }

    /// Where questions to this server appear.
    byte[] questions() {
        return PipesKeys.question(server);
    }

    /// Tells whoever asked that this server lives.
    void answer() {
        byte[] key = PipesKeys.question(server);
        if (store.read(tx -> askedMillis(tx, server)) != 0) {
            store.<@Nullable Void>write(tx -> {
                tx.put(key, new byte[Long.BYTES]);
                return null;
            });
        }
    }

    /// Asks, unless that was done; whether there was no answer for long enough.
    private boolean isDead(Transaction tx, String other) {
        long asked = askedMillis(tx, other);
        if (asked == 0) {
            byte[] value = new byte[Long.BYTES];
            Bytes.writeLong(value, 0, clock.millis());
            tx.put(PipesKeys.question(other), value);
            return false;
        }
        return clock.millis() - asked >= PipesLimits.ANSWER_MAX.toMillis();
    }

    private static long askedMillis(Snapshot tx, String other) {
        byte[] value = tx.get(PipesKeys.question(other));
        return value == null ? 0 : Bytes.readLong(value, 0);
    }
}

package io.millrace.service.kms;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.timer.Firing;
import io.millrace.timer.Timers;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What happens to keys by the clock: deletion, rotation, imported material that expires. A key has
/// one timer, for whatever comes next. Thread-safe.
final class KeyClock implements AutoCloseable {

    /// Does what is due to a key.
    @FunctionalInterface
    interface Deadlines {
        void meet(Transaction transaction, String arn, long nowMillis);
    }

    private final Timers timers;
    private volatile @Nullable Deadlines deadlines;

    KeyClock(Store store, InstantSource clock) {
        this.timers = new Timers(store, clock, Timers.Kind.KEY, this::fire);
    }

    /// Says who does what is due.
    void bind(Deadlines toMeet) {
        deadlines = toMeet;
    }

    void start() {
        timers.start();
    }

    void clockMoved() {
        timers.clockMoved();
    }

    /// For tests: does everything that is due, and tells how much.
    int fireDue() {
        return timers.fireDue();
    }

    @Override
    public void close() {
        timers.close();
    }

    /// Sets the key's timer to its next deadline, in place of the one it has.
    void set(Transaction tx, StoredKey key) {
        OptionalLong due = next(key);
        if (due.isPresent()) {
            timers.set(tx, key.arn(), due.getAsLong(), new byte[0]);
        } else {
            timers.cancel(tx, key.arn());
        }
    }

    /// Sets the key's timer to now: there is more to do.
    void again(Transaction tx, StoredKey key) {
        timers.set(tx, key.arn(), 0, new byte[0]);
    }

    void cancel(Transaction tx, StoredKey key) {
        timers.cancel(tx, key.arn());
    }

    private static OptionalLong next(StoredKey key) {
        StoredKey.Deletion deletion = key.deletion();
        StoredKey.Rotation rotation = key.rotation();
        Stream<Long> expiries =
                key.materials().stream()
                        .map(StoredMaterial::expiresMillis)
                        .filter(Objects::nonNull);
        LongStream.Builder times = LongStream.builder();
        if (deletion != null && deletion.dueMillis() > 0) {
            times.add(deletion.dueMillis());
        }
        if (rotation != null && key.state().equals("Enabled")) { // others wait until they are
            times.add(rotation.nextMillis());
        }
        return LongStream.concat(times.build(), expiries.mapToLong(Long::longValue)).min();
    }

    private void fire(Transaction tx, Firing firing) {
        Deadlines bound = deadlines;
        if (bound == null) {
            throw new IllegalStateException("nobody meets the deadlines");
        }
        bound.meet(tx, firing.owner(), firing.nowMillis());
    }
}

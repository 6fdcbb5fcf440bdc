package io.millrace.service.secretsmanager;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.timer.Firing;
import io.millrace.timer.Timers;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/// The timers of secrets: when one is deleted, and when one is rotated. Thread-safe.
final class SecretTimers implements AutoCloseable {
    private static final byte[] NO_STATE = {};
    private static final int PARTS = 5;

    private final Timers timers;
    private final Map<Purpose, Due> due = new EnumMap<>(Purpose.class);

    enum Purpose {
        DELETION,
        ROTATION
    }

    /// Does what is due for a secret, in the transaction that takes its timer away.
    @FunctionalInterface
    interface Due {

        /// The timer was set for the secret of that name with that suffix.
        void fire(Transaction tx, SecretName name, String suffix);
    }

    SecretTimers(Store store, InstantSource clock) {
        this.timers = new Timers(store, clock, Timers.Kind.SECRET, this::fire);
    }

    /// Says what to do; before [#start].
    void on(Purpose purpose, Due handler) {
        due.put(purpose, handler);
    }

    void set(Transaction tx, Purpose purpose, Secret secret, long dueMillis) {
        timers.set(tx, owner(purpose, secret), dueMillis, NO_STATE);
    }

    void cancel(Transaction tx, Purpose purpose, Secret secret) {
        timers.cancel(tx, owner(purpose, secret));
    }

    void start() {
        timers.start();
    }

    void clockMoved() {
        timers.clockMoved();
    }

    /// For tests: does all that is due, and tells how much that was.
    int fireDue() {
        return timers.fireDue();
    }

    @Override
    public void close() {
        timers.close();
    }

    private static String owner(Purpose purpose, Secret secret) {
        SecretName name = secret.name();
        return String.join(
                ":",
                purpose.name(),
                name.accountId(),
                name.region(),
                secret.own().suffix(),
                name.name());
    }

    private void fire(Transaction tx, Firing firing) {
        String[] parts = firing.owner().split(":", PARTS);
        Due handler = due.get(Purpose.valueOf(parts[0]));
        if (handler != null) {
            handler.fire(tx, new SecretName(parts[1], parts[2], parts[4]), parts[3]);
        }
    }
}

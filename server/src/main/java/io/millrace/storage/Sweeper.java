package io.millrace.storage;

import io.millrace.engine.Store;
import io.millrace.engine.Watch;

import java.time.Duration;

/// Removes what has expired, now and then: one virtual thread, parked between the passes. Readers
/// must not show what is too old, whether it is removed or not; this only gives the space back.
public final class Sweeper implements AutoCloseable {

    /// Removes something in small transactions.
    @FunctionalInterface
    public interface Pass {

        /// Does one pass. False when there is nothing left that will ever expire, so that the next
        /// can wait until something is written.
        boolean sweep();
    }

    private static final Duration PAUSE_IN_VAIN = Duration.ofDays(1);

    private final Store store;
    private final Duration pause;
    private final Pass pass;
    private final Worker worker;

    /// @param name of the thread
    /// @param watched the prefix of keys that are written when there is something to expire
    /// @param pause between passes
    public Sweeper(Store store, String name, byte[] watched, Duration pause, Pass pass) {
        this.store = store;
        this.pause = pause;
        this.pass = pass;
        this.worker = new Worker(store, name, watched, this::step);
    }

    public void start() {
        worker.start();
    }

    /// Waits until the pass that is under way, if any, has ended; a long one ends with the store.
    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch written) throws InterruptedException {
        if (pass.sweep()) {
            Worker.pause(store, pause); // however much is written
        } else {
            written.await(PAUSE_IN_VAIN);
        }
    }
}

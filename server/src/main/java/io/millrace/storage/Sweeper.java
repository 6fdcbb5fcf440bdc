package io.millrace.storage;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

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

    private static final Log LOG = Log.of(Sweeper.class);
    private static final Duration PAUSE_IN_VAIN = Duration.ofDays(1);

    private final Store store;
    private final String name;
    private final byte[] watched;
    private final Duration pause;
    private final Pass pass;
    private @Nullable Thread thread;

    /// @param name of the thread
    /// @param watched the prefix of keys that are written when there is something to expire
    /// @param pause between passes
    public Sweeper(Store store, String name, byte[] watched, Duration pause, Pass pass) {
        this.store = store;
        this.name = name;
        this.watched = watched.clone();
        this.pause = pause;
        this.pass = pass;
    }

    public void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /// Waits until the pass that is under way, if any, has ended.
    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException _) { // the caller wants out
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (Watch written = store.watch(watched);
                Watch never = store.watch(StorageKeys.never())) {
            while (!Thread.currentThread().isInterrupted()) { // until closed
                if (pass.sweep()) {
                    never.await(pause); // however much is written
                } else {
                    written.await(PAUSE_IN_VAIN);
                }
            }
        } catch (InterruptedException _) { // close() asks to end
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("A sweeper ended with the store", "name", name, "cause", e.getMessage());
        }
    }
}

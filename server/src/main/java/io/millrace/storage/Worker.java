package io.millrace.storage;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// One virtual thread that takes a step again and again, until it is closed or the store is. A step
/// that fails by our own fault is logged, and after a pause taken again: whatever else the worker
/// does must not wait for the next start of the server.
public final class Worker implements AutoCloseable {

    /// Some of the work.
    @FunctionalInterface
    public interface Step {

        /// Does what there is to do, and waits for more.
        ///
        /// @param changes under the prefix that is watched, since the worker began
        void take(Watch changes) throws InterruptedException;
    }

    /// How long a worker rests after a step that failed.
    public static final Duration FAULT_PAUSE = Duration.ofSeconds(10);

    private static final Log LOG = Log.of(Worker.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Store store;
    private final String name;
    private final byte[] watched;
    private final Step step;
    private final Duration faultPause;
    private @Nullable Thread thread;

    /// @param name of the thread
    /// @param watched a prefix of keys
    public Worker(Store store, String name, byte[] watched, Step step) {
        this(store, name, watched, step, FAULT_PAUSE);
    }

    /// A worker that watches nothing.
    public Worker(Store store, String name, Step step) {
        this(store, name, step, FAULT_PAUSE);
    }

    /// One that watches nothing, with a rest of its own after a step that failed.
    public Worker(Store store, String name, Step step, Duration faultPause) {
        this(store, name, StorageKeys.never(), step, faultPause);
    }

    /// @param faultPause the rest after a step that failed
    public Worker(Store store, String name, byte[] watched, Step step, Duration faultPause) {
        this.store = store;
        this.name = name;
        this.watched = watched.clone();
        this.step = step;
        this.faultPause = faultPause;
    }

    /// Waits, whatever is written, for a time or until the store ends.
    public static void pause(Store store, Duration duration) throws InterruptedException {
        try (Watch never = store.watch(StorageKeys.never())) {
            never.await(duration);
        }
    }

    public void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /// Waits for the step that is under way; one that takes long ends with the store.
    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(CLOSE_PATIENCE);
            } catch (InterruptedException _) { // the caller wants out
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (Watch changes = store.watch(watched)) {
            while (!Thread.currentThread().isInterrupted()) { // until closed
                guarded(changes);
            }
        } catch (InterruptedException _) { // close() asks to end
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("A worker ended with the store", "name", name, "cause", e.getMessage());
        }
    }

    private void guarded(Watch changes) throws InterruptedException {
        try {
            step.take(changes);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("A worker failed by our own fault, and will try again", e, "name", name);
            pause(store, faultPause);
        }
    }
}

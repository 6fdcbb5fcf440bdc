package io.millrace.engine;

import java.time.Duration;

/// Wakes a waiter when a key under a prefix was written or deleted. A parked virtual thread is all
/// it costs. For one thread at a time.
public interface Watch extends AutoCloseable {

    /// Waits until a change became visible since the watch was opened, or since this method last
    /// returned true. Returns false when `timeout` has passed without one.
    ///
    /// @throws StoreException when the store failed or was closed
    boolean await(Duration timeout) throws InterruptedException;

    @Override
    void close();
}

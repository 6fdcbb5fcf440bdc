package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Counts who is inside, so that a closing store frees native memory only when nobody is.
final class ActiveUsers {
    private static final long CLOSED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private volatile @Nullable Thread closer;

    void enter() {
        if (state.incrementAndGet() >= CLOSED) {
            exit();
            throw new StoreException("the store is closed");
        }
    }

    void exit() {
        if (state.decrementAndGet() == CLOSED) {
            LockSupport.unpark(closer);
        }
    }

    /// Whether just one is inside.
    boolean isOne() {
        return state.get() == 1;
    }

    /// Refuses newcomers; false when that was done before.
    boolean close() {
        long before = state.getAndUpdate(now -> now >= CLOSED ? now : now + CLOSED);
        return before < CLOSED;
    }

    /// Waits until all have left, after [#close].
    void awaitNone() {
        closer = Thread.currentThread();
        boolean interrupted = false;
        while (state.get() != CLOSED) { // ends: bodies block on nothing but the store
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.millrace.http;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that all requests of a server hold at a time, by their number: what does not fit is
/// refused before it is read. Whoever comes while nothing is held gets what it asks for, so that a
/// small server can still take the largest request, alone. Thread-safe.
final class MemoryBudget {
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    MemoryBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// One who takes from the budget, and gives back all at once. For one thread at a time.
    final class Share {
        private long taken;

        /// False when the bytes do not fit.
        boolean take(long bytes) {
            long others = held.getAndAdd(bytes) - taken;
            if (others > 0 && others + taken + bytes > bytesMax) {
                held.addAndGet(-bytes);
                return false;
            }
            taken += bytes;
            return true;
        }

        void giveBack() {
            if (taken > 0) {
                held.addAndGet(-taken);
                taken = 0;
            }
        }
    }

    Share share() {
        return new Share();
    }

    long held() {
        return held.get();
    }
}

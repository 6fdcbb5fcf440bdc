package io.millrace;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits for what another thread or process brings about, and says so when it does not come.
public final class Eventually {
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final long PAUSE_NANOS = 2_000_000;

    /// A look at what is there now.
    @FunctionalInterface
    public interface Look<T extends @Nullable Object, E extends Exception> {
        T look() throws E;
    }

    private Eventually() {}

    /// Looks until what is seen is as it is wanted; returns it.
    ///
    /// @param what is waited for, in words
    public static <T extends @Nullable Object, E extends Exception> T see(
            String what, Look<T, E> look, Predicate<? super T> wanted) throws E {
        long begun = System.nanoTime();
        T seen = look.look();
        while (!wanted.test(seen)) { // ends with its time, or the test's
            if (Thread.interrupted() || System.nanoTime() - begun > WITHIN.toNanos()) {
                throw new AssertionError("in vain for " + what + "; seen last: " + seen);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            seen = look.look();
        }
        return seen;
    }

    /// Looks until it is so.
    public static <E extends Exception> void holds(String what, Look<Boolean, E> look) throws E {
        see(what, look, seen -> seen);
    }
}

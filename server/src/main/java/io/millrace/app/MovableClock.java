package io.millrace.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that runs as another one does, and can be moved forward in development mode.
/// Thread-safe.
///
/// Never back: what time has ended stays ended. A restart forgets the moves, so that what was
/// written in the moved time then lies in the future; a test that moves the clock begins with a
/// data directory of its own.
final class MovableClock implements InstantSource {

    /// The most that all moves come to.
    static final Duration ADVANCE_MAX = Duration.ofDays(3650);

    private final InstantSource real;
    private final InstantSource system;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    /// @param system what others have, too: callers who sign
    MovableClock(InstantSource real, InstantSource system) {
        this.real = real;
        this.system = system;
    }

    /// The system's clock, moved in the same way: for what is compared with the clocks of others.
    InstantSource wall() {
        return () -> system.instant().plus(ahead.get());
    }

    @Override
    public Instant instant() {
        return real.instant().plus(ahead.get());
    }

    /// False when that is not forward, or too far.
    boolean advance(Duration time) {
        if (time.isNegative() || time.compareTo(ADVANCE_MAX) > 0) {
            return false;
        }
        Duration before = ahead.get();
        while (before.plus(time).compareTo(ADVANCE_MAX) <= 0) { // ends when nobody else moves it
            if (ahead.compareAndSet(before, before.plus(time))) {
                return true;
            }
            before = ahead.get();
        }
        return false;
    }
}

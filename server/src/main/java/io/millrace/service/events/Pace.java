package io.millrace.service.events;

import io.millrace.pattern.Arn;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps calls to each API destination apart as its invocation rate says: one every hundredth of a
/// second at 100 a second. Whoever is too early waits. Thread-safe.
///
/// The last call's time is a cache: after a restart the first call goes out at once. Several
/// servers each keep the rate for themselves.
final class Pace {

    /// How a thread waits.
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    private static final int DESTINATIONS_KEPT = 10_000;

    private final InstantSource clock;
    private final Pause pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Arn, Double> nextMillis =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Arn, Double> eldest) {
                    return size() > DESTINATIONS_KEPT;
                }
            };

    Pace(InstantSource clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /// Returns when it is this call's turn.
    void await(Arn destination, int perSecond) throws InterruptedException {
        long waitMillis = reserve(destination, perSecond);
        if (waitMillis > 0) {
            pause.take(Duration.ofMillis(waitMillis));
        }
    }

    private long reserve(Arn destination, int perSecond) {
        lock.lock();
        try {
            double now = clock.millis();
            double slot = Math.max(now, nextMillis.getOrDefault(destination, now));
            double apart = 1000.0 / perSecond;
            // a clock that jumped back must not make a slot that nobody lives to see
            double soonest = Math.min(slot, now + EventsLimits.TURNS_AHEAD_MAX * apart);
            nextMillis.put(destination, soonest + apart);
            return (long) Math.ceil(soonest - now);
        } finally {
            lock.unlock();
        }
    }
}

package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

/// Tells when each event of a replay is due. What it knows is in [Place], which is stored with the
/// replay's progress, so that a replay keeps its pace over restarts.
///
/// A replay that is late catches up with one second at most: after a longer pause it goes on at its
/// pace and not in a burst. For one transaction.
final class ReplayClock {

    /// @param dueMicros when the next event is due, at so many events a second
    /// @param eventMillis the time of the last event, at the events' own pace
    /// @param atMillis when that was due
    record Place(long dueMicros, long eventMillis, long atMillis) {
        static final Place START = new Place(0, 0, 0);
    }

    private static final long LATE_MILLIS_MAX = 1000;
    private static final long MICROS = 1000;
    private static final double MICROS_A_SECOND = 1_000_000;

    private final @Nullable ReplayPacing pacing;
    private final long nowMillis;
    private Place place;

    ReplayClock(@Nullable ReplayPacing pacing, Place place, long nowMillis) {
        this.pacing = pacing;
        this.place = place;
        this.nowMillis = nowMillis;
    }

    /// When an event of this time is due, were it the next.
    long dueMillis(long eventMillis) {
        if (pacing == null) {
            return nowMillis;
        }
        long due = pacing.eventsPerSecond() == null ? nowMillis : place.dueMicros / MICROS;
        Double speed = pacing.speed();
        if (speed != null && place.atMillis != 0) {
            double wait = (eventMillis - place.eventMillis) / speed;
            due = Math.max(due, place.atMillis + (long) wait);
        }
        return due;
    }

    /// The event is on its way.
    void went(long eventMillis) {
        if (pacing == null) {
            return;
        }
        long due = Math.max(dueMillis(eventMillis), nowMillis - LATE_MILLIS_MAX);
        Double rate = pacing.eventsPerSecond();
        long next =
                rate == null
                        ? 0
                        : Math.max(place.dueMicros, (nowMillis - LATE_MILLIS_MAX) * MICROS)
                                + (long) (MICROS_A_SECOND / rate);
        place = new Place(place.dueMicros == 0 ? first(rate) : next, eventMillis, due);
    }

    Place place() {
        return place;
    }

    /// Nothing is late at the first event.
    private long first(@Nullable Double rate) {
        return rate == null ? 0 : nowMillis * MICROS + (long) (MICROS_A_SECOND / rate);
    }
}

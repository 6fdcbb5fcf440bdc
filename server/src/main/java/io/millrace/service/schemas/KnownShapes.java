package io.millrace.service.schemas;

import java.util.concurrent.atomic.AtomicLongArray;

/// Which shapes of events this server has seen to be in their schemas already: a cache of fixed
/// size, in which a newer one may take an older one's place. Thread-safe, without locks.
final class KnownShapes {
    private final AtomicLongArray slots = new AtomicLongArray(SchemasLimits.KNOWN_SHAPES_MAX);

    boolean contains(long number) {
        return slots.get(slot(number)) == number;
    }

    void add(long number) {
        slots.set(slot(number), number);
    }

    private static int slot(long number) {
        return (int) number & SchemasLimits.KNOWN_SHAPES_MAX - 1;
    }

    /// What stands for a shape that a discoverer knows, until its epoch changes.
    static long number(StartedDiscoverer discoverer, long fingerprint) {
        return EventSample.mix(
                fingerprint ^ EventSample.mix(discoverer.number() ^ discoverer.epoch()));
    }
}

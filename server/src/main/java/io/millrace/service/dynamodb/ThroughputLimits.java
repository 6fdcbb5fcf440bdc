package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.OnDemand;
import io.millrace.service.dynamodb.Table.Throughput;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// What limits the requests on tables and global indexes: provisioned capacity, which may be saved
/// up for five minutes, or the maximums of a table on demand, which may not.
///
/// A request is let through while any capacity is left, and charged in full when it is done; so one
/// that costs more than there was keeps those that follow waiting. The state is a cache: after a
/// start everything is full. A table without limits costs two null checks. Thread-safe. Source:
/// [burst
/// capacity](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html).
final class ThroughputLimits {
    private static final int BURST_SECONDS = 300;
    private static final int BUCKETS_MAX = 20_000;

    /// @param region which has limits of its own
    /// @param space the internal number of the table or index
    private record Key(String region, long space, CapacityKind kind) {}

    private record Limit(double unitsPerSecond, double unitsMax) {}

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, TokenBucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, TokenBucket> eldest) {
                    return size() > BUCKETS_MAX;
                }
            };

    ThroughputLimits(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether there is capacity beyond the units that the request has already used.
    ///
    /// @param index a global index, or null for the table itself
    boolean allows(Table table, @Nullable Index index, CapacityKind kind, double used) {
        Limit limit = limit(table, index, kind);
        if (limit == null) {
            return true;
        }
        long now = clock.millis();
        return bucket(table, index, kind, limit, now)
                        .units(limit.unitsPerSecond(), limit.unitsMax(), now)
                > used;
    }

    /// Takes what a request has used.
    void charge(Table table, @Nullable Index index, CapacityKind kind, double units) {
        Limit limit = limit(table, index, kind);
        if (limit != null) {
            bucket(table, index, kind, limit, clock.millis()).take(units);
        }
    }

    private TokenBucket bucket(
            Table table, @Nullable Index index, CapacityKind kind, Limit limit, long now) {
        Key key = new Key(table.region(), index == null ? table.number() : index.number(), kind);
        lock.lock();
        try {
            return buckets.computeIfAbsent(
                    key, _ -> new TokenBucket(limit.unitsPerSecond(), limit.unitsMax(), now));
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Limit limit(Table table, @Nullable Index index, CapacityKind kind) {
        boolean read = kind == CapacityKind.READ;
        if (table.settings().payPerRequest()) {
            OnDemand maximums = index == null ? table.settings().onDemand() : index.onDemand();
            if (maximums == null) {
                return null;
            }
            Long units = read ? maximums.maxReadUnits() : maximums.maxWriteUnits();
            return units == null ? null : new Limit(units, units);
        }
        Throughput provisioned = index == null ? table.settings().throughput() : index.throughput();
        if (provisioned == null) {
            return null;
        }
        double units = read ? provisioned.readUnits() : provisioned.writeUnits();
        return new Limit(units, units * BURST_SECONDS);
    }
}

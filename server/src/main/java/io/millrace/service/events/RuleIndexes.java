package io.millrace.service.events;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternFields;
import io.millrace.pattern.EventPatternIndex;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The compiled rules of buses: a cache of what the store has, bounded by the number of rules.
/// Thread-safe.
///
/// Each bus's index carries the generation of the rules that it was made of. An event is matched in
/// a transaction, which tells the generation that counts; an older index first catches up by what
/// that same transaction reads. An index that is newer than the transaction is not asked: the
/// transaction reads the rules itself (and will most likely be run again).
final class RuleIndexes {

    private static final int BUSES_MAX = 1024;

    /// One bus. The index is changed under the write lock and asked under the read lock.
    private static final class BusIndex {
        final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        volatile EventPatternIndex<String> index = new EventPatternIndex<>();
        long generation;
    }

    private final Rules rules;
    private final int compiledRulesMax;
    private final LinkedHashMap<Long, BusIndex> byBus = new LinkedHashMap<>(16, 0.75f, true);

    RuleIndexes(Rules rules, int compiledRulesMax) {
        this.rules = rules;
        this.compiledRulesMax = compiledRulesMax;
    }

    /// The names of the rules that are enabled and match the event, as `snapshot` has them.
    Collection<String> match(Snapshot snapshot, StoredBus bus, EventPatternFields event) {
        if (bus.number() == StoredBus.UNSTORED) {
            return List.of();
        }
        long generation = rules.generation(snapshot, bus).generation();
        if (generation == 0) {
            return List.of();
        }
        BusIndex cached = busIndex(bus.number());
        @Nullable Collection<String> matched = matchAt(cached, generation, event);
        if (matched != null) {
            return matched;
        }
        if (!catchUp(snapshot, bus, cached, generation)) {
            EventPatternIndex<String> own = new EventPatternIndex<>();
            readAll(snapshot, bus, own);
            return own.match(event);
        }
        evict();
        return match(snapshot, bus, event);
    }

    /// How many rules are compiled.
    int size() {
        synchronized (byBus) {
            return byBus.values().stream().mapToInt(bus -> bus.index.size()).sum();
        }
    }

    private BusIndex busIndex(long bus) {
        synchronized (byBus) {
            return byBus.computeIfAbsent(bus, _ -> new BusIndex());
        }
    }

    /// Null when the index is of another generation.
    private static @Nullable Collection<String> matchAt(
            BusIndex cached, long generation, EventPatternFields event) {
        cached.lock.readLock().lock();
        try {
            return cached.generation == generation ? cached.index.match(event) : null;
        } finally {
            cached.lock.readLock().unlock();
        }
    }

    /// Brings the index to `generation`; false when it is beyond already. What is read, is read
    /// before the lock is taken.
    private boolean catchUp(Snapshot snapshot, StoredBus bus, BusIndex cached, long generation) {
        long from = generation(cached);
        if (from > generation) {
            return false;
        }
        if (from == 0 || generation - from > EventsLimits.CHANGES_KEPT) {
            EventPatternIndex<String> fresh = new EventPatternIndex<>();
            readAll(snapshot, bus, fresh);
            return replace(cached, from, generation, () -> cached.index = fresh);
        }
        Map<String, @Nullable EventPattern> changes = changes(snapshot, bus, from, generation);
        return replace(cached, from, generation, () -> apply(changes, cached.index));
    }

    private static long generation(BusIndex cached) {
        cached.lock.readLock().lock();
        try {
            return cached.generation;
        } finally {
            cached.lock.readLock().unlock();
        }
    }

    /// Makes the change unless another thread was here before.
    private static boolean replace(BusIndex cached, long from, long to, Runnable change) {
        cached.lock.writeLock().lock();
        try {
            if (cached.generation == from) {
                change.run();
                cached.generation = to;
            }
            return cached.generation <= to;
        } finally {
            cached.lock.writeLock().unlock();
        }
    }

    private static void apply(
            Map<String, @Nullable EventPattern> changes, EventPatternIndex<String> index) {
        changes.forEach((name, pattern) -> {
            if (pattern == null) {
                index.remove(name);
            } else {
                index.put(name, pattern);
            }
        });
    }

    /// The rules that changed after `from`, with null for those that are gone or disabled.
    private Map<String, @Nullable EventPattern> changes(
            Snapshot snapshot, StoredBus bus, long from, long to) {
        List<String> names = new ArrayList<>();
        for (long generation = from + 1; generation <= to; generation++) {
            byte[] name = snapshot.get(EventsKeys.change(bus.number(), generation));
            if (name == null) {
                throw new IllegalStateException("no change of generation " + generation);
            }
            names.add(new String(name, StandardCharsets.UTF_8));
        }
        Map<String, @Nullable EventPattern> changes = new HashMap<>();
        for (String name : names) {
            StoredRule rule = rules.find(snapshot, bus, name).orElse(null);
            changes.put(
                    name,
                    rule == null || !rule.isEnabled()
                            ? null
                            : EventPattern.parseValid(rule.eventPattern()));
        }
        return changes;
    }

    private void readAll(Snapshot snapshot, StoredBus bus, EventPatternIndex<String> into) {
        try (Cursor cursor = snapshot.prefix(EventsKeys.rules(bus.number()))) {
            while (cursor.next()) {
                StoredRule rule = rules.decode(cursor.value());
                if (rule.isEnabled()) {
                    into.put(rule.name(), EventPattern.parseValid(rule.eventPattern()));
                }
            }
        }
    }

    /// Drops the buses that were asked least recently, but never the last one.
    private void evict() {
        synchronized (byBus) {
            int count = byBus.values().stream().mapToInt(bus -> bus.index.size()).sum();
            var eldest = byBus.values().iterator();
            while (byBus.size() > 1 && (count > compiledRulesMax || byBus.size() > BUSES_MAX)) {
                count -= eldest.next().index.size();
                eldest.remove();
            }
        }
    }
}

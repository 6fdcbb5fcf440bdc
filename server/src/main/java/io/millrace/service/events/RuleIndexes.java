package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternFields;
import io.millrace.pattern.EventPatternIndex;
import io.millrace.storage.CachedIndexes;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The compiled rules of buses. Thread-safe.
final class RuleIndexes implements CachedIndexes.Source<EventPatternIndex<String>> {
    /// Thrown in a transaction that would have to read very many rules: it is to be run again after
    /// [#prepare].
    static final class MissingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final long bus;

        private MissingException(long bus) {
            super("rules are not indexed yet", null, false, false);
            this.bus = bus;
        }
    }

    private final Rules rules;
    private final CachedIndexes<EventPatternIndex<String>> indexes;

    RuleIndexes(Rules rules, int compiledRulesMax) {
        this.rules = rules;
        this.indexes = new CachedIndexes<>(this, compiledRulesMax, EventsLimits.CHANGES_KEPT);
    }

    /// The names of the rules that are enabled and match the event, as `snapshot` has them.
    Collection<String> match(Snapshot snapshot, StoredBus bus, EventPatternFields event) {
        return match(snapshot, bus, event, true);
    }

    /// @param mayReadAll whether it may read very many rules for that
    /// @throws MissingException when it would have to, and may not
    Collection<String> match(
            Snapshot snapshot, StoredBus bus, EventPatternFields event, boolean mayReadAll) {
        if (bus.number() == StoredBus.UNSTORED) {
            return List.of();
        }
        RuleGeneration now = rules.generation(snapshot, bus);
        long generation = now.generation();
        if (generation == 0) {
            return List.of();
        }
        if (mayReadAll || now.ruleCount() <= CachedIndexes.PAGE_ENTRIES) {
            return indexes.ask(snapshot, bus.number(), generation, index -> index.match(event));
        }
        Collection<String> matched =
                indexes.askPrepared(
                        snapshot, bus.number(), generation, index -> index.match(event));
        if (matched == null) {
            throw new MissingException(bus.number());
        }
        return matched;
    }

    /// Reads a page of the rules that a transaction missed, for all who miss them; not in a
    /// transaction.
    ///
    /// @return whether nothing is left to do
    boolean prepare(Store store, MissingException missing) {
        return indexes.prepare(store, missing.bus);
    }

    /// How many rules are compiled.
    int size() {
        return indexes.size();
    }

    @Override
    public EventPatternIndex<String> empty() {
        return new EventPatternIndex<>();
    }

    @Override
    public int size(EventPatternIndex<String> index) {
        return index.size();
    }

    @Override
    public long generation(Snapshot snapshot, long bus) {
        return RuleGeneration.of(snapshot.get(EventsKeys.generation(bus))).generation();
    }

    @Override
    public byte @Nullable [] readPage(
            Snapshot snapshot,
            long bus,
            byte @Nullable [] from,
            int countMax,
            EventPatternIndex<String> into) {
        byte[] all = EventsKeys.rules(bus);
        try (Cursor cursor =
                snapshot.range(
                        from == null ? all : from,
                        Bytes.prefixEnd(all),
                        Snapshot.Direction.FORWARD)) {
            for (int count = 0; cursor.next(); count++) {
                if (count == countMax) {
                    return cursor.key();
                }
                StoredRule rule = rules.decode(cursor.value());
                if (rule.isEnabled() && rule.hasPattern()) {
                    into.put(rule.name(), EventPattern.parseValid(rule.eventPattern()));
                }
            }
            return null;
        }
    }

    /// With null for the rules that are gone or disabled.
    @Override
    public Consumer<EventPatternIndex<String>> changes(
            Snapshot snapshot, long bus, long from, long to) {
        Map<String, @Nullable EventPattern> changes = new HashMap<>();
        for (long generation = from + 1; generation <= to; generation++) {
            byte[] bytes = snapshot.get(EventsKeys.change(bus, generation));
            if (bytes == null) {
                throw new IllegalStateException("no change of generation " + generation);
            }
            String name = new String(bytes, StandardCharsets.UTF_8);
            if (!changes.containsKey(name)) {
                changes.put(name, pattern(snapshot, bus, name));
            }
        }
        return index ->
                changes.forEach((name, pattern) -> {
                    if (pattern == null) {
                        index.remove(name);
                    } else {
                        index.put(name, pattern);
                    }
                });
    }

    private @Nullable EventPattern pattern(Snapshot snapshot, long bus, String name) {
        byte[] value = snapshot.get(EventsKeys.rule(bus, name));
        StoredRule rule = value == null ? null : rules.decode(value);
        return rule == null || !rule.isEnabled() || !rule.hasPattern()
                ? null
                : EventPattern.parseValid(rule.eventPattern());
    }
}

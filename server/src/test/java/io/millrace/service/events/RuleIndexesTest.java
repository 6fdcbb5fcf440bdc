package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.pattern.EventPatternFields;
import io.millrace.storage.CachedIndexes;

import org.junit.jupiter.api.Test;

import java.util.Collection;
import java.util.List;
import java.util.Map;

final class RuleIndexesTest {

    private static final EventPatternFields EVENT = EventPatternFields.of("{\"a\":1}");

    private final Store store = new MemoryStore();
    private final Rules rules = new Rules();
    private final StoredBus bus = StoredBus.of("b", 7, 0);

    @Test
    void rulesOfABusThatWasNotAskedForLongestAreDropped() {
        RuleIndexes indexes = new RuleIndexes(rules, 15);
        StoredBus other = StoredBus.of("o", 8, 0);
        for (int i = 0; i < 10; i++) {
            put(bus, "r" + i, "{\"a\":[1]}");
            put(other, "r" + i, "{\"a\":[1]}");
        }

        assertThat(match(indexes, bus)).hasSize(10);
        assertThat(indexes.size()).isEqualTo(10);
        assertThat(match(indexes, other)).hasSize(10);
        assertThat(indexes.size()).isEqualTo(10);
        assertThat(match(indexes, bus)).hasSize(10);
    }

    @Test
    void aSnapshotOlderThanTheIndexSeesItsOwnRules() {
        RuleIndexes indexes = new RuleIndexes(rules, 1000);
        RuleIndexes fresh = new RuleIndexes(rules, 1000);
        put(bus, "old", "{\"a\":[1]}");
        Collection<String> before = match(indexes, bus);
        put(bus, "new", "{\"a\":[1]}");
        match(indexes, bus); // now the index knows both

        Collection<String> atOldGeneration =
                store.write(tx -> {
                    rewind(tx);
                    return List.copyOf(indexes.match(tx, bus, EVENT));
                });

        assertThat(before).containsExactly("old");
        assertThat(atOldGeneration).containsExactly("old");
        assertThat(match(fresh, bus)).containsExactly("old");
    }

    /// Makes the store look as it did before the second rule.
    private void rewind(io.millrace.engine.Transaction tx) {
        tx.put(EventsKeys.generation(bus.number()), new RuleGeneration(1, 1).toBytes());
        tx.delete(EventsKeys.rule(bus.number(), "new"));
    }

    @Test
    void removedAndDisabledRulesLeaveTheIndex() {
        RuleIndexes indexes = new RuleIndexes(rules, 1000);
        StoredRule kept = put(bus, "kept", "{\"a\":[1]}");
        StoredRule gone = put(bus, "gone", "{\"a\":[1]}");
        assertThat(match(indexes, bus)).hasSize(2);

        store.write(tx -> {
            rules.remove(tx, bus, gone);
            rules.put(tx, bus, kept.withState(StoredRule.DISABLED), false);
            return true;
        });

        assertThat(match(indexes, bus)).isEmpty();
        assertThat(indexes.size()).isZero();
    }

    @Test
    void whoMayNotReadVeryManyRulesIsToldThatTheyAreNotThereYet() {
        RuleIndexes indexes = new RuleIndexes(rules, 10_000);
        for (int i = 0; i <= CachedIndexes.PAGE_ENTRIES; i++) {
            put(bus, "r" + i, "{\"a\":[" + i + "]}");
        }

        RuleIndexes.MissingException missing =
                catchThrowableOfType(
                        RuleIndexes.MissingException.class, () -> matchPrepared(indexes));
        assertThat(indexes.size()).isZero();
        assertThat(indexes.prepare(store, missing)).isFalse();
        assertThat(indexes.prepare(store, missing)).isTrue();

        assertThat(matchPrepared(indexes)).containsExactly("r1");

        long before = store.read(snapshot -> rules.generation(snapshot, bus).generation());
        put(bus, "new", "{\"a\":[1]}");
        assertThat(matchPrepared(indexes)).containsExactlyInAnyOrder("r1", "new");
        store.write(tx -> { // as one that began before the last rule
            RuleGeneration older = new RuleGeneration(before, CachedIndexes.PAGE_ENTRIES + 1);
            tx.put(EventsKeys.generation(bus.number()), older.toBytes());
            assertThatExceptionOfType(RuleIndexes.MissingException.class)
                    .isThrownBy(() -> indexes.match(tx, bus, EVENT, false));
            return true;
        });
    }

    private Collection<String> matchPrepared(RuleIndexes indexes) {
        return store.read(snapshot -> List.copyOf(indexes.match(snapshot, bus, EVENT, false)));
    }

    @Test
    void keepsABoundedNumberOfChanges() {
        for (int i = 0; i < EventsLimits.CHANGES_KEPT + 50; i++) {
            put(bus, "r", "{\"a\":[" + i + "]}");
        }

        int kept =
                store.read(snapshot -> {
                    int count = 0;
                    try (var cursor = snapshot.prefix(EventsKeys.changes(bus.number()))) {
                        while (cursor.next()) {
                            count++;
                        }
                    }
                    return count;
                });

        assertThat(kept).isEqualTo(EventsLimits.CHANGES_KEPT);
    }

    private StoredRule put(StoredBus onBus, String name, String pattern) {
        StoredRule rule =
                new StoredRule(
                        name,
                        pattern,
                        StoredRule.ENABLED,
                        null,
                        null,
                        "0",
                        null,
                        Map.of(),
                        List.of());
        return store.write(tx -> {
            rules.put(tx, onBus, rule, rules.find(tx, onBus, name).isEmpty());
            return rule;
        });
    }

    private Collection<String> match(RuleIndexes indexes, StoredBus onBus) {
        return store.read(snapshot -> List.copyOf(indexes.match(snapshot, onBus, EVENT)));
    }
}

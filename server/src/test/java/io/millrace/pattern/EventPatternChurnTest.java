package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Rules come and go for as long as a server runs: nothing of them stays, and each costs little.
/// Counts what is kept and what is moved, not time.
final class EventPatternChurnTest {
    private static final int MANY = 20_000;

    private final EventPatternIndex<Integer> index = new EventPatternIndex<>();
    private final Random random = new Random(31);

    @Test
    void whatIsAddedAndRemovedLeavesNothing() {
        RandomEventPatterns patterns = new RandomEventPatterns(random);
        List<Integer> keys = new ArrayList<>();
        for (int key = 0; key < MANY; key++) {
            index.put(key, EventPattern.parse(patterns.pattern()));
            keys.add(key);
        }
        int full = index.structureSize();

        Collections.shuffle(keys, random);
        keys.subList(0, MANY / 2).forEach(index::remove);
        int half = index.structureSize();
        keys.subList(MANY / 2, MANY).forEach(index::remove);

        assertThat(full).isGreaterThan(1000);
        assertThat(half).isLessThanOrEqualTo(full);
        assertThat(index.size()).isZero();
        assertThat(index.placeCount()).isZero();
        assertThat(index.structureSize()).isEqualTo(1);
    }

    /// Those that stay keep the tree alive, so that it is not simply dropped with the last.
    @Test
    void whatIsRemovedFromAmongOthersLeavesNothing() {
        RandomEventPatterns patterns = new RandomEventPatterns(random);
        for (int key = 0; key < 100; key++) {
            index.put(key, EventPattern.parse(patterns.pattern()));
        }
        for (int key = 100; key < MANY; key++) {
            String own = "{\"a\":[{\"numeric\":[\">\",%d]}]}".formatted(key);
            String any = patterns.pattern();
            index.put(key, EventPattern.parse(key % 2 == 0 ? own : any));
        }
        int full = index.structureSize();

        for (int key = 100; key < MANY; key++) {
            index.remove(key);
        }

        assertThat(full).isGreaterThan(MANY / 2);
        assertThat(index.structureSize()).isLessThan(20 * 100);
        assertThat(index.size()).isEqualTo(100);
    }

    @Test
    void theSameRulesAgainTakeNoMoreThanBefore() {
        List<EventPattern> patterns = new ArrayList<>();
        RandomEventPatterns source = new RandomEventPatterns(random);
        for (int key = 0; key < 500; key++) {
            patterns.add(EventPattern.parse(source.pattern()));
            index.put(key, patterns.get(key));
        }
        int before = index.placeCount();

        for (int i = 0; i < MANY; i++) {
            int key = random.nextInt(patterns.size());
            index.put(key, patterns.get(key));
        }

        assertThat(index.size()).isEqualTo(patterns.size());
        assertThat(index.placeCount()).isLessThan(2 * before);
    }

    @Test
    void addingCostsAFewMovesHoweverManyThereAre() {
        for (int key = 0; key < MANY; key++) {
            index.put(
                    key,
                    EventPattern.parse(
                            """
                            {"source":["s%d"],"detail":{"n":[{"numeric":[">",%d,"<",%d]}],"k":["%d"]}}
                            """
                                    .formatted(key % 50, key, 2 * key + 1, key % 1000)));
        }

        assertThat(index.moveCount()).isLessThan(5L * MANY);
        assertThat(index.placeCount()).isEqualTo(MANY);
    }

    @Test
    void rulesThatNothingTellsApartAreFoundInTheirBucketByIndex() {
        EventPatternBucket bucket = new EventPatternBucket();
        EventPatternBranch branch = EventPattern.parse("{\"a\":[1]}").branches().getFirst();
        List<EventPatternIndex.Entry> entries = new ArrayList<>();
        for (int key = 0; key < 150; key++) {
            EventPatternIndex.Entry entry = new EventPatternIndex.Entry(key, branch);
            entries.add(entry);
            bucket.add(entry);
            assertThat(bucket.isSearched()).isFalse();
        }

        for (EventPatternIndex.Entry entry : List.copyOf(entries)) { // the oldest first
            bucket.remove(entry);
            entries.remove(entry);
            assertThat(bucket.isSearched()).isFalse();
            assertThat(bucket.copy()).containsExactlyInAnyOrderElementsOf(entries);
        }

        assertThat(bucket.isEmpty()).isTrue();
    }
}

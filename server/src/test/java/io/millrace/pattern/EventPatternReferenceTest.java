package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Holds our matcher, alone and in an index of many patterns, against a reading of AWS's
/// documentation that is too simple to be wrong.
final class EventPatternReferenceTest {
    private static final int PATTERNS = 1000;
    private static final int EVENTS = 40;

    /// A pattern as each reads it.
    private record Pattern(String text, EventPattern ours, ReferencePattern reference) {
        static Pattern of(String text) {
            return new Pattern(text, EventPattern.parse(text), ReferencePattern.of(text));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void matcherIndexAndReferenceAgree(long seed) {
        RandomEventPatterns random = new RandomEventPatterns(new Random(seed));
        EventPatternIndex<Integer> index = new EventPatternIndex<>();
        Map<Integer, Pattern> patterns = new LinkedHashMap<>();
        for (int key = 0; key < PATTERNS; key++) {
            Pattern pattern = Pattern.of(random.pattern());
            patterns.put(key, pattern);
            index.put(key, pattern.ours);
        }

        int matched = 0;
        for (int i = 0; i < EVENTS; i++) {
            String event = random.event();
            List<Map<String, ReferencePattern.Leaf>> worlds = ReferencePattern.worlds(event);
            EventPatternFields fields = EventPatternFields.of(event);
            Set<Integer> expected = new HashSet<>();
            patterns.forEach((key, pattern) -> {
                boolean matches = pattern.reference.matches(worlds);
                assertThat(pattern.ours.matches(fields))
                        .as("seed %s: %s on %s", seed, pattern.text, event)
                        .isEqualTo(matches);
                if (matches) {
                    expected.add(key);
                }
            });
            assertThat(index.match(fields)).as("seed %s: %s", seed, event).isEqualTo(expected);
            matched += expected.size();
        }

        assertThat(matched).isBetween(PATTERNS * EVENTS / 40, PATTERNS * EVENTS / 2);
    }
}

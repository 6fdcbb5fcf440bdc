package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.event.ruler.Ruler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/// Holds our matcher against AWS's, on random patterns and events from a small world in which they
/// meet often.
final class EventPatternRulerTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "ab",
                    "abc",
                    "Ab",
                    "b",
                    "bab",
                    "10.0.0.1",
                    "10.0.1.9",
                    "true",
                    "7",
                    "x*y");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "7",
                    "7.0",
                    "7e0",
                    "0.1",
                    "100",
                    "1e3",
                    "3.018e2",
                    "12345678901");

    private static final List<String> WILDCARDS = List.of("*", "a*", "*b", "a*c", "*a*", "x\\\\*y");

    private final Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void matchesWhatAwsMatches(long seed) throws Exception {
        random.setSeed(seed);
        int matched = 0;

        for (int i = 0; i < 400; i++) {
            String pattern = pattern(2);
            EventPattern ours = EventPattern.parse(pattern);
            for (int j = 0; j < 10; j++) {
                String event = event(3);
                boolean theirs = Ruler.matchesRule(event, pattern);
                EventPatternFields fields = EventPatternFields.of(event);

                assertThat(ours.matches(fields))
                        .as("seed %s: %s on %s", seed, pattern, event)
                        .isEqualTo(theirs);
                assertThat(ours.explain("rule", fields).misses().isEmpty()).isEqualTo(theirs);
                matched += theirs ? 1 : 0;
            }
        }

        assertThat(matched).isBetween(200, 3800); // the world is neither too small nor too large
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void theIndexFindsExactlyThePatternsThatMatch(long seed) {
        random.setSeed(seed);
        EventPatternIndex<Integer> index = new EventPatternIndex<>();
        Map<Integer, EventPattern> patterns = new HashMap<>();

        for (int i = 0; i < 3000; i++) {
            int key = random.nextInt(300);
            if (random.nextInt(3) == 0) {
                index.remove(key);
                patterns.remove(key);
            } else {
                EventPattern pattern = EventPattern.parse(pattern(2));
                index.put(key, pattern);
                patterns.put(key, pattern);
            }
            if (i % 10 == 0) {
                EventPatternFields event = EventPatternFields.of(event(3));
                Set<Integer> expected = new HashSet<>();
                patterns.forEach((k, pattern) -> {
                    if (pattern.matches(event)) {
                        expected.add(k);
                    }
                });
                assertThat(index.match(event)).as("seed %s", seed).isEqualTo(expected);
            }
        }
        for (int key = 0; key < 300; key++) {
            index.remove(key);
        }

        assertThat(index.size()).isZero();
        assertThat(index.placeCount()).isZero();
        assertThat(index.structureSize()).isEqualTo(1);
    }

    private String pattern(int depth) {
        List<String> members = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(4) == 0) {
                boolean nested = depth > 0 && random.nextInt(3) == 0;
                members.add('"' + name + "\":" + (nested ? pattern(depth - 1) : conditions()));
            }
        }
        if (depth > 0 && random.nextInt(5) == 0) {
            members.add("\"$or\":[" + pattern(depth - 1) + "," + pattern(depth - 1) + "]");
        }
        if (members.isEmpty()) {
            members.add("\"a\":" + conditions());
        }
        return "{" + String.join(",", members) + "}";
    }

    /// A wildcard stands alone: beside a suffix that ignores case, event-ruler 2.1.0 finds
    /// `{"wildcard": "*b"}` in "abc".
    private String conditions() {
        if (random.nextInt(16) == 0) {
            return "[{\"wildcard\":\"" + pick(WILDCARDS) + "\"}]";
        }
        return "[" + list(1 + random.nextInt(2), this::condition) + "]";
    }

    private String condition() {
        return switch (random.nextInt(15)) {
            case 0, 1, 2 -> text();
            case 3 -> number();
            case 4 -> pick(List.of("true", "false", "null"));
            case 5 -> "{\"exists\":" + random.nextBoolean() + "}";
            case 6 -> "{\"prefix\":" + text() + "}";
            case 7 -> "{\"suffix\":" + text() + "}";
            case 8 -> "{\"equals-ignore-case\":" + text() + "}";
            case 9 -> "{\"anything-but\":" + anythingBut() + "}";
            case 10 ->
                    "{\"numeric\":[\""
                            + pick(List.of("=", "<", "<=", ">", ">="))
                            + "\","
                            + number()
                            + "]}";
            case 11 -> "{\"numeric\":[\">\",-1,\"<=\"," + pick(List.of("0", "7", "301.8")) + "]}";
            case 12 -> "{\"cidr\":\"10.0.0.0/" + pick(List.of("8", "23", "24", "31")) + "\"}";
            case 13 -> "{\"prefix\":{\"equals-ignore-case\":" + nonEmptyText() + "}}";
            default -> "{\"suffix\":{\"equals-ignore-case\":" + nonEmptyText() + "}}";
        };
    }

    private String anythingBut() {
        return switch (random.nextInt(8)) {
            case 0 -> text();
            case 1 -> "[" + list(2, this::text) + "]";
            case 2 -> number();
            case 3 -> "[" + list(2, this::number) + "]";
            case 4 -> "{\"prefix\":" + nonEmptyText() + "}";
            case 5 -> "{\"suffix\":[" + list(2, this::nonEmptyText) + "]}";
            case 6 -> "{\"equals-ignore-case\":[" + list(2, this::nonEmptyText) + "]}";
            default -> "{\"wildcard\":\"a*b\"}";
        };
    }

    private String event(int depth) {
        List<String> members = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(4) != 0) {
                members.add('"' + name + "\":" + value(depth));
            }
        }
        return "{" + String.join(",", members) + "}";
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0, 1 -> text();
            case 2 -> number();
            case 3 -> pick(List.of("true", "false", "null"));
            case 4 -> "[" + list(random.nextInt(3), this::text) + "]";
            case 5, 6 -> event(depth - 1);
            default -> "[" + list(1 + random.nextInt(2), () -> event(depth - 1)) + "]";
        };
    }

    private String text() {
        return '"' + pick(TEXTS) + '"';
    }

    private String nonEmptyText() {
        return '"' + pick(TEXTS.subList(1, TEXTS.size())) + '"';
    }

    private String number() {
        return pick(NUMBERS);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String list(int size, Supplier<String> element) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(element.get());
        }
        return String.join(",", elements);
    }
}

package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import software.amazon.event.ruler.Ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

final class EventPatternTest {

    static Stream<String[]> cases() {
        try (InputStream in = EventPatternTest.class.getResourceAsStream("event-patterns.tsv")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 3));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void matchesAsTheCaseSays(String pattern, String event, String expected) throws Exception {
        EventPatternFields fields = EventPatternFields.of(event);
        EventPatternIndex<String> index = new EventPatternIndex<>();
        for (int i = 0; i < 40; i++) { // so many that the index has to choose
            index.put("other" + i, EventPattern.parse("{\"k\":[\"other" + i + "\"]}"));
        }
        index.put("case", EventPattern.parse(pattern));

        assertThat(EventPattern.parse(pattern).matches(fields)).isEqualTo(expected.equals("yes"));
        assertThat(Ruler.matchesRule(event, pattern)).isEqualTo(expected.equals("yes"));
        assertThat(index.match(fields).contains("case")).isEqualTo(expected.equals("yes"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"a":"x"}                  | "a" must be an object or an array
                    {"a":[]}                   | Empty arrays are not allowed
                    {"a":{}}                   | Empty objects are not allowed
                    {}                         | Empty objects are not allowed
                    []                         | Filter is not an object
                    {"a":[["x"]]}              | Match value must be String, number, true, false, or null
                    {"a":[{"like":"x"}]}       | Unrecognized match type like
                    {"a":[{"EXISTS":true}]}    | Unrecognized match type EXISTS
                    {"a":[{"prefix":1}]}       | prefix match pattern must be a string
                    {"a":[{"suffix":["x"]}]}   | suffix match pattern must be a string
                    {"a":[{"exists":"no"}]}    | exists match pattern must be either true or false.
                    {"a":[{"numeric":[">","1"]}]} | Value of > must be numeric
                    {"a":[{"numeric":["~",1]}]}   | Unrecognized numeric range operator: ~~
                    {"a":[{"numeric":[">",0,">",1]}]} | Bad numeric range operator: >
                    {"a":[{"anything-but":[1,"a"]}]} | Inside anything but list
                    {"a":[{"anything-but":{"prefix":""}}]} | Null prefix/suffix not allowed
                    {"a":[{"prefix":"a","suffix":"b"}]} | Only one key allowed in match expression
                    {"$or":[{"a":["x"]}]}      | There must have at least 2 Objects in $or relationship.
                    """)
    void refusesWithAwssReasonAndThePosition(String pattern, String reason) {
        String expected = reason.replace("~~", "~");

        assertThatThrownBy(() -> EventPattern.parse(pattern))
                .isInstanceOf(EventPatternException.class)
                .hasMessageStartingWith(expected)
                .hasMessageContaining("[Source: (String)\"" + pattern + "\"; line: 1, column: ");
    }

    /// Where event-ruler 2.1.0 errs, and AWS with it as far as it runs that.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"k":[{"cidr":"32.1.0.0/16"}]} | {"k":"2001:db8::1"}
                    {"k":[{"wildcard":"*b"},{"suffix":{"equals-ignore-case":"ab"}}]} | {"k":"abc"}
                    """)
    void doesNotFollowEventRulerIntoItsErrors(String pattern, String event) throws Exception {
        assertThat(Ruler.matchesRule(event, pattern)).isTrue();
        assertThat(EventPattern.parse(pattern).matches(EventPatternFields.of(event))).isFalse();
    }

    @Test
    void tellsThePositionAsAwsDoes() {
        assertThatThrownBy(() -> EventPattern.parse("{\"int\": 42}"))
                .hasMessage(
                        "\"int\" must be an object or an array\n"
                                + " at [Source: (String)\"{\"int\": 42}\"; line: 1, column: 11]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    not json
                    {"a":["x"]
                    {"a":[{"cidr":"10.0.0/8"}]}
                    {"a":[{"cidr":"10.0.0.0/33"}]}
                    {"a":[{"wildcard":"a**b"}]}
                    {"a":[{"numeric":[">"]}]}
                    {"a":[{"numeric":[]}]}
                    {"a":[{"anything-but":null}]}
                    {"a":[{}]}
                    """)
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> EventPattern.parse(pattern))
                .isInstanceOf(EventPatternException.class);
    }

    @Test
    void refusesAnOrThatMultipliesBeyondBounds() {
        StringBuilder pattern = new StringBuilder("{");
        for (int i = 0; i < 40; i++) {
            pattern.append(i == 0 ? "" : ",")
                    .append("\"k%d\":{\"$or\":[{\"a\":[1]},{\"b\":[1]}]}".formatted(i));
        }
        pattern.append('}');

        assertThatThrownBy(() -> EventPattern.parse(pattern.toString()))
                .isInstanceOf(EventPatternException.class)
                .hasMessageStartingWith("Rule is too complex");
    }

    @Test
    void boundsTheWorkOnArraysThatNeverFitTogether() {
        EventPattern pattern =
                EventPattern.parse(
                        "{\"i\":{\"a\":[1],\"b\":[1],\"c\":[1]},\"j\":{\"a\":[1],\"b\":[1]}}");
        StringBuilder elements = new StringBuilder("{\"c\":1}");
        for (int i = 0; i < 3000; i++) {
            elements.append(",{\"a\":1},{\"b\":1}");
        }
        EventPatternFields event =
                EventPatternFields.of("{\"i\":[%s],\"j\":[%s]}".formatted(elements, elements));

        assertThat(pattern.matches(event)).isFalse();
    }

    @Test
    void explainsTheFirstFieldThatFailed() {
        EventPattern pattern =
                EventPattern.parse(
                        """
                        {"source":["shop"],"detail":{"amount":[{"numeric":[">",100]}],"country":["DE"]}}
                        """);

        EventPatternExplanation explanation =
                pattern.explain(
                        EventPatternFields.of(
                                """
                                {"source":"shop","detail":{"amount":50,"country":"DE"}}
                                """));

        assertThat(explanation.matched()).isFalse();
        assertThat(explanation.misses())
                .containsExactly(
                        new EventPatternExplanation.Miss(
                                "detail.amount",
                                "[{\"numeric\":[\">\",100]}]",
                                List.of("50"),
                                2,
                                false));
        assertThat(explanation.misses().getFirst())
                .hasToString("detail.amount should be in [{\"numeric\":[\">\",100]}], but is 50");
    }

    @Test
    void explainsWhatIsMissingAndWhatShouldBe() {
        EventPatternFields event = EventPatternFields.of("{\"b\":\"x\"}");

        assertThat(miss("{\"a\":[{\"exists\":true}]}", event))
                .isEqualTo("a should be in [{\"exists\":true}], but the event has no such field");
        assertThat(miss("{\"b\":[{\"exists\":false}]}", event))
                .isEqualTo("b should be in [{\"exists\":false}], but is \"x\"");
        assertThat(miss("{\"b\":[{\"anything-but\":[\"x\",\"y\"]}]}", event))
                .isEqualTo("b should be in [{\"anything-but\":[\"x\",\"y\"]}], but is \"x\"");
    }

    @Test
    void explainsElementsThatDoNotFitTogether() {
        EventPatternFields event =
                EventPatternFields.of("{\"i\":[{\"a\":1,\"b\":2},{\"a\":2,\"b\":1}]}");

        assertThat(miss("{\"i\":{\"a\":[1],\"b\":[1]}}", event))
                .isEqualTo(
                        "i.b has a value in [1], but not in the same array element as the fields"
                                + " before it");
    }

    @Test
    void explainsEachAlternativeNearestFirst() {
        EventPattern pattern =
                EventPattern.parse("{\"s\":[1],\"$or\":[{\"a\":[1],\"b\":[1]},{\"c\":[1]}]}");

        EventPatternExplanation explanation =
                pattern.explain(EventPatternFields.of("{\"s\":1,\"b\":1}"));

        assertThat(explanation.misses())
                .extracting(EventPatternExplanation.Miss::path)
                .containsExactly("a", "c");
        assertThat(pattern.explain(EventPatternFields.of("{\"s\":1,\"c\":1}")).matched()).isTrue();
    }

    private static String miss(String pattern, EventPatternFields event) {
        return EventPattern.parse(pattern).explain(event).misses().getFirst().toString();
    }
}

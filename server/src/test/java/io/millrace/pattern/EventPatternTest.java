package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.event.ruler.Ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /// Each wanted list, the value, and what is said of them.
    static List<List<String>> hairs() {
        return List.of(
                List.of(
                        "[5]",
                        "'5'",
                        "is '5'; the rule wants the number 5 (the string '5' is not"
                                + " the number 5)"),
                List.of(
                        "['5']",
                        "5",
                        "is 5; the rule wants '5' (the number 5 is not the string" + " '5')"),
                List.of(
                        "[true]",
                        "'true'",
                        "is 'true'; the rule wants true (the string 'true' is"
                                + " not the literal true)"),
                List.of(
                        "[{'numeric':['>',1,'<=',5]}]",
                        "'3'",
                        "is '3'; the rule wants numeric > 1"
                                + " and <= 5 (the string '3' is not the number 3)"),
                List.of("[{'numeric':['=',5]}]", "6", "is 6; the rule wants numeric = 5"),
                List.of(
                        "['Paid']",
                        "'paid'",
                        "is 'paid'; the rule wants 'Paid' (only the case" + " differs)"),
                List.of(
                        "[{'prefix':'EU-'}]",
                        "'eu-1'",
                        "is 'eu-1'; the rule wants a string that"
                                + " begins with 'EU-' (only the case differs)"),
                List.of(
                        "[{'suffix':{'equals-ignore-case':'.PNG'}}]",
                        "'a.jpg'",
                        "is 'a.jpg'; the"
                                + " rule wants a string that ends with '.PNG' in any case"),
                List.of(
                        "['a']",
                        "' a'",
                        "is ' a'; the rule wants 'a' (only spaces around it" + " differ)"),
                List.of(
                        "[{'wildcard':'a*z'}]",
                        "'b'",
                        "is 'b'; the rule wants a string like" + " 'a*z', where * is any text"),
                List.of(
                        "[{'cidr':'10.0.0.0/8'}]",
                        "'11.0.0.1'",
                        "is '11.0.0.1'; the rule wants an" + " IP address in 10.0.0.0/8"),
                List.of(
                        "[{'anything-but':{'prefix':['a','b']}}]",
                        "'ab'",
                        "is 'ab'; the rule wants"
                                + " anything but a string that begins with 'a' or a string that begins with"
                                + " 'b'"),
                List.of(
                        "['x','y']",
                        "['a','b']",
                        "has the values 'a', 'b'; the rule wants 'x' or 'y'"),
                List.of("[{'exists':false}]", "null", "is null; the rule wants no such field"),
                List.of("[null]", "''", "is ''; the rule wants null"));
    }

    @ParameterizedTest
    @MethodSource("hairs")
    void tellsInWordsByHowMuchItMissed(List<String> hair) {
        String pattern = "{'a':" + hair.get(0) + "}";
        String event = "{'a':" + hair.get(1) + "}";

        String words = miss(pattern.replace('\'', '"'), event(event));

        assertThat(words.replace('"', '\'')).isEqualTo("a " + hair.get(2));
    }

    @Test
    void tellsAFieldThatMayHaveBeenMeant() {
        assertThat(miss("{\"detailType\":[\"x\"]}", event("{'detail-type':'x'}")))
                .isEqualTo(
                        "detailType is missing; the rule wants \"x\" (the event has detail-type:"
                                + " names are compared to the letter)");
        assertThat(miss("{\"a\":[1]}", event("{'a':{'b':1}}")))
                .isEqualTo(
                        "a is missing; the rule wants the number 1 (the event has an object there,"
                                + " with a.b)");
        assertThat(miss("{\"a\":{\"l\":[1]}}", event("{'a':{'l':[]}}")))
                .isEqualTo(
                        "a.l is missing; the rule wants the number 1 (the event has an empty list"
                                + " there, which counts as missing)");
        assertThat(miss("{\"a\":[{\"exists\":true}]}", event("{'a':{}}")))
                .isEqualTo(
                        "a is missing; the rule wants any value (the event has an empty object"
                                + " there, which counts as missing)");
        assertThat(miss("{\"state\":[\"x\"]}", event("{'detail':{'state':'x'}}")))
                .isEqualTo(
                        "state is missing; the rule wants \"x\" (the event has detail.state:"
                                + " a pattern nests as the event does)");
    }

    @Test
    void seeksNoFieldThatMayHaveBeenMeantAmongPathsThatAreTooLongTogether() {
        StringBuilder leaves = new StringBuilder("'state':1");
        for (int i = 0; i < 300; i++) {
            leaves.append(",'").append(i).append("':1");
        }
        String event = "{'" + "n".repeat(4000) + "':{" + leaves + "},'detail':{'state':'x'}}";

        assertThat(miss("{\"state\":[\"x\"]}", event(event)))
                .isEqualTo("state is missing; the rule wants \"x\"");
    }

    /// Were what was tried kept as it is bound, it would take 100,000 times 900 elements.
    @Test
    void manyElementsInManyArraysDoNotTakeMoreThanTheEvent() {
        String elements = "{'b':1},".repeat(100_000) + "{'c':1}";
        EventPatternFields deep =
                event("{'a':" + "[".repeat(900) + elements + "]".repeat(900) + "}");
        EventPatternFields flat = event("{'a':[" + elements + ",{'b':1,'c':1}]}");
        EventPattern pattern = EventPattern.parse("{\"a\":{\"b\":[1],\"c\":[1]}}");

        assertThat(pattern.matches(deep)).isFalse();
        assertThat(pattern.matches(flat)).isTrue();
    }

    @Test
    void tellsWhichFieldsDoNotFitInOneElement() {
        String pattern = "{\"items\":{\"qty\":[2],\"sku\":[\"A\"]},\"source\":[\"s\"]}";
        String items = "[{'sku':'A','qty':1},{'sku':'B','qty':2}]";

        assertThat(miss(pattern, event("{'source':'s','items':" + items + "}")))
                .isEqualTo(
                        "items.sku has a value that would do (\"A\"), but not in the array element"
                                + " that fits items.qty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$or\": [[{\"a\": [1]}, {\"b\": [2]}]}, \"ip\": [3]}",
                "{\"$or\": [{\"a\": [1]}, [{\"b\": [2]}]}, \"ip\": [3]}",
                "{\"$or\": [[{\"a\": [1]}], [{\"b\": [2]}]]}"
            })
    void listsWithinOrAreRefused(String pattern) {
        assertThatThrownBy(() -> EventPattern.parse(pattern))
                .isInstanceOf(EventPatternException.class);
    }

    private static EventPatternFields event(String json) {
        return EventPatternFields.of(json.replace('\'', '"'));
    }

    private static String miss(String pattern, EventPatternFields event) {
        return EventPattern.parse(pattern).explain("rule", event).misses().getFirst().words();
    }

    /// What people report that AWS takes, and refuses.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.bif *.tiff *.tif *.svs",
                "*/datasync/*.bif */datasync/*.tif",
                "*:stack/ApiStack/* *:stack/WebStack/* *:stack/SharedStack/*"
            })
    void takesWildcardsThatAreNotTooComplex(String wildcards) {
        assertThat(EventPattern.parse(of(wildcards)).branches()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/datasync/*.bif */datasync/*.tiff */datasync/*.tif */datasync/*.svs",
                "*:stack/ApiStack/* *:stack/WebStack/* *:stack/SharedStack/* *:stack/MoreStack/*",
                "*a*a*a*a*a*a*a*a*a*a*a*a"
            })
    void refusesWildcardsThatAreTooComplexTogether(String wildcards) {
        String list = of(wildcards);
        String[] parts = list.substring(6, list.length() - 2).split("(?<=}),");
        String each = String.join("]},{\"k\":[", parts);
        for (String pattern :
                List.of(
                        list,
                        "{\"$or\":[{\"k\":[" + each + "]},{\"z\":[1]}]}",
                        list.replaceAll("\"wildcard\":(\"[^\"]*\")", "\"anything-but\":{$0}"))) {
            assertThatThrownBy(() -> EventPattern.parse(pattern))
                    .as(pattern)
                    .isInstanceOf(EventPatternException.class)
                    .hasMessage(
                            "Rule is too complex - try using fewer wildcard characters or fewer"
                                    + " repeating character sequences after a wildcard character");
        }
    }

    private static String of(String wildcards) {
        return Stream.of(wildcards.split(" "))
                .map(wildcard -> "{\"wildcard\":\"" + wildcard + "\"}")
                .collect(Collectors.joining(",", "{\"k\":[", "]}"));
    }

    /// Before it was counted by field, such a pattern took a minute.
    @Test
    void thousandsOfCombinationsOfWildcardsAreCountedSoon() {
        StringBuilder pattern = new StringBuilder("{\"x\":[1]");
        for (String field : List.of("a", "b", "c")) {
            String alternatives =
                    IntStream.range(0, 10)
                            .mapToObj(i -> "{\"f\":[{\"wildcard\":\"x" + i + "*\"}]}")
                            .collect(Collectors.joining(","));
            pattern.append(",\"" + field + "\":{\"$or\":[" + alternatives + "]}");
        }
        assertThat(EventPattern.parse(pattern + "}").branches()).hasSize(1000);
    }
}

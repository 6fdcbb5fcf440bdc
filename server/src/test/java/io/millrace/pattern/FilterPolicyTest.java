package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.event.ruler.Machine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

final class FilterPolicyTest {
    private static final JsonMapper JSON = new JsonMapper();

    record Case(FilterPolicyScope scope, String policy, boolean matches, String message) {}

    record Refusal(FilterPolicyScope scope, String policy, String message) {}

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        FilterPolicyScope scope = FilterPolicyScope.MESSAGE_BODY;
        String policy = "";
        for (String line : lines("filter-policy-cases.txt")) {
            int space = line.indexOf(' ');
            String rest = line.substring(space + 1);
            switch (line.substring(0, space)) {
                case "+" -> cases.add(new Case(scope, policy, true, rest));
                case "-" -> cases.add(new Case(scope, policy, false, rest));
                case String name -> {
                    scope = scope(name);
                    policy = rest;
                }
            }
        }
        return cases;
    }

    static List<Refusal> refusals() throws IOException {
        List<Refusal> refusals = new ArrayList<>();
        for (String line : lines("filter-policy-refusals.txt")) {
            String[] parts = line.split("\t", -1);
            String place = "\n at [Source: (String)\"" + parts[1] + "\"; line: 1, column: ";
            refusals.add(new Refusal(scope(parts[0]), parts[1], parts[2].replace("~", place)));
        }
        return refusals;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void matchesAsAwsDoes(Case example) throws FilterPolicyException {
        FilterPolicy policy = FilterPolicy.of(example.policy, example.scope);

        assertThat(policy.matches(input(example.scope, example.message)))
                .isEqualTo(example.matches);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesInAwsWords(Refusal example) {
        FilterPolicyException refusal =
                catchThrowableOfType(
                        FilterPolicyException.class,
                        () -> FilterPolicy.of(example.policy, example.scope));

        assertThat(Objects.requireNonNull(refusal).message()).isEqualTo(example.message);
    }

    @Test
    void boundsTheCombinationsOfValues() throws FilterPolicyException {
        String seven = "[1,2,3,4,5,6,7]";

        assertThat(
                        FilterPolicy.of(
                                "{\"a\":[1,2,3],\"b\":[1,2,3,4,5],\"c\":[1,2,3,4,5,6,7,8,9,10]}",
                                FilterPolicyScope.MESSAGE_ATTRIBUTES))
                .isNotNull();
        for (String policy :
                List.of(
                        "{\"a\":" + seven + ",\"b\":" + seven + ",\"c\":[1,2,3,4]}",
                        "{\"a\":{\"b\":{\"c\":" + seven + "}},\"d\":" + seven + ",\"e\":[1,2]}")) {
            FilterPolicyException refusal =
                    catchThrowableOfType(
                            FilterPolicyException.class,
                            () -> FilterPolicy.of(policy, FilterPolicyScope.MESSAGE_BODY));
            assertThat(Objects.requireNonNull(refusal).message())
                    .isEqualTo("FilterPolicy: Filter policy is too complex");
        }
    }

    @Test
    void refusesAnExponentThatNoNumberCanHave() {
        assertThat(
                        catchThrowableOfType(
                                FilterPolicyException.class,
                                () ->
                                        FilterPolicy.of(
                                                "{\"a\":[1E+9999999999]}",
                                                FilterPolicyScope.MESSAGE_BODY)))
                .hasMessage("FilterPolicy: failed to parse JSON.");
    }

    @Test
    void refusesPoliciesOfMoreThan256Kib() {
        String policy = "{\"a\":[\"" + "x".repeat(256 * 1024) + "\"]}";

        assertThat(
                        catchThrowableOfType(
                                FilterPolicyException.class,
                                () -> FilterPolicy.of(policy, FilterPolicyScope.MESSAGE_BODY)))
                .hasMessage("FilterPolicy: Filter policy is too large");
    }

    @Test
    void explainsTheFirstKeyThatFailed() throws FilterPolicyException {
        FilterPolicy policy =
                FilterPolicy.of(
                        "{\"order\":{\"amount\":[{\"numeric\":[\">\",100]}],\"state\":[\"paid\"]}}",
                        FilterPolicyScope.MESSAGE_BODY);

        assertThat(explain(policy, "{\"order\":{\"amount\":50,\"state\":\"paid\"}}"))
                .contains(
                        new FilterPolicyMismatch(
                                "order.amount", "[{\"numeric\":[\">\",100]}]", "[50]"));
        assertThat(explain(policy, "{\"order\":{\"amount\":500}}"))
                .contains(new FilterPolicyMismatch("order.state", "[\"paid\"]", "absent"));
        assertThat(explain(policy, "text"))
                .contains(new FilterPolicyMismatch("", "a JSON object", "absent"));
        assertThat(explain(policy, "{\"order\":{\"amount\":101,\"state\":\"paid\"}}")).isEmpty();
    }

    @Test
    void explainsTheAlternativeThatCameFurthest() throws FilterPolicyException {
        FilterPolicy policy =
                FilterPolicy.of(
                        "{\"$or\":[{\"a\":[1],\"b\":[2]},{\"c\":[3]}]}",
                        FilterPolicyScope.MESSAGE_BODY);

        assertThat(explain(policy, "{\"a\":1,\"b\":9}"))
                .contains(new FilterPolicyMismatch("b", "[2]", "[9]"));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                24, 25, 26
            })
    void agreesWithEventRulerOnRandomPoliciesAndBodies(long seed) throws Exception {
        RandomGenerator random = new SplittableRandom(seed);
        int matched = 0;
        for (int i = 0; i < 400; i++) {
            String policy =
                    i % 4 == 0
                            ? RandomFilterPolicies.ignoringCase(random)
                            : RandomFilterPolicies.policy(random);
            FilterPolicy compiled;
            try {
                compiled = FilterPolicy.of(policy, FilterPolicyScope.MESSAGE_BODY);
            } catch (FilterPolicyException e) {
                assertThat(e).hasMessageEndingWith("Filter policy is too complex");
                continue;
            }
            Machine machine = Machine.builder().build();
            machine.addRule("rule", policy);
            for (int j = 0; j < 8; j++) {
                String body = RandomFilterPolicies.body(random);
                if (policy.contains("{\"exists\":true}")
                        && (body.contains("\"\"") || body.contains("null"))) {
                    continue; // SNS documents another meaning
                }
                boolean expected = !machine.rulesForJSONEvent(body).isEmpty();
                matched += expected ? 1 : 0;
                assertThat(compiled.matches(FilterPolicyInput.ofBody(body)))
                        .as("seed %s: %s on %s", seed, policy, body)
                        .isEqualTo(expected);
            }
        }
        assertThat(matched).isBetween(100, 3_100);
    }

    @Test
    @Timeout(20)
    void longArraysCostLinearTime() throws FilterPolicyException {
        StringBuilder body = new StringBuilder("{\"x\":[],\"a\":[");
        for (int i = 0; i < 10_000; i++) {
            body.append("{\"b\":1,\"c\":").append(i).append("},");
        }
        body.append("{\"b\":1,\"c\":-1}]}");
        FilterPolicy policy =
                FilterPolicy.of("{\"a\":{\"b\":[1],\"c\":[-1]}}", FilterPolicyScope.MESSAGE_BODY);

        assertThat(policy.matches(FilterPolicyInput.ofBody(body.toString()))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"exists\":true}|null|a is null; the filter policy wants",
                "{\"exists\":true}|\"\"|a is \"\"; the filter policy wants",
                "\"x\",{\"exists\":true}|\"\"|a is \"\"; the filter policy wants \"x\" or",
                "{\"exists\":true}|[null,\"\"]|a has the values null, \"\"; the filter policy wants"
            })
    void tellsThatNullAndEmptyAreNoValue(String wanted, String value, String words)
            throws FilterPolicyException {
        FilterPolicy policy =
                FilterPolicy.of("{\"a\":[" + wanted + "]}", FilterPolicyScope.MESSAGE_BODY);

        EventPatternExplanation.Miss miss =
                policy.miss(FilterPolicyInput.ofBody("{\"a\":" + value + "}")).orElseThrow();

        assertThat(miss.words()).isEqualTo(words + " a value that is neither null nor empty");
        assertThat(miss.reason()).isEqualTo(EventPatternExplanation.Reason.VALUE);
    }

    /// Were the elements of each value kept for it, they would take gigabytes.
    @Test
    void manyValuesInManyArraysAreBoundedAndMatchNothing() throws FilterPolicyException {
        String values = "{\"b\":1},".repeat(28_000) + "{\"b\":1,\"c\":1}";
        FilterPolicy policy =
                FilterPolicy.of("{\"a\":{\"b\":[1],\"c\":[1]}}", FilterPolicyScope.MESSAGE_BODY);

        assertThat(policy.matches(inArrays(8, values))).isTrue();
        EventPatternExplanation.Miss miss = policy.miss(inArrays(900, values)).orElseThrow();
        assertThat(miss.reason()).isEqualTo(EventPatternExplanation.Reason.LIMIT);
        assertThat(miss.words())
                .isEqualTo(
                        "no filter policy matches this message: too much of it is in arrays (the"
                                + " depths of all values, counted in elements of arrays, sum up to"
                                + " more than 250,000)");
    }

    /// `a.x` and `a.y` stand in one array each, and `a.z` in both: each with each would be a
    /// hundred million.
    @Test
    void valuesInDifferentArraysAreBounded() throws FilterPolicyException {
        String body =
                "{\"a\":["
                        + "{\"x\":1},".repeat(10_000)
                        + "{\"z\":1}],\"a\":["
                        + "{\"y\":1},".repeat(10_000)
                        + "{\"z\":1}]}";
        FilterPolicy policy =
                FilterPolicy.of(
                        "{\"a\":{\"x\":[1],\"y\":[1],\"z\":[1]}}", FilterPolicyScope.MESSAGE_BODY);

        EventPatternExplanation.Miss miss =
                policy.miss(FilterPolicyInput.ofBody(body)).orElseThrow();
        assertThat(miss.reason()).isEqualTo(EventPatternExplanation.Reason.LIMIT);
        assertThat(miss.words()).startsWith("a.z was looked at in the first combinations only");
    }

    /// Each of the inner arrays beside each would take minutes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"x\":{\"p\":[1],\"q\":[2]}}}",
                "{\"a\":{\"x\":{\"p\":[1],\"q\":[{\"exists\":false},2]}}}",
                "{\"a\":{\"k\":[1],\"x\":{\"q\":[2]}}}",
                "{\"a\":{\"x\":{\"q\":[2]},\"k\":[1]}}"
            })
    void manySmallArraysDoNotTakeEachBesideEach(String json) throws FilterPolicyException {
        String unlike = "{\"k\":2,\"x\":[{\"p\":1,\"q\":3},{\"q\":2}]},".repeat(10_000);
        String alike = "{\"k\":1,\"x\":[{\"p\":1,\"q\":2}]}";
        FilterPolicy policy = FilterPolicy.of(json, FilterPolicyScope.MESSAGE_BODY);

        assertThat(policy.matches(FilterPolicyInput.ofBody("{\"a\":[" + unlike + alike + "]}")))
                .isTrue();
        assertThat(policy.matches(FilterPolicyInput.ofBody("{\"a\":[" + unlike + "{}]}")))
                .isFalse();
    }

    private static FilterPolicyInput inArrays(int depth, String values) {
        return FilterPolicyInput.ofBody(
                "{\"a\":" + "[".repeat(depth) + values + "]".repeat(depth) + "}");
    }

    @Test
    void deepAndHugeInputIsBoundedAndMatchesNothing() throws FilterPolicyException {
        FilterPolicy policy = FilterPolicy.of("{\"a\":[1]}", FilterPolicyScope.MESSAGE_BODY);

        for (String body :
                List.of(
                        "{\"a\":" + "[".repeat(50_000) + "1" + "]".repeat(50_000) + "}",
                        "{\"b\":".repeat(50_000),
                        "{\"a\":1e99999999999}",
                        "{\"a\":" + "1".repeat(5_000) + "}")) {
            assertThat(policy.matches(FilterPolicyInput.ofBody(body))).isFalse();
        }
    }

    @Test
    void theCacheHandsOutWhatItCompiled() {
        FilterPolicies policies = new FilterPolicies();

        FilterPolicy first = policies.compiled("{\"a\":[1]}", FilterPolicyScope.MESSAGE_BODY);

        assertThat(policies.compiled("{\"a\":[1]}", FilterPolicyScope.MESSAGE_BODY))
                .isSameAs(first);
        assertThat(policies.compiled("{\"a\":[1]}", FilterPolicyScope.MESSAGE_ATTRIBUTES))
                .isNotSameAs(first);
    }

    private static Optional<FilterPolicyMismatch> explain(FilterPolicy policy, String body) {
        return policy.explain(FilterPolicyInput.ofBody(body));
    }

    private static FilterPolicyInput input(FilterPolicyScope scope, String message) {
        if (scope == FilterPolicyScope.MESSAGE_BODY) {
            return FilterPolicyInput.ofBody(message);
        }
        Map<String, FilterPolicyInput.Attribute> attributes = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : JSON.readTree(message).properties()) {
            attributes.put(
                    member.getKey(),
                    new FilterPolicyInput.Attribute(
                            member.getValue().get(0).asString(),
                            member.getValue().get(1).asString()));
        }
        return FilterPolicyInput.ofAttributes(attributes);
    }

    private static FilterPolicyScope scope(String name) {
        return name.equals("body")
                ? FilterPolicyScope.MESSAGE_BODY
                : FilterPolicyScope.MESSAGE_ATTRIBUTES;
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = FilterPolicyTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}

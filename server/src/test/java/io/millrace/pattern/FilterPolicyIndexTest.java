package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pattern.FilterPolicyInput.Attribute;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// The index against the plain matcher, which [FilterPolicyTest] holds against event-ruler; and how
/// much work a message costs: policies that are matched in full, not time.
final class FilterPolicyIndexTest {
    private static final int MANY = 5_000;
    private static final List<String> WORDS =
            List.of("", "a", "A", "ab", "Ab", "abc", "aBC", "ba", "BA", "ä", "Ä", "5", "1.5", "x*");
    private static final List<String> NUMBERS =
            List.of("-5", "0", "-0.0", "1", "1.5", "5", "5.0", "100", "0.1", "1e2", "1e-7");
    private static final List<String> ADDRESSES =
            List.of("10.0.0.1", "10.0.1.1", "11.0.0.1", "::1", "fe80::1");

    private final FilterPolicyIndex<Integer> index = new FilterPolicyIndex<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatThePlainMatcherFindsInBodies(long seed) throws FilterPolicyException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, FilterPolicy> policies = new HashMap<>();
        for (int round = 0; round < 20; round++) {
            change(random, policies, FilterPolicyScope.MESSAGE_BODY);
            for (int i = 0; i < 20; i++) {
                String body = RandomFilterPolicies.body(random);
                assertSame(policies, FilterPolicyInput.ofBody(body), body);
            }
        }
        assertEmptied(policies.keySet());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatThePlainMatcherFindsInAttributes(long seed) throws FilterPolicyException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, FilterPolicy> policies = new HashMap<>();
        for (int round = 0; round < 20; round++) {
            change(random, policies, FilterPolicyScope.MESSAGE_ATTRIBUTES);
            for (int i = 0; i < 20; i++) {
                Map<String, Attribute> attributes = attributes(random);
                assertSame(
                        policies,
                        FilterPolicyInput.ofAttributes(attributes),
                        attributes.toString());
            }
        }
        assertEmptied(policies.keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'n':['v%d']} | v777",
                "{'n':[{'prefix':'v%d-'}]} | v777-1",
                "{'n':[{'suffix':'-%dv'}]} | 1-777v",
                "{'n':[{'equals-ignore-case':'V%d'}]} | v777",
                "{'n':[{'prefix':{'equals-ignore-case':'V%d-'}}]} | v777-x",
                "{'n':[{'wildcard':'v%d-*x'}]} | v777-yx",
                "{'n':[{'wildcard':'*-%d'}]} | a-777",
                "{'n':['v%d',{'anything-but':['v777']}],'m':['w%1$d']} | v777",
                "{'$or':[{'n':['v%d']},{'m':['u%1$d']}]} | v777"
            })
    void findsOneOfManyWithLittleWork(String policy, String value) throws FilterPolicyException {
        for (int i = 0; i < MANY; i++) {
            put(i, policy.formatted(i).replace('\'', '"'));
        }
        FilterPolicyInput input =
                FilterPolicyInput.ofAttributes(
                        Map.of(
                                "n", new Attribute("String", value),
                                "m", new Attribute("String", "w777")));

        assertThat(index.match(input)).containsExactly(777);
        assertThat(index.candidates(input)).hasSizeLessThan(40);
    }

    @Test
    void findsNumbersAndRangesWithLittleWork() throws FilterPolicyException {
        for (int i = 0; i < MANY; i++) {
            put(2 * i, "{\"n\":[%d.5]}".formatted(i));
            put(2 * i + 1, "{\"m\":[{\"numeric\":[\">=\",%d,\"<\",%d]}]}".formatted(i, i + 1));
        }
        FilterPolicyInput input =
                FilterPolicyInput.ofAttributes(
                        Map.of(
                                "n", new Attribute("Number", "77.50"),
                                "m", new Attribute("Number", "99")));

        assertThat(index.match(input)).containsExactlyInAnyOrder(154, 199);
        assertThat(index.candidates(input)).hasSizeLessThan(60);
    }

    @Test
    void aThousandNamesCostWhatTheMessageHas() throws FilterPolicyException {
        for (int i = 0; i < MANY; i++) {
            put(i, "{\"name-%d\":[\"yes\"]}".formatted(i));
        }
        FilterPolicyInput input =
                FilterPolicyInput.ofAttributes(Map.of("name-777", new Attribute("String", "yes")));

        assertThat(index.match(input)).containsExactly(777);
        assertThat(index.candidates(input)).hasSizeLessThan(40);
    }

    @Test
    void longBeginningsAreCutAndStillTold() throws FilterPolicyException {
        String head = "a".repeat(200);
        put(1, "{\"n\":[{\"prefix\":\"" + head + "b\"}]}");
        put(2, "{\"n\":[{\"prefix\":\"" + head + "c\"}]}");
        for (int i = 3; i < 60; i++) { // so that the bucket spreads
            put(i, "{\"n\":[\"v" + i + "\"]}");
        }

        assertThat(match(head + "c!")).containsExactly(2);
    }

    @Test
    void numbersThatNoDoubleTellsApartAreToldApart() throws FilterPolicyException {
        put(1, "{\"n\":[900719925474099.3]}");
        for (int i = 2; i < 60; i++) {
            put(i, "{\"n\":[" + i + "]}");
        }

        assertThat(number("900719925474099.30")).containsExactly(1);
        assertThat(number("900719925474099.30000000000000001")).isEmpty();
        assertThat(number("1e400")).isEmpty();
    }

    @Test
    void anEmptyPolicyMatchesEverything() throws FilterPolicyException {
        put(1, "{}");
        put(2, "{\"n\":[{\"exists\":false}]}");

        assertThat(index.match(FilterPolicyInput.ofAttributes(Map.of()))).containsExactly(1);
        index.remove(1);
        assertThat(index.match(FilterPolicyInput.ofAttributes(Map.of()))).isEmpty();
    }

    private Set<Integer> match(String value) {
        return index.match(
                FilterPolicyInput.ofAttributes(Map.of("n", new Attribute("String", value))));
    }

    private Set<Integer> number(String value) {
        return index.match(
                FilterPolicyInput.ofAttributes(Map.of("n", new Attribute("Number", value))));
    }

    private void put(int key, String policy) throws FilterPolicyException {
        index.put(key, FilterPolicy.of(policy, FilterPolicyScope.MESSAGE_ATTRIBUTES));
    }

    /// Adds, replaces and removes some.
    private void change(
            SplittableRandom random, Map<Integer, FilterPolicy> policies, FilterPolicyScope scope)
            throws FilterPolicyException {
        for (int i = 0; i < 40; i++) {
            int key = random.nextInt(200);
            if (random.nextInt(4) == 0) {
                policies.remove(key);
                index.remove(key);
                continue;
            }
            FilterPolicy policy = policy(random, scope);
            policies.put(key, policy);
            index.put(key, policy);
        }
    }

    private static FilterPolicy policy(SplittableRandom random, FilterPolicyScope scope)
            throws FilterPolicyException {
        boolean nested = scope == FilterPolicyScope.MESSAGE_BODY && random.nextBoolean();
        String json = nested ? RandomFilterPolicies.policy(random) : flatPolicy(random);
        try {
            return FilterPolicy.of(json, scope);
        } catch (FilterPolicyException e) {
            if (e.message().endsWith("too complex")) {
                return policy(random, scope);
            }
            throw e;
        }
    }

    private static String flatPolicy(SplittableRandom random) {
        String first = member(random, "a") + "," + member(random, "b");
        return switch (random.nextInt(4)) {
            case 0 -> "{" + member(random, "a") + "}";
            case 1 -> "{" + first + "}";
            case 2 -> "{" + first + "," + member(random, "c") + "}";
            default ->
                    "{"
                            + member(random, "c")
                            + ",\"$or\":[{"
                            + member(random, "a")
                            + "},{"
                            + member(random, "b")
                            + "}]}";
        };
    }

    private static String member(SplittableRandom random, String name) {
        return "\""
                + name
                + "\":["
                + condition(random)
                + (random.nextBoolean() ? "" : "," + condition(random))
                + "]";
    }

    private static String condition(SplittableRandom random) {
        String word = '"' + WORDS.get(1 + random.nextInt(WORDS.size() - 2)) + '"';
        String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return switch (random.nextInt(15)) {
            case 0, 1 -> word;
            case 2 -> number;
            case 3 -> "{\"prefix\":" + word + "}";
            case 4 -> "{\"suffix\":" + word + "}";
            case 5 -> "{\"equals-ignore-case\":" + word + "}";
            case 6 -> "{\"prefix\":{\"equals-ignore-case\":" + word + "}}";
            case 7 -> "{\"suffix\":{\"equals-ignore-case\":" + word + "}}";
            case 8 -> "{\"wildcard\":" + word.replace("b", "*") + "}";
            case 9 -> "{\"exists\":" + random.nextBoolean() + "}";
            case 10 -> "{\"anything-but\":[" + word + "]}";
            case 11 -> "{\"numeric\":[\"=\"," + number + "]}";
            case 12 -> "{\"numeric\":[\">\"," + number + "]}";
            case 13 -> "{\"numeric\":[\">=\"," + number + ",\"<=\",1000]}";
            default ->
                    "{\"cidr\":\""
                            + ADDRESSES.get(random.nextInt(3))
                            + "/"
                            + random.nextInt(32)
                            + "\"}";
        };
    }

    private static Map<String, Attribute> attributes(SplittableRandom random) {
        Map<String, Attribute> attributes = new HashMap<>();
        for (String name : List.of("a", "b", "c", "d")) {
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 ->
                        attributes.put(
                                name,
                                new Attribute(
                                        "Number", NUMBERS.get(random.nextInt(NUMBERS.size()))));
                case 2 ->
                        attributes.put(
                                name,
                                new Attribute(
                                        "String", ADDRESSES.get(random.nextInt(ADDRESSES.size()))));
                case 3 ->
                        attributes.put(
                                name,
                                new Attribute(
                                        "String.Array",
                                        "[\"%s\",%s,true,null]"
                                                .formatted(
                                                        WORDS.get(random.nextInt(WORDS.size())),
                                                        NUMBERS.get(
                                                                random.nextInt(NUMBERS.size())))));
                default ->
                        attributes.put(
                                name,
                                new Attribute("String", WORDS.get(random.nextInt(WORDS.size()))));
            }
        }
        return attributes;
    }

    private void assertSame(
            Map<Integer, FilterPolicy> policies, FilterPolicyInput input, String message) {
        Set<Integer> expected = new HashSet<>();
        policies.forEach((key, policy) -> {
            if (policy.matches(input)) {
                expected.add(key);
            }
        });
        assertThat(index.match(input))
                .describedAs(message)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private void assertEmptied(Set<Integer> keys) {
        keys.forEach(index::remove);
        assertThat(index.placeCount()).isZero();
        assertThat(index.size()).isZero();
    }
}

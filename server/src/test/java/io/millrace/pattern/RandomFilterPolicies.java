package io.millrace.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Random policies and bodies over few names and values, so that they often meet. What ignores case
/// stands alone in a policy: beside other conditions on the same key, event-ruler 2.1.0 gets it
/// wrong, and not always the same way.
final class RandomFilterPolicies {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> TEXTS = List.of("", "a", "ab", "abc", "ba", "A", "Ab", "5");
    private static final List<String> NUMBERS = List.of("-5", "0", "1", "1.5", "5", "5.0", "100");
    private static final List<String> LITERALS = List.of("true", "false", "null");
    private static final int DEPTH_MAX = 3;

    private RandomFilterPolicies() {}

    static String policy(RandomGenerator random) {
        return policyObject(random, 1, 1 + random.nextInt(3));
    }

    /// A policy of one condition, which ignores case.
    static String ignoringCase(RandomGenerator random) {
        String text = quoted(pick(random, TEXTS.subList(1, TEXTS.size())));
        String condition = "{\"equals-ignore-case\":" + text + "}";
        return "{"
                + quoted(pick(random, NAMES))
                + ":["
                + (random.nextBoolean() ? condition : "{\"anything-but\":" + condition + "}")
                + "]}";
    }

    static String body(RandomGenerator random) {
        return object(random, 1);
    }

    private static String policyObject(RandomGenerator random, int depth, int size) {
        List<String> members = new ArrayList<>();
        List<String> names = names(random, size);
        for (String name : names) {
            boolean nested = depth < DEPTH_MAX && random.nextInt(3) == 0;
            members.add(
                    quoted(name)
                            + ":"
                            + (nested
                                    ? policyObject(random, depth + 1, 1 + random.nextInt(2))
                                    : conditions(random)));
        }
        if (depth < DEPTH_MAX && random.nextInt(6) == 0) {
            members.add(
                    "\"$or\":["
                            + policyObject(random, DEPTH_MAX, 1)
                            + ","
                            + policyObject(random, DEPTH_MAX, 1)
                            + "]");
        }
        return "{" + String.join(",", members) + "}";
    }

    private static String conditions(RandomGenerator random) {
        List<String> conditions = new ArrayList<>();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            conditions.add(condition(random));
        }
        return "[" + String.join(",", conditions) + "]";
    }

    private static String condition(RandomGenerator random) {
        String text = quoted(pick(random, TEXTS.subList(1, TEXTS.size())));
        return switch (random.nextInt(13)) {
            case 0, 1, 2 -> value(random);
            case 3 -> "{\"prefix\":" + text + "}";
            case 4 -> "{\"suffix\":" + text + "}";
            case 5 -> "{\"wildcard\":\"*" + pick(random, TEXTS.subList(1, 5)) + "*\"}";
            case 6 ->
                    "{\"anything-but\":{\"wildcard\":\"*"
                            + pick(random, TEXTS.subList(1, 5))
                            + "\"}}";
            case 7 -> "{\"exists\":" + random.nextBoolean() + "}";
            case 8 -> "{\"anything-but\":[" + text + "]}";
            case 9 -> "{\"anything-but\":[" + pick(random, NUMBERS) + "]}";
            case 10 -> "{\"anything-but\":{\"prefix\":" + text + "}}";
            case 11 -> "{\"anything-but\":{\"suffix\":" + text + "}}";
            default ->
                    "{\"numeric\":[\""
                            + pick(random, List.of("<", "<=", "=", ">", ">="))
                            + "\","
                            + pick(random, NUMBERS)
                            + "]}";
        };
    }

    private static String object(RandomGenerator random, int depth) {
        List<String> members = new ArrayList<>();
        for (String name : names(random, random.nextInt(NAMES.size() + 1))) {
            members.add(quoted(name) + ":" + node(random, depth + 1));
        }
        return "{" + String.join(",", members) + "}";
    }

    private static String node(RandomGenerator random, int depth) {
        int kind = depth > DEPTH_MAX ? 0 : random.nextInt(5);
        if (kind == 1) {
            return object(random, depth);
        }
        if (kind == 2 || kind == 3) {
            List<String> elements = new ArrayList<>();
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                elements.add(node(random, depth + 1));
            }
            return "[" + String.join(",", elements) + "]";
        }
        return value(random);
    }

    private static String value(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> pick(random, LITERALS);
            case 1 -> pick(random, NUMBERS);
            default -> quoted(pick(random, TEXTS));
        };
    }

    private static List<String> names(RandomGenerator random, int count) {
        List<String> left = new ArrayList<>(NAMES);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(left.remove(random.nextInt(left.size())));
        }
        return names;
    }

    private static String pick(RandomGenerator random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}

package io.millrace.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Random patterns and events over few names and values, so that they often meet. Every operator of
/// the documentation is among them, in each of its forms.
final class RandomEventPatterns {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> TEXTS =
            List.of(
                    "a",
                    "ab",
                    "abc",
                    "aBc",
                    "Ab",
                    "b",
                    "bab",
                    "ä",
                    "Ä",
                    "q\\\"",
                    "true",
                    "null",
                    "7",
                    "x*y",
                    "x\\\\y",
                    "10.0.0.1",
                    "10.0.1.9",
                    "::1",
                    "0:0:0:0:0:0:0:1",
                    "2001:db8::5",
                    "2001:DB8::5",
                    "300.1.1.1");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0.0",
                    "1",
                    "-1",
                    "7",
                    "7.0",
                    "70e-1",
                    "0.1",
                    "0.10",
                    "1e3",
                    "301.8",
                    "3.018e2",
                    "12345678901",
                    "0.000001",
                    "-5000000000");
    private static final List<String> WILDCARDS =
            List.of("*", "a*", "*b", "a*c", "*a*", "*b*b*", "x\\\\**", "x\\\\*y", "b*b", "a*b*c");
    private static final List<String> BLOCKS =
            List.of(
                    "10.0.0.0/8",
                    "10.0.0.0/23",
                    "10.0.0.0/24",
                    "10.0.0.0/31",
                    "0.0.0.0/0",
                    "::/0",
                    "::/127",
                    "2001:db8::/32",
                    "2001:db8::4/126");
    private static final int DEPTH_MAX = 2;

    private final RandomGenerator random;

    RandomEventPatterns(RandomGenerator random) {
        this.random = random;
    }

    /// One that is not refused for its wildcards: the tests of that are others.
    String pattern() {
        while (true) { // ends: most are simple enough
            String pattern = pattern(DEPTH_MAX, List.of());
            if (!WildcardComplexity.isTooHigh(EventPatternParser.parseValid(pattern))) {
                return pattern;
            }
        }
    }

    String event() {
        return event(DEPTH_MAX);
    }

    /// @param taken names that are not to be used, as a path must not come twice
    private String pattern(int depth, List<String> taken) {
        List<String> free = new ArrayList<>(NAMES);
        free.removeAll(taken);
        List<String> used = new ArrayList<>(taken);
        List<String> members = new ArrayList<>();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count && !free.isEmpty(); i++) {
            String name = free.remove(random.nextInt(free.size()));
            boolean nested = depth > 0 && random.nextInt(3) == 0;
            used.add(name);
            members.add(
                    '"' + name + "\":" + (nested ? pattern(depth - 1, List.of()) : conditions()));
        }
        if (depth > 0 && used.size() < NAMES.size() && random.nextInt(4) == 0) {
            members.add(
                    "\"$or\":["
                            + list(2 + random.nextInt(2), () -> pattern(depth - 1, used))
                            + "]");
        }
        return "{" + String.join(",", members) + "}";
    }

    private String conditions() {
        return "[" + list(1 + random.nextInt(3), this::condition) + "]";
    }

    private String condition() {
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> text();
            case 3, 4 -> number();
            case 5 -> literal();
            case 6 -> "{\"exists\":" + random.nextBoolean() + "}";
            case 7 -> "{\"prefix\":" + text() + "}";
            case 8 -> "{\"suffix\":" + text() + "}";
            case 9 -> "{\"equals-ignore-case\":" + text() + "}";
            case 10, 11 -> "{\"anything-but\":" + anythingBut() + "}";
            case 12 -> "{\"numeric\":[" + comparison("=", "<", "<=", ">", ">=") + "]}";
            case 13 ->
                    "{\"numeric\":[\""
                            + pick(List.of(">", ">="))
                            + "\","
                            + pick(List.of("-5e9", "-1", "0", "0.05"))
                            + ",\""
                            + pick(List.of("<", "<="))
                            + "\","
                            + pick(List.of("0.1", "7", "301.8", "5e9"))
                            + "]}";
            case 14 -> "{\"cidr\":\"" + pick(BLOCKS) + "\"}";
            case 15 -> "{\"prefix\":{\"equals-ignore-case\":" + text() + "}}";
            case 16 -> "{\"suffix\":{\"equals-ignore-case\":" + text() + "}}";
            default -> "{\"wildcard\":\"" + pick(WILDCARDS) + "\"}";
        };
    }

    private String comparison(String... operators) {
        return '"' + pick(List.of(operators)) + "\"," + pick(NUMBERS.subList(0, 12));
    }

    private String anythingBut() {
        return switch (random.nextInt(6)) {
            case 0 -> oneOrList(this::textOrEmpty);
            case 1 -> oneOrList(this::number);
            case 2 -> "{\"prefix\":" + oneOrList(this::text) + "}";
            case 3 -> "{\"suffix\":" + oneOrList(this::text) + "}";
            case 4 -> "{\"equals-ignore-case\":" + oneOrList(this::text) + "}";
            default -> "{\"wildcard\":" + oneOrList(() -> '"' + pick(WILDCARDS) + '"') + "}";
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
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0, 1 -> textOrEmpty();
            case 2, 3 -> number();
            case 4 -> literal();
            case 5 -> "[" + list(random.nextInt(4), () -> value(0)) + "]";
            case 6, 7 -> event(depth - 1);
            default -> "[" + list(random.nextInt(3), () -> event(depth - 1)) + "]";
        };
    }

    private String literal() {
        return pick(List.of("true", "false", "null"));
    }

    private String text() {
        return '"' + pick(TEXTS) + '"';
    }

    private String textOrEmpty() {
        return random.nextInt(8) == 0 ? "\"\"" : text();
    }

    private String number() {
        return pick(NUMBERS);
    }

    private String oneOrList(Supplier<String> element) {
        return random.nextBoolean()
                ? element.get()
                : "[" + list(1 + random.nextInt(3), element) + "]";
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

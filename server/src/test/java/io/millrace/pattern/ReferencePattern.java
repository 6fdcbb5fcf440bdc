package io.millrace.pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// AWS's documentation of event patterns, read word by word and without a thought for speed: shares
/// nothing with what it is held against but the meaning.
///
/// It takes an event apart into the worlds that it describes, one for each choice of an element in
/// each array, and a pattern into the alternatives that `$or` gives it. A pattern matches when the
/// paths of one alternative, by name, can each choose a value in the worlds that are left of those
/// before, and leave the worlds with that value; what must not exist is to be in none of them.
/// Sources: [comparison
/// operators](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html),
/// and for arrays [event-ruler](https://github.com/aws/event-ruler).
final class ReferencePattern {
    private static final JsonMapper JSON = new JsonMapper();

    /// One value in an event; two that are equal are still two.
    static final class Leaf {
        private final JsonNode value;

        private Leaf(JsonNode value) {
            this.value = value;
        }
    }

    private final List<Map<String, JsonNode>> alternatives;

    private ReferencePattern(List<Map<String, JsonNode>> alternatives) {
        this.alternatives = alternatives;
    }

    static ReferencePattern of(String pattern) {
        return new ReferencePattern(alternatives("", JSON.readTree(pattern)));
    }

    /// The worlds of an event: in each, a path has one value.
    static List<Map<String, Leaf>> worlds(String event) {
        return worlds("", JSON.readTree(event));
    }

    boolean matches(List<Map<String, Leaf>> worlds) {
        return alternatives.stream()
                .anyMatch(each -> holds(List.copyOf(new TreeMap<>(each).entrySet()), worlds));
    }

    private static List<Map<String, JsonNode>> alternatives(String path, JsonNode pattern) {
        List<Map<String, JsonNode>> all = List.of(Map.of());
        for (Map.Entry<String, JsonNode> member : pattern.properties()) {
            String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            List<Map<String, JsonNode>> ofMember = new ArrayList<>();
            if (member.getKey().equals("$or")) {
                member.getValue().forEach(each -> ofMember.addAll(alternatives(path, each)));
            } else if (member.getValue().isObject()) {
                ofMember.addAll(alternatives(at, member.getValue()));
            } else {
                ofMember.add(Map.of(at, member.getValue()));
            }
            all = product(all, ofMember);
        }
        return all;
    }

    /// An array is each of its elements, by turns; an empty one, as an empty object, is nothing.
    private static List<Map<String, Leaf>> worlds(String path, JsonNode value) {
        List<Map<String, Leaf>> all = List.of(Map.of());
        if (value.isArray()) {
            List<Map<String, Leaf>> elements = new ArrayList<>();
            value.forEach(element -> elements.addAll(worlds(path, element)));
            return elements.isEmpty() ? all : elements;
        }
        if (!value.isObject()) {
            return List.of(Map.of(path, new Leaf(value)));
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            all = product(all, worlds(at, member.getValue()));
        }
        return all;
    }

    private static <V> List<Map<String, V>> product(
            List<Map<String, V>> left, List<Map<String, V>> right) {
        List<Map<String, V>> product = new ArrayList<>();
        for (Map<String, V> one : left) {
            for (Map<String, V> other : right) {
                Map<String, V> both = new HashMap<>(one);
                both.putAll(other);
                product.add(both);
            }
        }
        return product;
    }

    private static boolean holds(
            List<Map.Entry<String, JsonNode>> paths, List<Map<String, Leaf>> worlds) {
        if (paths.isEmpty()) {
            return true;
        }
        String path = paths.getFirst().getKey();
        List<JsonNode> conditions = List.copyOf(paths.getFirst().getValue().values());
        List<Map.Entry<String, JsonNode>> rest = paths.subList(1, paths.size());
        Set<Leaf> leaves = new LinkedHashSet<>();
        for (Map<String, Leaf> world : worlds) {
            if (world.containsKey(path)) {
                leaves.add(world.get(path));
            }
        }
        if (leaves.isEmpty()) {
            return conditions.stream().anyMatch(ReferencePattern::isAbsent) && holds(rest, worlds);
        }
        return leaves.stream()
                .filter(leaf -> conditions.stream().anyMatch(each -> satisfies(each, leaf.value)))
                .anyMatch(leaf -> holds(rest, with(path, leaf, worlds)));
    }

    private static List<Map<String, Leaf>> with(
            String path, Leaf leaf, List<Map<String, Leaf>> worlds) {
        return worlds.stream().filter(world -> leaf.equals(world.get(path))).toList();
    }

    private static boolean isAbsent(JsonNode condition) {
        return condition.has("exists") && !condition.get("exists").asBoolean();
    }

    private static boolean satisfies(JsonNode condition, JsonNode value) {
        if (!condition.isObject()) {
            return same(condition, value) || sameAddress(condition, value);
        }
        Map.Entry<String, JsonNode> operator = condition.properties().iterator().next();
        JsonNode operand = operator.getValue();
        return switch (operator.getKey()) {
            case "exists" -> operand.asBoolean();
            case "anything-but" -> anythingBut(operand, value);
            case "numeric" -> value.isNumber() && numeric(operand, value.decimalValue());
            case "cidr" -> value.isString() && inBlock(operand.asString(), value.asString());
            default -> value.isString() && text(operator.getKey(), operand, value.asString());
        };
    }

    private static boolean same(JsonNode wanted, JsonNode value) {
        return (wanted.isNumber() && value.isNumber())
                ? wanted.decimalValue().compareTo(value.decimalValue()) == 0
                : wanted.equals(value);
    }

    /// None of these, be it one or a list, plain or of an operator on strings.
    private static boolean anythingBut(JsonNode operand, JsonNode value) {
        if (!operand.isObject()) {
            return each(operand).stream().noneMatch(one -> same(one, value));
        }
        Map.Entry<String, JsonNode> operator = operand.properties().iterator().next();
        return !value.isString()
                || each(operator.getValue()).stream()
                        .noneMatch(one -> text(operator.getKey(), one, value.asString()));
    }

    private static List<JsonNode> each(JsonNode oneOrList) {
        return oneOrList.isArray() ? List.copyOf(oneOrList.values()) : List.of(oneOrList);
    }

    private static boolean text(String operator, JsonNode operand, String value) {
        if (operand.isObject()) { // {"prefix": {"equals-ignore-case": …
            String folded = folded(operand.get("equals-ignore-case").asString());
            return operator.equals("prefix")
                    ? folded(value).startsWith(folded)
                    : folded(value).endsWith(folded);
        }
        String text = operand.asString();
        return switch (operator) {
            case "prefix" -> value.startsWith(text);
            case "suffix" -> value.endsWith(text);
            case "equals-ignore-case" -> folded(value).equals(folded(text));
            case "wildcard" -> wildcard(text, 0, value, 0);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static String folded(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static boolean wildcard(String pattern, int at, String value, int from) {
        if (at == pattern.length()) {
            return from == value.length();
        }
        char c = pattern.charAt(at);
        if (c == '*') {
            return wildcard(pattern, at + 1, value, from)
                    || (from < value.length() && wildcard(pattern, at, value, from + 1));
        }
        int next = c == '\\' ? at + 1 : at;
        return from < value.length()
                && value.charAt(from) == pattern.charAt(next)
                && wildcard(pattern, next + 1, value, from + 1);
    }

    private static boolean numeric(JsonNode operand, BigDecimal value) {
        for (int i = 0; i < operand.size(); i += 2) {
            int compared = value.compareTo(operand.get(i + 1).decimalValue());
            boolean holds =
                    switch (operand.get(i).asString()) {
                        case "=" -> compared == 0;
                        case "<" -> compared < 0;
                        case "<=" -> compared <= 0;
                        case ">" -> compared > 0;
                        default -> compared >= 0;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameAddress(JsonNode wanted, JsonNode value) {
        return wanted.isString()
                && value.isString()
                && bits(wanted.asString()).length() > 0
                && bits(wanted.asString()).equals(bits(value.asString()));
    }

    private static boolean inBlock(String block, String address) {
        int slash = block.indexOf('/');
        String network = bits(block.substring(0, slash));
        int length = Integer.parseInt(block.substring(slash + 1));
        String bits = bits(address);
        return bits.length() == network.length() && bits.startsWith(network.substring(0, length));
    }

    /// The bits of an IP address, each a character; empty when the text is none.
    private static String bits(String text) {
        boolean v6 = text.matches("[0-9a-fA-F:]*:[0-9a-fA-F:]*");
        if (!v6 && !text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return "";
        }
        List<String> groups = new ArrayList<>(List.of(text.split(v6 ? ":" : "\\.", -1)));
        if (v6) {
            if (text.startsWith("::")) {
                groups.removeFirst();
            }
            if (text.endsWith("::")) {
                groups.removeLast();
            }
            int gap = groups.indexOf("");
            while (gap >= 0 && groups.size() < 8) {
                groups.add(gap, "0");
            }
        }
        StringBuilder bits = new StringBuilder();
        for (String group : groups) {
            int number = new BigInteger("0" + group, v6 ? 16 : 10).intValue();
            int width = v6 ? 16 : 8;
            if (number >> width != 0) {
                return "";
            }
            String binary = Integer.toBinaryString(number | 1 << width).substring(1);
            bits.append(binary);
        }
        return bits.toString();
    }
}

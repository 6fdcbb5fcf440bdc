package io.millrace.service.logs.filter;

import io.millrace.pattern.EventJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Conditions on events that are JSON objects: `{ $.a = "x" && ($.b > 3 || $.c NOT EXISTS) }`.
/// Other events do not match. A condition is about a text, a number or a truth value; an array or
/// an object satisfies neither `=` nor `!=`, and neither does what is not there.
record JsonPattern(Predicate<JsonNode> condition) implements FilterPattern {
    private static final String DELIMITERS = "()&|=<>!\"%,";

    static JsonPattern parse(PatternText text) {
        int[] regexes = {0};
        Predicate<JsonNode> condition = Expression.parse(text, part -> condition(part, regexes));
        text.skipSpace();
        if (!text.atEnd()) {
            throw FilterPatternException.invalid();
        }
        if (regexes[0] > Regex.COUNT_MAX) {
            throw FilterPatternException.tooManyRegexes(Regex.COUNT_MAX);
        }
        return new JsonPattern(condition);
    }

    private static Predicate<JsonNode> condition(PatternText text, int[] regexes) {
        Selector selector = Selector.parse(text);
        text.skipSpace();
        if (text.takeWord("NOT")) {
            text.skipSpace();
            if (!text.takeWord("EXISTS")) {
                throw FilterPatternException.invalid();
            }
            return event -> selector.select(event).isEmpty();
        }
        if (text.takeWord("IS")) {
            text.skipSpace();
            Predicate<JsonNode> state = state(text);
            return event -> selector.select(event).stream().anyMatch(state);
        }
        Comparison comparison = Comparison.parse(text, DELIMITERS);
        if (comparison.usesRegex()) {
            regexes[0]++;
        }
        return event -> test(selector.select(event), comparison);
    }

    private static Predicate<JsonNode> state(PatternText text) {
        if (text.takeWord("NULL")) {
            return JsonNode::isNull;
        }
        if (text.takeWord("TRUE")) {
            return node -> node.isBoolean() && node.booleanValue();
        }
        if (text.takeWord("FALSE")) {
            return node -> node.isBoolean() && !node.booleanValue();
        }
        throw FilterPatternException.invalid();
    }

    private static boolean test(List<JsonNode> values, Comparison comparison) {
        for (JsonNode value : values) {
            boolean satisfied =
                    isFinite(value)
                            ? comparison.test(value.asString(), value.decimalValue())
                            : (value.isString() || value.isBoolean())
                                    && comparison.test(value.asString());
            if (satisfied) {
                return true;
            }
        }
        return false;
    }

    /// Numbers beyond all bounds, as 1e400, equal nothing.
    private static boolean isFinite(JsonNode value) {
        return value.isNumber() && !(value.isDouble() && !Double.isFinite(value.doubleValue()));
    }

    @Override
    public boolean matches(String message) {
        JsonNode event = read(message);
        return event != null && condition.test(event);
    }

    private static @Nullable JsonNode read(String message) {
        int first = 0;
        while (first < message.length() && Character.isWhitespace(message.charAt(first))) {
            first++;
        }
        if (first == message.length() || message.charAt(first) != '{') {
            return null; // without the cost of an exception
        }
        try {
            return EventJson.MAPPER.readTree(message);
        } catch (JacksonException _) {
            return null;
        }
    }

    @Override
    public Map<String, String> extract(String message) {
        return Map.of();
    }
}

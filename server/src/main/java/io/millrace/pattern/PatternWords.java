package io.millrace.pattern;

import io.millrace.pattern.EventPatternExplanation.Reason;
import io.millrace.pattern.EventPatternFields.Field;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Conditions, and why a value does not satisfy them, in words for people.
final class PatternWords {
    private static final int VALUES_SHOWN = 5;
    private static final int CONDITIONS_SHOWN = 8;
    private static final int VALUE_CHARS_SHOWN = 200;

    /// Why a field failed, and a hint when it failed by a hair.
    record Why(Reason reason, String hint) {}

    private PatternWords() {}

    /// One sentence on a field that failed.
    ///
    /// @param who wants it: `rule`, `filter policy`
    /// @param actual the values that are there
    static String sentence(
            String who, String path, List<EventPatternCondition> conditions, List<Field> actual) {
        return sentence(who, path, wants(conditions), actual) + why(conditions, actual).hint;
    }

    /// The same without a hint.
    static String sentence(String who, String path, String wanted, List<Field> actual) {
        if (actual.isEmpty()) {
            return path + " is missing; the " + who + " wants " + wanted;
        }
        String values =
                actual.size() == 1
                        ? path + " is " + shown(actual.getFirst().value())
                        : path + " has the values " + values(actual);
        return values + "; the " + who + " wants " + wanted;
    }

    static Why why(List<EventPatternCondition> conditions, List<Field> actual) {
        if (actual.isEmpty()) {
            return new Why(Reason.MISSING, "");
        }
        if (conditions.stream().allMatch(EventPatternCondition.Absent.class::isInstance)) {
            return new Why(Reason.PRESENT, "");
        }
        Why nearest = new Why(Reason.VALUE, "");
        for (Field field : actual) {
            for (EventPatternCondition condition : conditions) {
                Why why = why(field, condition);
                if (why != null && nearest.reason == Reason.VALUE) {
                    nearest = why;
                }
            }
        }
        return nearest;
    }

    /// Null when the value is simply another.
    private static @Nullable Why why(Field field, EventPatternCondition condition) {
        String other = retyped(field);
        if (other != null && !(condition instanceof EventPatternCondition.AnythingBut)) {
            double number = field.isString() ? numberOr(other) : Double.NaN;
            if (condition.matches(new Field(other, number, field.element()))) {
                String is = field.isString() ? "the string " : typed(field.value());
                String isNot = field.isString() ? typed(other) : "the string ";
                return new Why(
                        Reason.TYPE,
                        " (" + is + shown(field.value()) + " is not " + isNot + shown(other) + ")");
            }
        }
        if (field.isString() && caseless(condition, field)) {
            return new Why(Reason.CASE, " (only the case differs)");
        }
        if (field.isString() && !field.value().equals(stripped(field))) {
            Field bare = new Field(stripped(field), Double.NaN, field.element());
            if (!(condition instanceof EventPatternCondition.AnythingBut)
                    && condition.matches(bare)) {
                return new Why(Reason.VALUE, " (only spaces around it differ)");
            }
        }
        return null;
    }

    private static String typed(String value) {
        char first = value.charAt(0);
        return first == '-' || Character.isDigit(first) ? "the number " : "the literal ";
    }

    private static String stripped(Field field) {
        return '"' + text(field).strip() + '"';
    }

    private static String text(Field field) {
        return field.value().substring(1, field.value().length() - 1);
    }

    /// The same in the other type: `"5"` and `5`, `"true"` and `true`.
    private static @Nullable String retyped(Field field) {
        if (!field.isString()) {
            return '"' + field.value() + '"';
        }
        String text = text(field);
        boolean literal = text.equals("true") || text.equals("false") || text.equals("null");
        return literal || !Double.isNaN(numberOr(text)) ? text : null;
    }

    private static double numberOr(String text) {
        if (text.isEmpty() || text.length() > VALUE_CHARS_SHOWN || !isNumeral(text)) {
            return Double.NaN;
        }
        try {
            return EventPatternFields.number(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private static boolean isNumeral(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    }

    /// Whether it would match in another case.
    private static boolean caseless(EventPatternCondition condition, Field field) {
        return switch (condition) {
            case EventPatternCondition.Equal(String value) -> field.value().equalsIgnoreCase(value);
            case EventPatternCondition.Prefix(String text, _) ->
                    new EventPatternCondition.Prefix(text, true).matches(field);
            case EventPatternCondition.Suffix(String text, _) ->
                    new EventPatternCondition.Suffix(text, true).matches(field);
            case EventPatternCondition.Wildcard(_, String spelling) ->
                    EventPatternCondition.Wildcard.of(spelling.toLowerCase(Locale.ROOT))
                            .matches(
                                    new Field(
                                            field.value().toLowerCase(Locale.ROOT),
                                            Double.NaN,
                                            field.element()));
            default -> false;
        };
    }

    private static String values(List<Field> actual) {
        List<String> shown = new ArrayList<>();
        for (Field field : actual.subList(0, Math.min(actual.size(), VALUES_SHOWN))) {
            shown.add(shown(field.value()));
        }
        if (actual.size() > VALUES_SHOWN) {
            shown.add("and " + (actual.size() - VALUES_SHOWN) + " more");
        }
        return String.join(", ", shown);
    }

    static String wants(List<EventPatternCondition> conditions) {
        if (conditions.isEmpty()) {
            return "what no value is"; // an empty list
        }
        List<String> words = new ArrayList<>();
        int count = Math.min(conditions.size(), CONDITIONS_SHOWN);
        for (EventPatternCondition condition : conditions.subList(0, count)) {
            words.add(wants(condition));
        }
        if (conditions.size() > count) {
            words.add("one of " + (conditions.size() - count) + " others");
        }
        return String.join(" or ", words);
    }

    private static String wants(EventPatternCondition condition) {
        return switch (condition) {
            case EventPatternCondition.Equal(String value) -> shown(value);
            case EventPatternCondition.NumberEqual(_, String spelling) -> {
                boolean operator = spelling.startsWith("{");
                yield operator
                        ? "numeric = " + spelling.substring(16, spelling.length() - 2)
                        : "the number " + spelling;
            }
            case EventPatternCondition.Range range ->
                    "numeric "
                            + range.spelling()
                                    .replace("\",", "\" ")
                                    .replace(",\"", " and ")
                                    .replace("\"", "");
            case EventPatternCondition.Prefix(String text, boolean ignoreCase) ->
                    "a string that begins with " + quoted(text, ignoreCase);
            case EventPatternCondition.Suffix(String text, boolean ignoreCase) ->
                    "a string that ends with " + quoted(text, ignoreCase);
            case EventPatternCondition.EqualIgnoreCase(String text) -> quoted(text, true);
            case EventPatternCondition.Wildcard(_, String spelling) ->
                    "a string like " + quoted(spelling, false) + ", where * is any text";
            case EventPatternCondition.Cidr cidr ->
                    cidr.spelling().startsWith("{")
                            ? "an IP address in " + cidr.spelling().split("\"", -1)[3]
                            : cidr.spelling();
            case EventPatternCondition.AnythingBut(List<EventPatternCondition> conditions, _) ->
                    "anything but " + wants(conditions);
            case EventPatternCondition.Exists() -> "any value";
            case EventPatternCondition.Absent() -> "no such field";
        };
    }

    private static String quoted(String text, boolean ignoreCase) {
        return shown('"' + text + '"') + (ignoreCase ? " in any case" : "");
    }

    private static String shown(String value) {
        return value.length() <= VALUE_CHARS_SHOWN
                ? value
                : value.substring(0, VALUE_CHARS_SHOWN) + "… (" + value.length() + " characters)";
    }
}

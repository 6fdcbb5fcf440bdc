package io.millrace.service.logs.filter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// What a value is compared with, and how: `= 4*`, `> 1000`, `!= %4[0-9]+%`. An asterisk is a
/// wildcard at the beginning and at the end of a text, and nowhere else.
record Comparison(
        Operator operator, String text, @Nullable BigDecimal number, @Nullable Regex regex) {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");
    private static final int NUMBER_LENGTH_MAX = 100;
    private static final String SYMBOLS = "_-+*./:@#";

    enum Operator {
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        AT_MOST("<="),
        EQUAL("="),
        GREATER(">"),
        LESS("<");

        private final String token;

        Operator(String token) {
            this.token = token;
        }
    }

    /// Reads an operator and what is behind it.
    ///
    /// @param delimiters what ends a value, besides white space
    static Comparison parse(PatternText text, String delimiters) {
        Operator operator = operator(text);
        text.skipSpace();
        Comparison comparison = operand(text, operator, delimiters);
        boolean order = operator != Operator.EQUAL && operator != Operator.NOT_EQUAL;
        if (order && comparison.number == null) {
            throw FilterPatternException.invalid();
        }
        return comparison;
    }

    private static Operator operator(PatternText text) {
        for (Operator operator : Operator.values()) {
            if (text.take(operator.token)) {
                return operator;
            }
        }
        throw FilterPatternException.invalid();
    }

    private static Comparison operand(PatternText text, Operator operator, String delimiters) {
        if (text.peek() == '%') {
            return new Comparison(operator, "", null, Regex.parse(text.regex()));
        }
        if (text.peek() == '"') {
            return new Comparison(operator, text.quoted('"'), null, null);
        }
        String bare = text.bare(delimiters);
        if (bare.isEmpty()) {
            throw FilterPatternException.invalid();
        }
        if (!bare.chars().allMatch(c -> Character.isLetterOrDigit(c) || SYMBOLS.indexOf(c) >= 0)) {
            throw FilterPatternException.invalidCharacters(bare);
        }
        return new Comparison(operator, bare, number(bare), null);
    }

    /// Null when the text is not a number.
    static @Nullable BigDecimal number(String text) {
        return text.length() <= NUMBER_LENGTH_MAX && NUMBER.matcher(text).matches()
                ? new BigDecimal(text)
                : null;
    }

    boolean usesRegex() {
        return regex != null;
    }

    boolean test(String value) {
        return test(value, number == null ? null : number(value));
    }

    /// @param valueNumber the value as a number, when it is one
    boolean test(String value, @Nullable BigDecimal valueNumber) {
        if (number != null && valueNumber != null) {
            int order = valueNumber.compareTo(number);
            return switch (operator) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case GREATER -> order > 0;
                case AT_LEAST -> order >= 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
            };
        }
        return switch (operator) {
            case EQUAL -> equal(value);
            case NOT_EQUAL -> !equal(value);
            case GREATER, AT_LEAST, LESS, AT_MOST -> false;
        };
    }

    private boolean equal(String value) {
        if (regex != null) {
            return regex.foundIn(value);
        }
        boolean openStart = text.startsWith("*");
        boolean openEnd = text.endsWith("*");
        if (openStart && openEnd) {
            return text.length() < 3 || value.contains(text.substring(1, text.length() - 1));
        }
        if (openStart) {
            return value.endsWith(text.substring(1));
        }
        return openEnd
                ? value.startsWith(text.substring(0, text.length() - 1))
                : value.equals(text);
    }
}

package io.millrace.pattern;

import java.math.BigDecimal;

/// A simple value in a policy or in a message.
sealed interface FilterPolicyValue {

    record Text(String value) implements FilterPolicyValue {
        @Override
        public String toString() {
            return '"' + value + '"';
        }
    }

    /// Compared by value: `5`, `5.0` and `5e0` are the same.
    record Numeric(BigDecimal value) implements FilterPolicyValue {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// `true`, `false`, `null`, or a number beyond all bounds: compared as it is written.
    record Literal(String value) implements FilterPolicyValue {
        @Override
        public String toString() {
            return value;
        }
    }

    static FilterPolicyValue number(String text) {
        try {
            return new Numeric(new BigDecimal(text));
        } catch (NumberFormatException _) { // an exponent that no BigDecimal has
            return new Literal(text);
        }
    }

    default boolean sameAs(FilterPolicyValue other) {
        return (this instanceof Numeric(BigDecimal a) && other instanceof Numeric(BigDecimal b))
                ? a.compareTo(b) == 0
                : equals(other);
    }
}

package io.millrace.service.dynamodb.expression;

/// A token of an expression.
///
/// @param text as it stands in the expression; `<EOF>` at its end
/// @param begin where it begins in the expression
/// @param end where it ends
record Token(Type type, String text, int begin, int end) {

    enum Type {
        /// An attribute's or a function's name.
        NAME,
        /// `#name`
        NAME_PLACEHOLDER,
        /// `:value`
        VALUE_PLACEHOLDER,
        /// A list index.
        INTEGER,
        AND,
        OR,
        NOT,
        BETWEEN,
        IN,
        SET,
        REMOVE,
        ADD,
        DELETE,
        COMPARATOR,
        OPEN,
        CLOSE,
        OPEN_INDEX,
        CLOSE_INDEX,
        COMMA,
        DOT,
        PLUS,
        MINUS,
        /// A character that no expression has.
        UNKNOWN,
        END
    }

    boolean is(Type expected) {
        return type == expected;
    }
}

package io.millrace.service.dynamodb.partiql;

/// A token of a statement.
///
/// @param text what it stands for: a string without its quotes, a keyword in lower case, anything
///   else as it is written
record Token(TokenType type, String text, Position position) {

    boolean is(TokenType other) {
        return type == other;
    }

    boolean isIdentifier() {
        return type == TokenType.IDENTIFIER || type == TokenType.QUOTED_IDENTIFIER;
    }

    boolean isKeyword(String keyword) {
        return type == TokenType.KEYWORD && text.equals(keyword);
    }

    boolean isOperator(String operator) {
        return type == TokenType.OPERATOR && text.equals(operator);
    }

    /// Whether it is the word, in any case, which is no keyword.
    boolean isWord(String word) {
        return type == TokenType.IDENTIFIER && text.equalsIgnoreCase(word);
    }
}

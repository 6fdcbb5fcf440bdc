package io.millrace.service.dynamodb.partiql;

/// The types of tokens, as messages name them.
enum TokenType {
    IDENTIFIER,
    QUOTED_IDENTIFIER,
    KEYWORD,
    STRING,
    NUMBER,
    ION,
    PARAMETER,
    OPERATOR,
    STAR,
    DOT,
    COMMA,
    COLON,
    SEMICOLON,
    LEFT_PAREN,
    RIGHT_PAREN,
    LEFT_BRACKET,
    RIGHT_BRACKET,
    LEFT_CURLY,
    RIGHT_CURLY,
    LEFT_DOUBLE_ANGLE_BRACKET,
    RIGHT_DOUBLE_ANGLE_BRACKET,
    END
}

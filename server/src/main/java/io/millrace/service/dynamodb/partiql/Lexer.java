package io.millrace.service.dynamodb.partiql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts a statement into tokens, without white space and comments. Looks at each character once.
final class Lexer {

    private static final char END = '\0';

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int line = 1;
    private int lineBegin;

    private Lexer(String text) {
        this.text = text;
    }

    /// The tokens; the last one is the end.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        while (lexer.next < text.length()) { // ends: each turn takes a character at least
            lexer.token();
        }
        lexer.add(TokenType.END, "", lexer.next);
        return List.copyOf(lexer.tokens);
    }

    private void token() {
        char first = text.charAt(next);
        if (Character.isWhitespace(first)) {
            space(first);
        } else if (text.startsWith("--", next)) {
            lineComment();
        } else if (text.startsWith("/*", next)) {
            blockComment();
        } else if (isNameStart(first)) {
            word();
        } else if (isDigit(first)) {
            number();
        } else {
            switch (first) {
                case '\'' -> quoted(TokenType.STRING, '\'');
                case '"' -> quoted(TokenType.QUOTED_IDENTIFIER, '"');
                case '`' -> quoted(TokenType.ION, '`');
                default -> punctuation(first);
            }
        }
    }

    private void space(char space) {
        next++;
        if (space == '\n') {
            line++;
            lineBegin = next;
        }
    }

    private void lineComment() {
        while (next < text.length() && text.charAt(next) != '\n') { // ends with the text
            next++;
        }
    }

    private void blockComment() {
        int end = text.indexOf("*/", next + 2);
        if (end < 0) {
            throw PartiqlErrors.malformed("");
        }
        while (next < end + 2) { // ends: each turn takes a character
            space(text.charAt(next));
        }
    }

    private void word() {
        int begin = next;
        while (isNameStart(peek(0)) || isDigit(peek(0))) { // ends with the text
            next++;
        }
        String word = text.substring(begin, next);
        String lower = word.toLowerCase(Locale.ROOT);
        if (Keywords.contains(lower)) {
            add(TokenType.KEYWORD, lower, begin);
        } else {
            add(TokenType.IDENTIFIER, word, begin);
        }
    }

    private void number() {
        int begin = next;
        digits();
        if (peek(0) == '.') {
            next++;
            digits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            next++;
            if (peek(0) == '+' || peek(0) == '-') {
                next++;
            }
            if (!isDigit(peek(0))) {
                throw PartiqlErrors.malformed("");
            }
            digits();
        }
        if (isNameStart(peek(0))) {
            throw PartiqlErrors.malformed("");
        }
        add(TokenType.NUMBER, text.substring(begin, next), begin);
    }

    private void digits() {
        while (isDigit(peek(0))) { // ends with the text
            next++;
        }
    }

    /// A doubled quote stands for one.
    private void quoted(TokenType type, char quote) {
        int begin = next++;
        Token opened = new Token(type, "", position(begin));
        StringBuilder content = new StringBuilder();
        while (true) { // ends: each turn takes a character, or ends the token
            if (next >= text.length()) {
                throw PartiqlErrors.malformed("");
            }
            char c = text.charAt(next);
            if (c == quote) {
                next++;
                if (peek(0) != quote) {
                    break;
                }
            }
            content.append(c);
            space(c);
        }
        Position at = opened.position();
        tokens.add(
                new Token(
                        type,
                        content.toString(),
                        new Position(at.line(), at.column(), next - begin)));
    }

    private void punctuation(char first) {
        int begin = next++;
        char second = peek(0);
        switch (first) {
            case '.' -> add(TokenType.DOT, ".", begin);
            case ',' -> add(TokenType.COMMA, ",", begin);
            case ':' -> add(TokenType.COLON, ":", begin);
            case ';' -> add(TokenType.SEMICOLON, ";", begin);
            case '?' -> add(TokenType.PARAMETER, "?", begin);
            case '(' -> add(TokenType.LEFT_PAREN, "(", begin);
            case ')' -> add(TokenType.RIGHT_PAREN, ")", begin);
            case '[' -> add(TokenType.LEFT_BRACKET, "[", begin);
            case ']' -> add(TokenType.RIGHT_BRACKET, "]", begin);
            case '{' -> add(TokenType.LEFT_CURLY, "{", begin);
            case '}' -> add(TokenType.RIGHT_CURLY, "}", begin);
            case '*' -> add(TokenType.STAR, "*", begin);
            case '=', '+', '-', '/', '%', '@' ->
                    add(TokenType.OPERATOR, String.valueOf(first), begin);
            case '<' -> {
                switch (second) {
                    case '<' -> pair(TokenType.LEFT_DOUBLE_ANGLE_BRACKET, "<<", begin);
                    case '=' -> pair(TokenType.OPERATOR, "<=", begin);
                    case '>' -> pair(TokenType.OPERATOR, "<>", begin);
                    default -> add(TokenType.OPERATOR, "<", begin);
                }
            }
            case '>' -> {
                switch (second) {
                    case '>' -> pair(TokenType.RIGHT_DOUBLE_ANGLE_BRACKET, ">>", begin);
                    case '=' -> pair(TokenType.OPERATOR, ">=", begin);
                    default -> add(TokenType.OPERATOR, ">", begin);
                }
            }
            case '!' -> pairOf('=', "<>", begin);
            case '|' -> pairOf('|', "||", begin);
            default -> throw PartiqlErrors.malformed("");
        }
    }

    private void pairOf(char second, String operator, int begin) {
        if (peek(0) != second) {
            throw PartiqlErrors.malformed("");
        }
        pair(TokenType.OPERATOR, operator, begin);
    }

    private void pair(TokenType type, String operator, int begin) {
        next++;
        add(type, operator, begin);
    }

    private void add(TokenType type, String content, int begin) {
        tokens.add(new Token(type, content, position(begin)));
    }

    private Position position(int begin) {
        return new Position(line, begin - lineBegin + 1, next - begin);
    }

    private char peek(int ahead) {
        return next + ahead < text.length() ? text.charAt(next + ahead) : END;
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

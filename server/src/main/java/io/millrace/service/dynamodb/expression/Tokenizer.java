package io.millrace.service.dynamodb.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts an expression into tokens. Never fails: what it does not know becomes an `UNKNOWN` token,
/// at which the parser stops.
final class Tokenizer {

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    private Tokenizer(String text) {
        this.text = text;
    }

    /// The tokens, ended by an `END` token.
    static List<Token> tokens(String text) {
        return new Tokenizer(text).read();
    }

    /// Whether the text is `first` and then letters, digits and underscores, one at least.
    static boolean isPlaceholder(String text, char first) {
        if (text.length() < 2 || text.charAt(0) != first) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (!isWord(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private List<Token> read() {
        while (next < text.length()) { // ends: each turn takes a character at least
            char c = text.charAt(next);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                next++;
            } else if (isLetter(c)) {
                word();
            } else if (c == '#' || c == ':') {
                placeholder(c);
            } else if (isDigit(c)) {
                integer(c);
            } else {
                sign(c);
            }
        }
        tokens.add(new Token(Token.Type.END, "<EOF>", text.length(), text.length()));
        return tokens;
    }

    private void word() {
        int end = wordEnd(next + 1);
        add(keyword(text.substring(next, end)), end);
    }

    private void placeholder(char first) {
        int end = wordEnd(next + 1);
        Token.Type type = first == '#' ? Token.Type.NAME_PLACEHOLDER : Token.Type.VALUE_PLACEHOLDER;
        add(end == next + 1 ? Token.Type.UNKNOWN : type, end);
    }

    private void integer(char first) {
        int end = next + 1;
        while (first != '0' && end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        add(Token.Type.INTEGER, end);
    }

    private void sign(char c) {
        char following = next + 1 < text.length() ? text.charAt(next + 1) : 0;
        switch (c) {
            case '=' -> add(Token.Type.COMPARATOR, next + 1);
            case '<' ->
                    add(
                            Token.Type.COMPARATOR,
                            following == '=' || following == '>' ? next + 2 : next + 1);
            case '>' -> add(Token.Type.COMPARATOR, following == '=' ? next + 2 : next + 1);
            case '(' -> add(Token.Type.OPEN, next + 1);
            case ')' -> add(Token.Type.CLOSE, next + 1);
            case '[' -> add(Token.Type.OPEN_INDEX, next + 1);
            case ']' -> add(Token.Type.CLOSE_INDEX, next + 1);
            case ',' -> add(Token.Type.COMMA, next + 1);
            case '.' -> add(Token.Type.DOT, next + 1);
            case '+' -> add(Token.Type.PLUS, next + 1);
            case '-' -> add(Token.Type.MINUS, next + 1);
            default -> add(Token.Type.UNKNOWN, next + Character.charCount(text.codePointAt(next)));
        }
    }

    private void add(Token.Type type, int end) {
        tokens.add(new Token(type, text.substring(next, end), next, end));
        next = end;
    }

    private int wordEnd(int begin) {
        int end = begin;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static Token.Type keyword(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "AND" -> Token.Type.AND;
            case "OR" -> Token.Type.OR;
            case "NOT" -> Token.Type.NOT;
            case "BETWEEN" -> Token.Type.BETWEEN;
            case "IN" -> Token.Type.IN;
            case "SET" -> Token.Type.SET;
            case "REMOVE" -> Token.Type.REMOVE;
            case "ADD" -> Token.Type.ADD;
            case "DELETE" -> Token.Type.DELETE;
            default -> Token.Type.NAME;
        };
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }
}

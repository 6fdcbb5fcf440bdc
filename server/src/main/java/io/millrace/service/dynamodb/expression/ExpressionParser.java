package io.millrace.service.dynamodb.expression;

import io.millrace.wire.ServiceException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the grammars of all expressions have in common: reading tokens, document paths and lists,
/// and DynamoDB's form of a syntax error. Reads each token once.
///
/// Bounds: 4 KB of text, 300 operators and functions, and as many levels of nesting.
final class ExpressionParser {

    private final ExpressionKind kind;
    private final String text;
    private final List<Token> tokens;
    private int next;
    private int operators;
    private int depth;

    ExpressionParser(ExpressionKind kind, String text) {
        this.kind = kind;
        this.text = text;
        if (text.isBlank()) {
            throw kind.invalid("The expression can not be empty;");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ExpressionLimits.EXPRESSION_BYTES_MAX) {
            throw kind.invalid(
                    "Expression size has exceeded the maximum allowed size; expression size: "
                            + bytes);
        }
        this.tokens = Tokenizer.tokens(text);
    }

    /// Reads one thing of a list.
    @FunctionalInterface
    interface Element<T> {
        T read();
    }

    Token peek() {
        return tokens.get(next);
    }

    boolean at(Token.Type type) {
        return peek().is(type);
    }

    boolean atCall() {
        return at(Token.Type.NAME) && tokens.get(next + 1).is(Token.Type.OPEN);
    }

    boolean atPath() {
        return at(Token.Type.NAME) || at(Token.Type.NAME_PLACEHOLDER);
    }

    /// Goes on to the next token; never beyond the end.
    Token take() {
        Token token = peek();
        if (!token.is(Token.Type.END)) {
            next++;
        }
        return token;
    }

    boolean takeIf(Token.Type type) {
        boolean is = at(type);
        if (is) {
            next++;
        }
        return is;
    }

    Token expect(Token.Type type) {
        if (!at(type)) {
            throw syntaxError();
        }
        return take();
    }

    /// One or more, with commas between them.
    <T> List<T> list(Element<T> element) {
        List<T> list = new ArrayList<>();
        do { // ends: each turn takes a token at least
            list.add(element.read());
        } while (takeIf(Token.Type.COMMA));
        return List.copyOf(list);
    }

    Syntax.Path path() {
        if (!atPath()) {
            throw syntaxError();
        }
        return path(List.of(new Syntax.NameStep(take().text())));
    }

    /// Reads what steps follow the ones that have been read.
    Syntax.Path path(List<Syntax.Step> begun) {
        List<Syntax.Step> steps = new ArrayList<>(begun);
        while (at(Token.Type.DOT) || at(Token.Type.OPEN_INDEX)) { // ends: a turn takes a token
            if (take().is(Token.Type.DOT)) {
                if (!atPath()) {
                    throw syntaxError();
                }
                steps.add(new Syntax.NameStep(take().text()));
            } else {
                steps.add(new Syntax.IndexStep(expect(Token.Type.INTEGER).text()));
                expect(Token.Type.CLOSE_INDEX);
            }
        }
        return new Syntax.Path(List.copyOf(steps));
    }

    /// A function and its operands.
    Syntax.Call call(Element<Syntax> operand) {
        String function = take().text();
        countOperator();
        expect(Token.Type.OPEN);
        List<Syntax> operands = nested(() -> list(operand));
        expect(Token.Type.CLOSE);
        return new Syntax.Call(function, operands);
    }

    /// What stands in parentheses, of which the first has been read.
    Syntax.Group closed(Syntax inner) {
        expect(Token.Type.CLOSE);
        if (inner instanceof Syntax.Group) {
            throw kind.invalid("The expression has redundant parentheses;");
        }
        return new Syntax.Group(inner);
    }

    <T> T nested(Element<T> inner) {
        if (++depth > ExpressionLimits.NESTING_MAX) {
            throw tooManyOperators();
        }
        T read = inner.read();
        depth--;
        return read;
    }

    void countOperator() {
        if (++operators > ExpressionLimits.OPERATORS_MAX) {
            throw tooManyOperators();
        }
    }

    void expectEnd() {
        expect(Token.Type.END);
    }

    /// The token that does not fit, between the one before it and the one after it.
    ServiceException syntaxError() {
        Token token = peek();
        int begin = next > 0 ? tokens.get(next - 1).begin() : 0;
        int end = next + 1 < tokens.size() ? tokens.get(next + 1).end() : token.end();
        return kind.invalid(
                "Syntax error; token: \""
                        + token.text()
                        + "\", near: \""
                        + text.substring(begin, end)
                        + "\"");
    }

    private ServiceException tooManyOperators() {
        return kind.invalid(
                "The expression contains too many operators; operator count: "
                        + (ExpressionLimits.OPERATORS_MAX + 1));
    }
}

package io.millrace.service.dynamodb.expression;

import java.util.ArrayList;
import java.util.List;

/// The grammar of updates: sections, each a verb and its actions.
final class UpdateParser {

    private final ExpressionParser parser;

    private UpdateParser(ExpressionParser parser) {
        this.parser = parser;
    }

    static List<Syntax.Section> parse(String text) {
        UpdateParser update = new UpdateParser(new ExpressionParser(ExpressionKind.UPDATE, text));
        List<Syntax.Section> sections = new ArrayList<>();
        do { // ends: each turn takes a token at least
            sections.add(update.section());
        } while (!update.parser.at(Token.Type.END));
        return List.copyOf(sections);
    }

    private Syntax.Section section() {
        if (parser.takeIf(Token.Type.SET)) {
            return new Syntax.Section(Syntax.Verb.SET, parser.list(this::assignment));
        }
        if (parser.takeIf(Token.Type.REMOVE)) {
            return new Syntax.Section(
                    Syntax.Verb.REMOVE, parser.list(() -> new Syntax.Action(parser.path(), null)));
        }
        if (parser.takeIf(Token.Type.ADD)) {
            return new Syntax.Section(Syntax.Verb.ADD, parser.list(this::pathAndValue));
        }
        parser.expect(Token.Type.DELETE);
        return new Syntax.Section(Syntax.Verb.DELETE, parser.list(this::pathAndValue));
    }

    private Syntax.Action pathAndValue() {
        Syntax.Path path = parser.path();
        String value = parser.expect(Token.Type.VALUE_PLACEHOLDER).text();
        return new Syntax.Action(path, new Syntax.Value(value));
    }

    private Syntax.Action assignment() {
        Syntax.Path path = parser.path();
        if (!parser.peek().text().equals(Comparator.EQUAL.sign())) {
            throw parser.syntaxError();
        }
        parser.take();
        return new Syntax.Action(path, value());
    }

    /// An operand, a sum or a difference; in parentheses or not.
    private Syntax value() {
        if (!parser.takeIf(Token.Type.OPEN)) {
            return sum(operand());
        }
        Syntax inner = parser.nested(() -> sum(operand()));
        Syntax group = parser.closed(inner);
        return inner instanceof Syntax.Arithmetic ? group : sum(group);
    }

    private Syntax sum(Syntax left) {
        if (!parser.at(Token.Type.PLUS) && !parser.at(Token.Type.MINUS)) {
            return left;
        }
        parser.countOperator();
        boolean plus = parser.take().is(Token.Type.PLUS);
        return new Syntax.Arithmetic(plus, left, operand());
    }

    private Syntax operand() {
        if (parser.takeIf(Token.Type.OPEN)) {
            return parser.closed(parser.nested(this::operand));
        }
        if (parser.at(Token.Type.VALUE_PLACEHOLDER)) {
            return new Syntax.Value(parser.take().text());
        }
        return parser.atCall() ? parser.call(this::operand) : parser.path();
    }
}

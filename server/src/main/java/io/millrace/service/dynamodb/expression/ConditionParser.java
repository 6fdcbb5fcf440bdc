package io.millrace.service.dynamodb.expression;

import java.util.ArrayList;
import java.util.List;

/// The grammar of conditions, filters and key conditions: `OR` below `AND` below `NOT`.
///
/// An opening parenthesis may begin a condition or an operand, and nothing tells which before the
/// closing one. So what stands in parentheses is read as either, and what it is decides how it may
/// go on: an operand needs an operator, a condition must not have one. Nothing is read twice.
final class ConditionParser {

    private final ExpressionParser parser;

    private ConditionParser(ExpressionParser parser) {
        this.parser = parser;
    }

    static Syntax parse(ExpressionKind kind, String text) {
        ExpressionParser parser = new ExpressionParser(kind, text);
        Syntax condition = new ConditionParser(parser).conditions();
        parser.expectEnd();
        return condition;
    }

    private Syntax conditions() {
        return requireCondition(either());
    }

    /// Conditions joined by `OR`, or a single operand.
    private Syntax either() {
        Syntax left = all();
        while (parser.at(Token.Type.OR)) { // ends: each turn takes a token
            requireCondition(left);
            parser.take();
            left = new Syntax.Or(left, requireCondition(all()));
        }
        return left;
    }

    private Syntax all() {
        Syntax left = negated();
        while (parser.at(Token.Type.AND)) { // ends: each turn takes a token
            requireCondition(left);
            parser.take();
            left = new Syntax.And(left, requireCondition(negated()));
        }
        return left;
    }

    private Syntax negated() {
        if (parser.takeIf(Token.Type.NOT)) {
            return new Syntax.Not(requireCondition(parser.nested(this::negated)));
        }
        return single();
    }

    /// A condition without `AND`, `OR` and `NOT`, or an operand that no operator follows.
    private Syntax single() {
        Syntax left = parser.takeIf(Token.Type.OPEN) ? group(this::either) : operand();
        if (!isOperand(left)) {
            return left;
        }
        if (parser.at(Token.Type.COMPARATOR)) {
            parser.countOperator();
            Comparator comparator = Comparator.of(parser.take().text());
            return new Syntax.Comparison(comparator, left, operand());
        }
        if (parser.takeIf(Token.Type.BETWEEN)) {
            parser.countOperator();
            Syntax low = operand();
            parser.expect(Token.Type.AND);
            return new Syntax.Between(left, low, operand());
        }
        if (parser.takeIf(Token.Type.IN)) {
            parser.countOperator();
            parser.expect(Token.Type.OPEN);
            List<Syntax> candidates = parser.list(this::operand);
            parser.expect(Token.Type.CLOSE);
            return new Syntax.In(left, candidates);
        }
        return left;
    }

    private Syntax operand() {
        if (parser.takeIf(Token.Type.OPEN)) {
            return group(this::operand);
        }
        if (parser.at(Token.Type.VALUE_PLACEHOLDER)) {
            return new Syntax.Value(parser.take().text());
        }
        return parser.atCall() ? parser.call(this::operand) : parser.path();
    }

    /// What stands in parentheses; a path may go on behind them: `(a.b).c`.
    private Syntax group(ExpressionParser.Element<Syntax> inner) {
        Syntax group = parser.closed(parser.nested(inner));
        if ((parser.at(Token.Type.DOT) || parser.at(Token.Type.OPEN_INDEX))
                && Syntax.ungrouped(group) instanceof Syntax.Path(List<Syntax.Step> steps)) {
            return parser.path(new ArrayList<>(steps));
        }
        return group;
    }

    private static boolean isOperand(Syntax syntax) {
        return switch (Syntax.ungrouped(syntax)) {
            case Syntax.Path _, Syntax.Value _, Syntax.Call _ -> true;
            default -> false;
        };
    }

    /// A function may be a condition; which ones may is checked later.
    private Syntax requireCondition(Syntax syntax) {
        Syntax inner = Syntax.ungrouped(syntax);
        if (inner instanceof Syntax.Path || inner instanceof Syntax.Value) {
            throw parser.syntaxError();
        }
        return syntax;
    }
}

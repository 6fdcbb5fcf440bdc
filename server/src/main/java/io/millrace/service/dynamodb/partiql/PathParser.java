package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.item.ItemRules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Reads the document paths of a statement: `a.b[0]."c d"`.
final class PathParser {

    private static final int NUMBER_LENGTH_MAX = 20;

    private final TermParser terms;

    PathParser(TermParser terms) {
        this.terms = terms;
    }

    /// A path, or another term, which may not be gone into.
    Term full() {
        if (terms.peek().isIdentifier() && !terms.atCall()) {
            return path(false);
        }
        Term term = terms.primary();
        if (terms.at(TokenType.DOT) || terms.at(TokenType.LEFT_BRACKET)) {
            terms.refuse(PartiqlErrors.unexpectedComponent(term.position()));
            steps(new ArrayList<>(), false);
        }
        return term;
    }

    /// A path, and nothing else.
    Term.Path simple() {
        if (!terms.peek().isIdentifier()) {
            throw PartiqlErrors.malformed("Expected identifier for simple path");
        }
        return path(true);
    }

    private Term.Path path(boolean simple) {
        Token first = terms.take();
        List<DocumentPath.Step> steps = new ArrayList<>();
        steps.add(name(first.text()));
        steps(steps, simple);
        if (steps.size() > ItemRules.DEPTH_MAX) {
            terms.refuse(
                    PartiqlErrors.of(
                            "The document path has too many nesting levels; nesting levels: "
                                    + steps.size()));
        }
        return new Term.Path(new DocumentPath(List.copyOf(steps)), first.position());
    }

    private void steps(List<DocumentPath.Step> steps, boolean simple) {
        while (true) { // ends: each turn takes a token at least
            if (terms.takeIf(TokenType.DOT)) {
                steps.add(component(simple));
            } else if (terms.takeIf(TokenType.LEFT_BRACKET)) {
                steps.add(index(simple));
            } else {
                break;
            }
        }
    }

    private DocumentPath.Step component(boolean simple) {
        if (terms.at(TokenType.STAR)) {
            throw simple
                    ? PartiqlErrors.malformed("Invalid path dot component for simple path")
                    : PartiqlErrors.of("Unpivot path component like a.*.b are not supported");
        }
        if (!terms.peek().isIdentifier()) {
            throw PartiqlErrors.malformed("Invalid path dot component");
        }
        return name(terms.take().text());
    }

    private DocumentPath.Step name(String text) {
        if (text.isEmpty()) {
            terms.refuse(PartiqlErrors.emptyComponent());
        }
        return new DocumentPath.Name(text);
    }

    private DocumentPath.Step index(boolean simple) {
        if (terms.at(TokenType.STAR)) {
            terms.take();
            terms.expect(TokenType.RIGHT_BRACKET);
            terms.refuse(PartiqlErrors.of("Wildcard path component like a[*].b are not supported"));
            return new DocumentPath.Index(0);
        }
        Term index = terms.term();
        terms.expect(TokenType.RIGHT_BRACKET);
        return switch (index) {
            case Term.Literal(AttributeValue.S(String name), _) -> name(name);
            case Term.Literal(AttributeValue.N(String number), Position position) ->
                    index(number, position);
            default -> {
                if (simple) {
                    throw PartiqlErrors.malformed("Invalid path component for simple path");
                }
                terms.refuse(PartiqlErrors.unexpectedComponent(index.position()));
                yield new DocumentPath.Index(0);
            }
        };
    }

    private DocumentPath.Step index(String number, Position position) {
        boolean whole = number.length() <= NUMBER_LENGTH_MAX && number.matches("-?[0-9]+");
        BigDecimal value = whole ? new BigDecimal(number) : BigDecimal.ONE.negate();
        if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            terms.refuse(
                    PartiqlErrors.at(
                            position,
                            "List index is not within the allowable range; index: ["
                                    + number
                                    + "]"));
            return new DocumentPath.Index(0);
        }
        return new DocumentPath.Index(value.intValueExact());
    }
}

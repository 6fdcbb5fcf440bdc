package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.partiql.Statement.Order;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.service.dynamodb.partiql.Statement.Source;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Reads one statement. Refuses what PartiQL has and DynamoDB has not.
final class StatementParser {

    private static final String NO_MANIPULATION = "Expected data manipulation";

    private final TermParser terms;

    StatementParser(String text) {
        this.terms = new TermParser(Lexer.tokens(text), this);
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    Syntax statement() {
        Token first = terms.take();
        if (!first.is(TokenType.KEYWORD)) {
            throw PartiqlErrors.malformed(NO_MANIPULATION);
        }
        Syntax statement =
                switch (first.text()) {
                    case "select" -> select();
                    case "insert" -> insert();
                    case "update" -> update();
                    case "delete" -> delete();
                    case "from" -> from();
                    case "exists" -> exists();
                    default -> throw PartiqlErrors.malformed(NO_MANIPULATION);
                };
        boolean ended = terms.takeIf(TokenType.SEMICOLON);
        if (!terms.at(TokenType.END)) {
            throw PartiqlErrors.malformed(
                    ended
                            ? "Unexpected token after semicolon. (Only one query is allowed.)"
                            : "Unexpected token after expression");
        }
        terms.checkRefusal();
        return statement;
    }

    int parameterCount() {
        return terms.parameterCount();
    }

    /// What follows `SELECT`.
    Syntax.Select select() {
        if (terms.takeIfKeyword("distinct")) {
            terms.refuse(PartiqlErrors.unsupportedClause("DISTINCT"));
        }
        terms.takeIfKeyword("all");
        if (terms.takeIfKeyword("value")) {
            terms.refuse(
                    PartiqlErrors.of("Select projection doesn't support value or pivot keywords"));
        }
        List<Term> selected = terms.list(this::column);
        checkStar(selected);
        if (!terms.takeIfKeyword("from")) {
            throw PartiqlErrors.malformed("Expected FROM after SELECT list");
        }
        Term from = terms.term();
        alias();
        checkSingleSource();
        Term where = where();
        List<Order> order = behindWhere();
        return new Syntax.Select(columns(selected), source(from), where, order);
    }

    private Term column() {
        if (terms.at(TokenType.STAR)) {
            return new Term.Star(terms.take().position());
        }
        Term column = terms.term();
        alias();
        return column;
    }

    private static void checkStar(List<Term> selected) {
        if (selected.size() > 1 && selected.stream().anyMatch(Term.Star.class::isInstance)) {
            throw PartiqlErrors.malformed(
                    "Other expressions may not be present in the select list when '*' is used"
                            + " without dot notation.");
        }
    }

    /// Empty for `*`.
    private List<Term.Path> columns(List<Term> selected) {
        List<Term.Path> paths = new ArrayList<>();
        for (Term term : selected) {
            if (term instanceof Term.Path path) {
                paths.add(path);
            } else if (!(term instanceof Term.Star)) {
                terms.refuse(PartiqlErrors.unexpectedComponent(term.position()));
            }
        }
        return List.copyOf(paths);
    }

    private Source source(Term from) {
        if (from instanceof Term.Path path) {
            return source(() -> Sources.of(path));
        }
        return source(() -> {
            throw PartiqlErrors.of("Unexpected from source");
        });
    }

    private Source source(Supplier<Source> checked) {
        try {
            return checked.get();
        } catch (ServiceException e) {
            terms.refuse(e);
            return new Source("", null);
        }
    }

    /// Takes an alias, if there is one.
    private void alias() {
        boolean named =
                terms.takeIfKeyword("as") || terms.takeIfKeyword("at") || terms.takeIfKeyword("by");
        if (named && !terms.peek().isIdentifier()) {
            throw PartiqlErrors.malformed("Expected identifier for AS-alias");
        }
        if (terms.peek().isIdentifier() && !terms.peek().isWord("returning")) {
            terms.take();
            terms.refuse(PartiqlErrors.of("Aliasing is not supported"));
        }
    }

    private void checkSingleSource() {
        for (String join : List.of("join", "cross", "inner", "left", "right", "full", "outer")) {
            if (terms.at(TokenType.COMMA) || terms.atKeyword(join)) {
                throw PartiqlErrors.of("Only select from a single table or index is supported.");
            }
        }
    }

    private List<Order> behindWhere() {
        if (terms.atKeyword("group")) {
            throw PartiqlErrors.unsupportedClause("GROUP BY");
        }
        if (terms.atKeyword("having")) {
            throw PartiqlErrors.unsupportedClause("HAVING");
        }
        List<Order> order = List.of();
        if (terms.takeIfKeyword("order")) {
            if (!terms.takeIfKeyword("by")) {
                throw PartiqlErrors.malformed("Expected BY");
            }
            order = terms.list(this::order);
        }
        if (terms.takeIfKeyword("limit")) {
            terms.refuse(PartiqlErrors.at(terms.term().position(), "Unsupported clause: LIMIT"));
        }
        return order;
    }

    private Order order() {
        Term term = terms.term();
        if (!(term instanceof Term.Path path) || path.path().isNested()) {
            terms.refuse(
                    PartiqlErrors.of(
                            "Argument to ORDER BY must be of type VariableReference. Type: "
                                    + term.kind()));
            return order("");
        }
        return order(path.path().attribute());
    }

    private Order order(String attribute) {
        boolean descending = terms.takeIfKeyword("desc");
        if (!descending) {
            terms.takeIfKeyword("asc");
        }
        return new Order(attribute, descending);
    }

    private @Nullable Term where() {
        return terms.takeIfKeyword("where") ? terms.term() : null;
    }

    private Syntax insert() {
        if (!terms.takeIfKeyword("into")) {
            throw PartiqlErrors.malformed("Unexpected keyword");
        }
        Term.Path path = terms.simplePath();
        if (terms.takeIfKeyword("value")) {
            Term value = terms.term();
            if (terms.takeIfKeyword("at")) {
                terms.term();
                terms.refuse(PartiqlErrors.of("AT is not supported in insert statements."));
            }
            if (returning() != null) {
                terms.refuse(PartiqlErrors.of("RETURNING is not supported in INSERT"));
            }
            return new Syntax.Insert(source(() -> Sources.ofInsert(path)), value);
        }
        if (terms.takeIfKeyword("values")) {
            if (!terms.at(TokenType.LEFT_PAREN)) {
                throw PartiqlErrors.malformed("Expected LEFT_PAREN for row value constructor");
            }
        } else {
            terms.term();
            if (!terms.at(TokenType.END) && !terms.at(TokenType.SEMICOLON)) {
                throw PartiqlErrors.malformed("Unexpected token after expression");
            }
        }
        throw PartiqlErrors.of(
                "Unsupported operation: Inserting multiple items in a single statement is not"
                        + " supported, use \"INSERT INTO tableName VALUE item\" instead");
    }

    private Syntax update() {
        Source source = target();
        List<Syntax.Action> actions = actions();
        Term where = where();
        return new Syntax.Update(source, actions, where, returning());
    }

    /// An update that names its table first.
    private Syntax from() {
        Source source = target();
        Term where = where();
        if (terms.takeIfKeyword("delete")) {
            return new Syntax.Delete(source, where, returning());
        }
        List<Syntax.Action> actions = actions();
        return new Syntax.Update(source, actions, where, returning());
    }

    private Syntax delete() {
        if (!terms.takeIfKeyword("from")) {
            throw PartiqlErrors.malformed("Expected FROM after DELETE");
        }
        Source source = target();
        Term where = where();
        return new Syntax.Delete(source, where, returning());
    }

    private Source target() {
        Term.Path path = terms.simplePath();
        alias();
        return source(() -> Sources.ofChange(path));
    }

    private List<Syntax.Action> actions() {
        List<Syntax.Action> actions = new ArrayList<>();
        while (true) { // ends: each turn takes a keyword at least
            if (terms.takeIfKeyword("set")) {
                actions.addAll(terms.list(this::assignment));
            } else if (terms.takeIfKeyword("remove")) {
                actions.add(new Syntax.Action(terms.simplePath(), null));
            } else {
                break;
            }
        }
        if (actions.isEmpty()) {
            throw PartiqlErrors.malformed(NO_MANIPULATION);
        }
        return List.copyOf(actions);
    }

    private Syntax.Action assignment() {
        Term.Path path = terms.simplePath();
        if (!terms.peek().isOperator("=")) {
            throw PartiqlErrors.malformed("Expected '='");
        }
        terms.take();
        return new Syntax.Action(path, terms.term());
    }

    private Syntax exists() {
        if (!terms.takeIf(TokenType.LEFT_PAREN) || !terms.takeIfKeyword("select")) {
            throw PartiqlErrors.malformed(NO_MANIPULATION);
        }
        Syntax.Select select = select();
        terms.expect(TokenType.RIGHT_PAREN);
        return new Syntax.Exists(select);
    }

    private @Nullable Returning returning() {
        if (!terms.peek().isWord("returning")) {
            return null;
        }
        terms.take();
        boolean all = terms.takeIfKeyword("all");
        boolean modified = !all && takeIfWord("modified");
        boolean isNew = takeIfWord("new");
        boolean isOld = !isNew && takeIfWord("old");
        if (all == modified || isNew == isOld) {
            throw PartiqlErrors.malformed(
                    "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
        }
        if (!terms.takeIf(TokenType.STAR)) {
            throw PartiqlErrors.of(
                    "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
        }
        if (terms.at(TokenType.COMMA)) {
            throw PartiqlErrors.of(
                    "Invalid syntax with multiple returning elements in RETURNING clause");
        }
        return all
                ? (isNew ? Returning.ALL_NEW : Returning.ALL_OLD)
                : (isNew ? Returning.MODIFIED_NEW : Returning.MODIFIED_OLD);
    }

    private boolean takeIfWord(String word) {
        boolean is = terms.peek().isWord(word);
        if (is) {
            terms.take();
        }
        return is;
    }
}

package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads the terms of a statement: operators by precedence, operands, and lists. Reads each token
/// once. Its errors are those of PartiQL's reference parser.
///
/// Bounds: [PartiqlLimits#NESTING_MAX] levels.
final class TermParser {

    /// Below all operators.
    static final int LOWEST = 0;

    private static final int OR = 10;
    private static final int AND = 20;
    private static final int NOT = 30;
    private static final int EQUALITY = 40;
    private static final int COMPARISON = 50;
    private static final int SUM = 60;
    private static final int PRODUCT = 70;

    private static final Map<String, Integer> PRECEDENCES =
            Map.ofEntries(
                    Map.entry("or", OR),
                    Map.entry("and", AND),
                    Map.entry("=", EQUALITY),
                    Map.entry("<>", EQUALITY),
                    Map.entry("is", EQUALITY),
                    Map.entry("in", EQUALITY),
                    Map.entry("<", COMPARISON),
                    Map.entry("<=", COMPARISON),
                    Map.entry(">", COMPARISON),
                    Map.entry(">=", COMPARISON),
                    Map.entry("between", COMPARISON),
                    Map.entry("like", COMPARISON),
                    Map.entry("+", SUM),
                    Map.entry("-", SUM),
                    Map.entry("||", SUM),
                    Map.entry("*", PRODUCT),
                    Map.entry("/", PRODUCT),
                    Map.entry("%", PRODUCT));

    private final List<Token> tokens;
    private final StatementParser statements;
    private int next;
    private int depth;
    private int parameters;
    private @Nullable ServiceException refusal;

    /// @param statements reads what stands in parentheses behind `EXISTS`
    TermParser(List<Token> tokens, StatementParser statements) {
        this.tokens = tokens;
        this.statements = statements;
    }

    /// Reads one thing of a list.
    @FunctionalInterface
    interface Element<T> {
        T read();
    }

    /// Notes what is well formed and refused nevertheless: that is said only when nothing is
    /// malformed.
    void refuse(ServiceException error) {
        if (refusal == null) {
            refusal = error;
        }
    }

    /// @throws ServiceException the first thing that was noted
    void checkRefusal() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /// How many `?` have been read.
    int parameterCount() {
        return parameters;
    }

    Token peek() {
        return tokens.get(next);
    }

    boolean at(TokenType type) {
        return peek().is(type);
    }

    boolean atKeyword(String keyword) {
        return peek().isKeyword(keyword);
    }

    /// Goes on to the next token; never beyond the end.
    Token take() {
        Token token = peek();
        if (!token.is(TokenType.END)) {
            next++;
        }
        return token;
    }

    boolean takeIf(TokenType type) {
        boolean is = at(type);
        if (is) {
            next++;
        }
        return is;
    }

    boolean takeIfKeyword(String keyword) {
        boolean is = atKeyword(keyword);
        if (is) {
            next++;
        }
        return is;
    }

    void expect(TokenType type) {
        if (!takeIf(type)) {
            throw PartiqlErrors.malformed("Expected " + type);
        }
    }

    /// One or more, with commas between them.
    <T> List<T> list(Element<T> element) {
        List<T> list = new ArrayList<>();
        do { // ends: each turn takes a token at least
            list.add(element.read());
        } while (takeIf(TokenType.COMMA));
        return List.copyOf(list);
    }

    Term term() {
        return term(LOWEST);
    }

    /// A path that begins with a name, as the targets of changes do.
    Term.Path simplePath() {
        return new PathParser(this).simple();
    }

    private Term term(int precedence) {
        return nested(() -> {
            Term term = unary();
            while (true) { // ends: each turn takes an operator at least
                String operator = infix();
                Integer binds = operator == null ? null : PRECEDENCES.get(operator);
                if (operator == null || binds == null || binds <= precedence) {
                    return term;
                }
                term = operation(term, operator, binds);
            }
        });
    }

    private <T> T nested(Element<T> inner) {
        if (++depth > PartiqlLimits.NESTING_MAX) {
            throw PartiqlErrors.tooDeep();
        }
        T read = inner.read();
        depth--;
        return read;
    }

    /// The operator that comes next, without the `NOT` before it.
    private @Nullable String infix() {
        Token token = peek();
        return switch (token.type()) {
            case OPERATOR -> token.text();
            case STAR -> "*";
            case KEYWORD ->
                    token.text().equals("not") && negatable(tokens.get(next + 1))
                            ? tokens.get(next + 1).text()
                            : token.text();
            default -> null;
        };
    }

    private static boolean negatable(Token token) {
        return token.isKeyword("in") || token.isKeyword("between") || token.isKeyword("like");
    }

    private Term operation(Term left, String operator, int precedence) {
        boolean negated = takeIfKeyword("not");
        take();
        if (at(TokenType.END)) {
            throw PartiqlErrors.malformed("Missing right-hand side expression of infix operator");
        }
        Position position = left.position();
        Term operation =
                switch (operator) {
                    case "is" -> is(left);
                    case "in" ->
                            new Term.Operation(
                                    operator, List.of(left, candidates(precedence)), position);
                    case "between" -> between(left, precedence);
                    default ->
                            new Term.Operation(operator, List.of(left, term(precedence)), position);
                };
        return negated ? not(operation) : operation;
    }

    private static Term not(Term term) {
        return new Term.Operation("not", List.of(term), term.position());
    }

    private Term is(Term value) {
        boolean negated = takeIfKeyword("not");
        Token type = take();
        if (!type.is(TokenType.KEYWORD)) {
            throw PartiqlErrors.malformed("Expected type name");
        }
        Term is =
                new Term.Is(
                        value, type.text().toUpperCase(java.util.Locale.ROOT), value.position());
        return negated ? not(is) : is;
    }

    private Term candidates(int precedence) {
        boolean list = at(TokenType.LEFT_PAREN) && !tokens.get(next + 1).isKeyword("select");
        if (!list) {
            return term(precedence);
        }
        Position position = take().position();
        List<Term> elements = list(this::term);
        expect(TokenType.RIGHT_PAREN);
        return new Term.Sequence(elements, position);
    }

    private Term between(Term value, int precedence) {
        Term low = term(precedence);
        if (!takeIfKeyword("and")) {
            throw PartiqlErrors.malformed("Expected AND");
        }
        if (at(TokenType.END)) {
            throw PartiqlErrors.malformed("Expected expression after AND");
        }
        return new Term.Operation(
                "between", List.of(value, low, term(precedence)), value.position());
    }

    /// Signs of numbers become part of them.
    private Term unary() {
        Token token = peek();
        if (token.isKeyword("not")) {
            take();
            Term inner = term(NOT);
            return new Term.Operation("not", List.of(inner), token.position());
        }
        if (!token.isOperator("+") && !token.isOperator("-")) {
            return new PathParser(this).full();
        }
        take();
        Term inner = nested(this::unary);
        if (inner instanceof Term.Literal(AttributeValue.N(String number), Position position)) {
            return new Term.Literal(
                    new AttributeValue.N(token.text().equals("-") ? negated(number) : number),
                    position);
        }
        return new Term.Operation(token.text(), List.of(inner), token.position());
    }

    private static String negated(String number) {
        return number.startsWith("-") ? number.substring(1) : "-" + number;
    }

    /// A term that is no path.
    Term primary() {
        Token token = take();
        Position position = token.position();
        return switch (token.type()) {
            case STRING -> new Term.Literal(new AttributeValue.S(token.text()), position);
            case NUMBER -> new Term.Literal(new AttributeValue.N(token.text()), position);
            case ION -> new Term.Ion(token.text(), position);
            case PARAMETER -> new Term.Parameter(parameters++, position);
            case KEYWORD -> keyword(token);
            case IDENTIFIER, QUOTED_IDENTIFIER -> call(token);
            case LEFT_PAREN -> group(position);
            case LEFT_BRACKET ->
                    new Term.Sequence(elements(TokenType.RIGHT_BRACKET, this::term), position);
            case LEFT_DOUBLE_ANGLE_BRACKET ->
                    new Term.Bag(
                            elements(TokenType.RIGHT_DOUBLE_ANGLE_BRACKET, this::term), position);
            case LEFT_CURLY ->
                    new Term.Struct(elements(TokenType.RIGHT_CURLY, this::field), position);
            case OPERATOR -> throw PartiqlErrors.malformed("Unexpected operator");
            case STAR,
                    DOT,
                    COMMA,
                    COLON,
                    SEMICOLON,
                    RIGHT_PAREN,
                    RIGHT_BRACKET,
                    RIGHT_CURLY,
                    RIGHT_DOUBLE_ANGLE_BRACKET,
                    END ->
                    throw PartiqlErrors.malformed("Unexpected term");
        };
    }

    private Term keyword(Token token) {
        Position position = token.position();
        return switch (token.text()) {
            case "true" -> new Term.Literal(new AttributeValue.Bool(true), position);
            case "false" -> new Term.Literal(new AttributeValue.Bool(false), position);
            case "null" -> new Term.Literal(new AttributeValue.Null(true), position);
            case "missing" -> new Term.Missing(position);
            case "select" -> new Term.Subquery(statements.select(), position);
            case "from", "update", "set", "remove", "delete" ->
                    throw PartiqlErrors.malformed("Expected data manipulation");
            default -> {
                if (!Keywords.isFunction(token.text()) || !at(TokenType.LEFT_PAREN)) {
                    throw unexpectedKeyword();
                }
                yield call(token);
            }
        };
    }

    private static ServiceException unexpectedKeyword() {
        return PartiqlErrors.malformed("Unexpected keyword");
    }

    private Term call(Token name) {
        expect(TokenType.LEFT_PAREN);
        List<Term> operands =
                elements(
                        TokenType.RIGHT_PAREN,
                        () -> at(TokenType.STAR) ? new Term.Star(take().position()) : term());
        return new Term.Call(
                name.text().toLowerCase(java.util.Locale.ROOT), operands, name.position());
    }

    /// None or more, up to the bracket that closes them.
    private <T> List<T> elements(TokenType close, Element<T> element) {
        if (takeIf(close)) {
            return List.of();
        }
        List<T> elements = list(element);
        expect(close);
        return elements;
    }

    private Term.Field field() {
        Term name = term();
        expect(TokenType.COLON);
        return new Term.Field(name, term());
    }

    /// A term in parentheses, or a list.
    private Term group(Position position) {
        if (at(TokenType.RIGHT_PAREN)) {
            throw PartiqlErrors.malformed("Expression group cannot be empty");
        }
        List<Term> elements = list(this::term);
        expect(TokenType.RIGHT_PAREN);
        return elements.size() == 1 ? elements.getFirst() : new Term.Sequence(elements, position);
    }

    /// Whether a function is called next.
    boolean atCall() {
        return peek().isIdentifier() && tokens.get(next + 1).is(TokenType.LEFT_PAREN);
    }
}

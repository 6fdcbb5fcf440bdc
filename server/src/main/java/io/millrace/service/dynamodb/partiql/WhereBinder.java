package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.expression.Comparator;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.Operand;
import io.millrace.service.dynamodb.expression.OperandChecks;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.wire.ServiceException;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BinaryOperator;

/// Makes a condition of a `WHERE` clause. Goes in the order in which it is written, operands before
/// what they are operands of.
final class WhereBinder {

    private static final String SIZE = "size";

    private final ValueBinder values;
    private final OperandChecks checks = new OperandChecks(ExpressionKind.STATEMENT);
    private int depth;

    WhereBinder(ValueBinder values) {
        this.values = values;
    }

    Condition bind(Term term) {
        if (!isCondition(term)) {
            throw PartiqlErrors.of(
                    "WHERE clause must contain an expression that resolves to a boolean");
        }
        return condition(term);
    }

    private static boolean isCondition(Term term) {
        return switch (term) {
            case Term.Operation _, Term.Is _ -> true;
            case Term.Call call -> !call.function().equals(SIZE);
            case Term.Path _,
                    Term.Literal _,
                    Term.Missing _,
                    Term.Ion _,
                    Term.Parameter _,
                    Term.Sequence _,
                    Term.Bag _,
                    Term.Struct _,
                    Term.Subquery _,
                    Term.Star _ ->
                    false;
        };
    }

    private Condition condition(Term term) {
        if (++depth > PartiqlLimits.NESTING_MAX) {
            throw PartiqlErrors.tooDeep();
        }
        Condition condition =
                switch (term) {
                    case Term.Operation operation -> operation(operation);
                    case Term.Is is -> is(is);
                    case Term.Call call -> function(call);
                    default -> throw new IllegalStateException("no condition: " + term);
                };
        depth--;
        return condition;
    }

    private Condition operation(Term.Operation operation) {
        List<Term> operands = operation.operands();
        String operator = operation.operator();
        return switch (operator) {
            case "and" -> joined(parts(operation), Condition.And::new);
            case "or" -> joined(parts(operation), Condition.Or::new);
            case "not" -> {
                if (!isCondition(operands.getFirst())) {
                    throw PartiqlErrors.of("The argument to NOT must be a Type or Expression");
                }
                yield new Condition.Not(condition(operands.getFirst()));
            }
            case "=", "<>", "<", "<=", ">", ">=" ->
                    comparison(Comparator.of(operator), operands.get(0), operands.get(1));
            case "between" -> between(operands);
            case "in" -> in(operands.get(0), operands.get(1));
            case "+", "-" -> throw arithmetic(operation);
            default -> throw PartiqlErrors.unsupportedInCondition(operator);
        };
    }

    /// The parts of a chain of `AND` or of `OR`, however long.
    private List<Condition> parts(Term.Operation chain) {
        Deque<Term> terms = new ArrayDeque<>();
        Term left = chain;
        while (left instanceof Term.Operation(String operator, List<Term> operands, _)
                && operator.equals(chain.operator())) { // ends: terms are finite
            terms.addFirst(operands.getLast());
            left = operands.getFirst();
        }
        terms.addFirst(left);
        return terms.stream().map(this::part).toList();
    }

    /// As a tree that is no deeper than it must be: a chain may be a thousand parts long.
    private static Condition joined(List<Condition> parts, BinaryOperator<Condition> join) {
        int half = parts.size() / 2;
        return parts.size() == 1
                ? parts.getFirst()
                : join.apply(
                        joined(parts.subList(0, half), join),
                        joined(parts.subList(half, parts.size()), join));
    }

    private Condition part(Term term) {
        if (!isCondition(term)) {
            throw PartiqlErrors.of("The arguments to AND/OR must be Expressions");
        }
        return condition(term);
    }

    static ServiceException arithmetic(Term.Operation operation) {
        return operation.operands().size() > 1
                ? PartiqlErrors.unsupportedInCondition(operation.operator())
                : PartiqlErrors.of(
                        "Incorrect number of operands for operator or function; operator or"
                                + " function: "
                                + operation.operator()
                                + ", number of operands: 1");
    }

    private Condition comparison(Comparator comparator, Term first, Term second) {
        Operand left = operand(first);
        Operand right = operand(second);
        checks.distinct(comparator.sign(), left, List.of(right));
        if (comparator.isOrder()) {
            checks.types(comparator.sign(), AttributeType::isOrdered, List.of(left, right));
        }
        return new Condition.Compare(comparator, left, right);
    }

    private Condition between(List<Term> operands) {
        Operand value = operand(operands.get(0));
        Operand low = operand(operands.get(1));
        Operand high = operand(operands.get(2));
        checks.distinct("BETWEEN", value, List.of(low, high));
        checks.types("BETWEEN", AttributeType::isOrdered, List.of(value, low, high));
        checks.bounds(low, high);
        return new Condition.Between(value, low, high);
    }

    private Condition in(Term first, Term second) {
        List<Term> elements =
                switch (second) {
                    case Term.Sequence(List<Term> all, _) -> all;
                    case Term.Bag(List<Term> all, _) -> all;
                    default -> List.of();
                };
        if (elements.isEmpty() || first instanceof Term.Literal) {
            throw PartiqlErrors.of(
                    "IN operator must have a left hand argument of type Variable Reference and"
                            + " right hand argument of type Seq with at least one member");
        }
        Operand value = operand(first);
        List<Operand> candidates = elements.stream().map(this::operand).toList();
        checks.candidates(candidates.size());
        checks.distinct("IN", value, candidates);
        return new Condition.In(value, candidates);
    }

    private Condition is(Term.Is is) {
        boolean subject =
                is.value() instanceof Term.Path
                        || is.value() instanceof Term.Literal
                        || is.value() instanceof Term.Parameter;
        if (!subject) {
            throw PartiqlErrors.of(
                    "The left hand side argument to IS must be a Variable Reference, Literal, or"
                            + " Path");
        }
        Operand value = operand(is.value());
        return switch (is.type()) {
            case "MISSING" ->
                    value instanceof Operand.Attribute(DocumentPath path)
                            ? new Condition.NotExists(path)
                            : never(value);
            case "NULL" -> new Condition.TypeIs(value, AttributeType.NULL);
            case "BOOLEAN", "BOOL" -> new Condition.TypeIs(value, AttributeType.BOOL);
            case "BLOB" -> new Condition.TypeIs(value, AttributeType.B);
            case "STRING" -> new Condition.TypeIs(value, AttributeType.S);
            case "NUMERIC" -> new Condition.TypeIs(value, AttributeType.N);
            case "STRUCT", "TUPLE" -> new Condition.TypeIs(value, AttributeType.M);
            case "LIST" -> new Condition.TypeIs(value, AttributeType.L);
            default ->
                    throw PartiqlErrors.of(
                            "Unsupported data type for IS operator: "
                                    + is.type()
                                    + ". Supported data types are [MISSING, NULL, BOOLEAN, BLOB,"
                                    + " STRING, NUMERIC, STRUCT, TUPLE, LIST]");
        };
    }

    private static Condition never(Operand value) {
        return new Condition.Compare(Comparator.NOT_EQUAL, value, value);
    }

    private Condition function(Term.Call call) {
        String name = call.function();
        return switch (name) {
            case "attribute_exists" -> new Condition.Exists(path(call));
            case "attribute_not_exists" -> new Condition.NotExists(path(call));
            case "attribute_type" -> {
                List<Operand> operands = operands(call);
                yield new Condition.TypeIs(
                        operands.getFirst(), checks.typeName(name, operands.getLast()));
            }
            case "begins_with" -> {
                List<Operand> operands = operands(call);
                checks.types(
                        name, type -> type == AttributeType.S || type == AttributeType.B, operands);
                yield new Condition.BeginsWith(operands.getFirst(), operands.getLast());
            }
            case "contains" -> {
                List<Operand> operands = operands(call);
                yield new Condition.Contains(operands.getFirst(), operands.getLast());
            }
            default -> throw PartiqlErrors.unknownFunction(call);
        };
    }

    private DocumentPath path(Term.Call call) {
        return checks.path(call.function(), operands(call).getFirst());
    }

    private List<Operand> operands(Term.Call call) {
        List<Operand> operands = call.operands().stream().map(this::operand).toList();
        checks.count(call.function(), operands.size());
        Operand first = operands.getFirst();
        checks.distinct(call.function(), first, operands.subList(1, operands.size()));
        return operands;
    }

    private Operand operand(Term term) {
        return switch (term) {
            case Term.Path(DocumentPath path, _) -> new Operand.Attribute(path);
            case Term.Call call when call.function().equals(SIZE) -> size(call);
            case Term.Call _, Term.Is _, Term.Operation _ -> new Operand.Truth(condition(term));
            case Term.Missing _ ->
                    throw PartiqlErrors.of("MISSING must be compared using IS operator");
            case Term.Literal _,
                    Term.Ion _,
                    Term.Parameter _,
                    Term.Sequence _,
                    Term.Bag _,
                    Term.Struct _,
                    Term.Subquery _,
                    Term.Star _ ->
                    new Operand.Constant(values.value(term));
        };
    }

    private Operand size(Term.Call call) {
        List<Operand> operands = operands(call);
        checks.types(
                SIZE,
                type ->
                        type != AttributeType.N
                                && type != AttributeType.BOOL
                                && type != AttributeType.NULL,
                operands);
        return new Operand.Size(operands.getFirst());
    }
}

package io.millrace.service.dynamodb.expression;

import io.millrace.service.dynamodb.item.AttributeType;

import java.util.ArrayList;
import java.util.List;

/// Puts a request's names and values into a condition and checks them. Goes in the order in which
/// the condition is written, operands before what they are operands of: the first error of the
/// first part is reported, as on AWS.
final class ConditionBinder {

    private final ExpressionKind kind;
    private final ExpressionContext context;
    private final PathBinder pathBinder;
    private final OperandChecks checks;
    private final List<DocumentPath> paths = new ArrayList<>();

    ConditionBinder(ExpressionKind kind, ExpressionContext context) {
        this.kind = kind;
        this.context = context;
        this.pathBinder = new PathBinder(kind, context);
        this.checks = new OperandChecks(kind);
    }

    /// The paths that have been bound.
    List<DocumentPath> paths() {
        return List.copyOf(paths);
    }

    Condition bind(Syntax syntax) {
        return switch (syntax) {
            case Syntax.Group(Syntax inner) -> bind(inner);
            case Syntax.And(Syntax left, Syntax right) ->
                    new Condition.And(bind(left), bind(right));
            case Syntax.Or(Syntax left, Syntax right) -> new Condition.Or(bind(left), bind(right));
            case Syntax.Not(Syntax inner) -> new Condition.Not(bind(inner));
            case Syntax.Comparison comparison -> comparison(comparison);
            case Syntax.Between between -> between(between);
            case Syntax.In in -> in(in);
            case Syntax.Call call -> function(call);
            case Syntax.Path _, Syntax.Value _, Syntax.Arithmetic _ ->
                    throw new IllegalStateException("an operand as a condition");
        };
    }

    private Condition comparison(Syntax.Comparison comparison) {
        Comparator comparator = comparison.comparator();
        Operand left = operand(comparison.left());
        Operand right = operand(comparison.right());
        checks.distinct(comparator.sign(), left, List.of(right));
        if (comparator.isOrder()) {
            checks.types(comparator.sign(), AttributeType::isOrdered, List.of(left, right));
        }
        return new Condition.Compare(comparator, left, right);
    }

    private Condition between(Syntax.Between between) {
        Operand value = operand(between.value());
        Operand low = operand(between.low());
        Operand high = operand(between.high());
        checks.types("BETWEEN", AttributeType::isOrdered, List.of(value, low, high));
        checks.distinct("BETWEEN", value, List.of(low, high));
        checks.bounds(low, high);
        return new Condition.Between(value, low, high);
    }

    private Condition in(Syntax.In in) {
        Operand value = operand(in.value());
        List<Operand> candidates = in.candidates().stream().map(this::operand).toList();
        checks.candidates(candidates.size());
        checks.distinct("IN", value, candidates);
        return new Condition.In(value, candidates);
    }

    private Condition function(Syntax.Call call) {
        List<Operand> operands = call.operands().stream().map(this::operand).toList();
        checks.count(call);
        String name = call.function();
        Operand first = operands.getFirst();
        checks.distinct(name, first, operands.subList(1, operands.size()));
        return switch (name) {
            case "attribute_exists" -> new Condition.Exists(checks.path(name, first));
            case "attribute_not_exists" -> new Condition.NotExists(checks.path(name, first));
            case "attribute_type" ->
                    new Condition.TypeIs(first, checks.typeName(name, operands.get(1)));
            case "begins_with" -> {
                checks.types(
                        name, type -> type == AttributeType.S || type == AttributeType.B, operands);
                yield new Condition.BeginsWith(first, operands.get(1));
            }
            case "contains" -> new Condition.Contains(first, operands.get(1));
            default -> throw new IllegalStateException("function " + name);
        };
    }

    private Operand operand(Syntax syntax) {
        return switch (syntax) {
            case Syntax.Group(Syntax inner) -> operand(inner);
            case Syntax.Value(String placeholder) ->
                    new Operand.Constant(context.value(kind, placeholder));
            case Syntax.Path path -> {
                paths.add(pathBinder.bind(path));
                yield new Operand.Attribute(paths.getLast());
            }
            case Syntax.Call call -> {
                List<Operand> operands = call.operands().stream().map(this::operand).toList();
                checks.count(call);
                checks.types(
                        call.function(),
                        type ->
                                type != AttributeType.N
                                        && type != AttributeType.BOOL
                                        && type != AttributeType.NULL,
                        operands);
                yield new Operand.Size(operands.getFirst());
            }
            default -> throw new IllegalStateException("a condition as an operand");
        };
    }
}

package io.millrace.service.dynamodb.expression;

import io.millrace.wire.ServiceException;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What can be said against an expression before its names and values are known: reserved words,
/// list indexes, functions that do not exist or stand in the wrong place, repeated sections.
/// Reports the first, in the order in which the expression is written.
final class SyntaxChecks {

    private static final Set<String> CONDITION_FUNCTIONS =
            Set.of(
                    "attribute_exists",
                    "attribute_not_exists",
                    "attribute_type",
                    "begins_with",
                    "contains");
    private static final String SIZE = "size";
    private static final String LIST_APPEND = "list_append";
    private static final Set<String> UPDATE_FUNCTIONS = Set.of("if_not_exists", LIST_APPEND);
    private static final int INDEX_DIGITS_MAX = 10;

    private final ExpressionKind kind;

    private SyntaxChecks(ExpressionKind kind) {
        this.kind = kind;
    }

    static void checkCondition(ExpressionKind kind, Syntax condition) {
        new SyntaxChecks(kind).condition(condition);
    }

    static void checkProjection(List<Syntax.Path> paths) {
        paths.forEach(new SyntaxChecks(ExpressionKind.PROJECTION)::path);
    }

    /// All sections of the first verb, then all of the second, and so on: as AWS goes.
    static void checkUpdate(List<Syntax.Section> sections) {
        SyntaxChecks checks = new SyntaxChecks(ExpressionKind.UPDATE);
        Set<Syntax.Verb> checked = EnumSet.noneOf(Syntax.Verb.class);
        for (Syntax.Section section : sections) {
            if (checked.add(section.verb())) {
                checks.sections(sections, section.verb());
            }
        }
    }

    private void sections(List<Syntax.Section> all, Syntax.Verb verb) {
        int count = 0;
        for (Syntax.Section section : all) {
            if (section.verb() == verb) {
                count++;
                section.actions().forEach(this::action);
            }
        }
        if (count > 1) {
            throw kind.invalid(
                    "The \"" + verb + "\" section can only be used once in an update expression;");
        }
    }

    private void action(Syntax.Action action) {
        path(action.path());
        if (action.value() != null) {
            assigned(action.value());
        }
    }

    /// A whole value: the only place for `list_append`.
    private void assigned(Syntax value) {
        switch (value) {
            case Syntax.Group(Syntax inner) -> assigned(inner);
            case Syntax.Call call when call.function().equals(LIST_APPEND) ->
                    call.operands().forEach(this::operand);
            default -> operand(value);
        }
    }

    private void condition(Syntax syntax) {
        switch (syntax) {
            case Syntax.And(Syntax left, Syntax right) -> {
                condition(left);
                condition(right);
            }
            case Syntax.Or(Syntax left, Syntax right) -> {
                condition(left);
                condition(right);
            }
            case Syntax.Not(Syntax inner) -> condition(inner);
            case Syntax.Group(Syntax inner) -> condition(inner);
            case Syntax.Call call -> {
                checkFunction(call.function());
                if (!CONDITION_FUNCTIONS.contains(call.function())) {
                    throw notThisWay(call.function());
                }
                call.operands().forEach(this::operand);
            }
            default -> operand(syntax);
        }
    }

    private void operand(Syntax syntax) {
        switch (syntax) {
            case Syntax.Path path -> path(path);
            case Syntax.Value _ -> {}
            case Syntax.Group(Syntax inner) -> operand(inner);
            case Syntax.Comparison(_, Syntax left, Syntax right) -> {
                operand(left);
                operand(right);
            }
            case Syntax.Between(Syntax value, Syntax low, Syntax high) -> {
                operand(value);
                operand(low);
                operand(high);
            }
            case Syntax.In(Syntax value, List<Syntax> candidates) -> {
                operand(value);
                candidates.forEach(this::operand);
            }
            case Syntax.Arithmetic(_, Syntax left, Syntax right) -> {
                operand(left);
                operand(right);
            }
            case Syntax.Call call -> {
                checkFunction(call.function());
                boolean allowed =
                        kind == ExpressionKind.UPDATE
                                ? !call.function().equals(LIST_APPEND)
                                : call.function().equals(SIZE);
                if (!allowed) {
                    throw notThisWay(call.function());
                }
                call.operands().forEach(this::operand);
            }
            case Syntax.And _, Syntax.Or _, Syntax.Not _ ->
                    throw new IllegalStateException("a condition as an operand");
        }
    }

    private void checkFunction(String function) {
        boolean ofConditions = CONDITION_FUNCTIONS.contains(function) || function.equals(SIZE);
        boolean ofUpdates = UPDATE_FUNCTIONS.contains(function);
        if (!ofConditions && !ofUpdates) {
            throw kind.invalid("Invalid function name; function: " + function);
        }
        if (kind == ExpressionKind.UPDATE && ofConditions) {
            throw kind.invalid(
                    "The function is not allowed in an update expression; function: " + function);
        }
        if (kind != ExpressionKind.UPDATE && ofUpdates) {
            throw kind.invalid(
                    "The function is not allowed in a condition expression; function: " + function);
        }
    }

    private ServiceException notThisWay(String function) {
        return kind.invalid(
                "The function is not allowed to be used this way in an expression; function: "
                        + function);
    }

    private void path(Syntax.Path path) {
        for (Syntax.Step step : path.steps()) {
            switch (step) {
                case Syntax.IndexStep(String digits) -> {
                    if (digits.length() > INDEX_DIGITS_MAX
                            || Long.parseLong(digits) > Integer.MAX_VALUE) {
                        throw kind.invalid(
                                "List index is not within the allowable range; index: ["
                                        + digits
                                        + "]");
                    }
                }
                case Syntax.NameStep name -> {
                    if (!name.isPlaceholder() && ReservedWords.contains(name.name())) {
                        throw kind.invalid(
                                "Attribute name is a reserved keyword; reserved keyword: "
                                        + name.name());
                    }
                }
            }
        }
    }

    /// How many operands each function takes.
    static final Map<String, Integer> OPERAND_COUNTS =
            Map.of(
                    "attribute_exists",
                    1,
                    "attribute_not_exists",
                    1,
                    "attribute_type",
                    2,
                    "begins_with",
                    2,
                    "contains",
                    2,
                    SIZE,
                    1,
                    "if_not_exists",
                    2,
                    LIST_APPEND,
                    2);
}

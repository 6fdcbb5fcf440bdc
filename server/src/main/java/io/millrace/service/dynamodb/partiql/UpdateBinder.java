package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.Operand;
import io.millrace.service.dynamodb.expression.OperandChecks;
import io.millrace.service.dynamodb.expression.UpdateAction;
import io.millrace.service.dynamodb.expression.UpdateExpression;
import io.millrace.service.dynamodb.item.AttributeType;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes an update of the `SET` and `REMOVE` clauses of a statement.
final class UpdateBinder {

    private static final String SET_ADD = "set_add";
    private static final String SET_DELETE = "set_delete";

    private final ValueBinder values;
    private final OperandChecks checks = new OperandChecks(ExpressionKind.STATEMENT);
    private int depth;

    UpdateBinder(ValueBinder values) {
        this.values = values;
    }

    UpdateExpression bind(List<Syntax.Action> actions) {
        List<UpdateAction> bound = new ArrayList<>();
        actions.forEach(action -> bound.add(action(action)));
        return UpdateExpression.of(ExpressionKind.STATEMENT, bound);
    }

    private UpdateAction action(Syntax.Action action) {
        DocumentPath path = action.path().path();
        if (action.value() == null) {
            return new UpdateAction.Remove(path);
        }
        if (action.value() instanceof Term.Call call) {
            if (call.function().equals(SET_ADD)) {
                return new UpdateAction.Add(path, elements(path, call));
            }
            if (call.function().equals(SET_DELETE)) {
                return new UpdateAction.Delete(path, elements(path, call));
            }
        }
        return new UpdateAction.Assign(path, operand(action.value()));
    }

    /// The set that is added or deleted.
    private AttributeValue elements(DocumentPath target, Term.Call call) {
        String name = call.function().toUpperCase(Locale.ROOT);
        if (call.operands().size() != 2) {
            throw PartiqlErrors.at(call.position(), name + " must have exactly two arguments");
        }
        Term first = call.operands().getFirst();
        if (!(first instanceof Term.Path(DocumentPath path, _)) || !path.equals(target)) {
            throw PartiqlErrors.at(
                    call.position(),
                    "The first argument to " + name + " must equal the assignment value");
        }
        Term second = call.operands().getLast();
        AttributeValue set = isConstant(second) ? values.value(second) : null;
        if (set == null || !AttributeType.of(set).isSet()) {
            throw PartiqlErrors.at(
                    first.position(),
                    "The second argument to " + name + " must be a value with type SET");
        }
        return set;
    }

    private static boolean isConstant(Term term) {
        return switch (term) {
            case Term.Literal _,
                    Term.Ion _,
                    Term.Parameter _,
                    Term.Sequence _,
                    Term.Bag _,
                    Term.Struct _ ->
                    true;
            case Term.Path _,
                    Term.Missing _,
                    Term.Call _,
                    Term.Operation _,
                    Term.Is _,
                    Term.Subquery _,
                    Term.Star _ ->
                    false;
        };
    }

    private Operand operand(Term term) {
        return switch (term) {
            case Term.Path(DocumentPath path, _) -> new Operand.Attribute(path);
            case Term.Operation operation -> arithmetic(operation);
            case Term.Call call -> function(call);
            case Term.Is _ ->
                    throw PartiqlErrors.of("IS operator is not supported in update expressions");
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

    private Operand arithmetic(Term.Operation operation) {
        boolean plus = operation.operator().equals("+");
        if (!plus && !operation.operator().equals("-")) {
            throw PartiqlErrors.unsupportedInUpdate(operation.operator());
        }
        if (operation.operands().size() == 1) {
            throw WhereBinder.arithmetic(operation);
        }
        if (++depth > PartiqlLimits.OPERATORS_MAX) {
            throw PartiqlErrors.of(
                    "The expression contains too many operators; operator count: " + depth);
        }
        Operand left = operand(operation.operands().getFirst());
        Operand right = operand(operation.operands().getLast());
        depth--;
        checks.types(operation.operator(), type -> type == AttributeType.N, List.of(left, right));
        return new Operand.Arithmetic(plus, left, right);
    }

    private Operand function(Term.Call call) {
        boolean append = call.function().equals("list_append");
        if (!append && !call.function().equals("if_not_exists")) {
            throw PartiqlErrors.unknownFunction(call);
        }
        List<Operand> operands = call.operands().stream().map(this::operand).toList();
        checks.count(call.function(), operands.size());
        Operand first = operands.getFirst();
        Operand second = operands.getLast();
        if (append) {
            checks.types(call.function(), type -> type == AttributeType.L, operands);
            return new Operand.ListAppend(first, second);
        }
        DocumentPath path = checks.path(call.function(), first);
        checks.distinct(call.function(), first, List.of(second));
        return new Operand.IfNotExists(path, second);
    }
}

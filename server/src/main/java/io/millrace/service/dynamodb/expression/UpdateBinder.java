package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/// Puts a request's names and values into an update and checks them. AWS first looks at the paths
/// that change and whether they overlap, then at all names and then at all values from the last
/// action back to the first.
final class UpdateBinder {

    private static final ExpressionKind KIND = ExpressionKind.UPDATE;

    private final ExpressionContext context;
    private final PathBinder pathBinder;
    private final OperandChecks checks = new OperandChecks(KIND);
    private final List<DocumentPath> readPaths = new ArrayList<>();

    UpdateBinder(ExpressionContext context) {
        this.context = context;
        this.pathBinder = new PathBinder(KIND, context);
    }

    /// The paths that values refer to.
    List<DocumentPath> readPaths() {
        return List.copyOf(readPaths);
    }

    List<UpdateAction> bind(List<Syntax.Section> sections) {
        List<DocumentPath> paths = new ArrayList<>();
        for (Syntax.Section section : sections) {
            section.actions().forEach(action -> paths.add(pathBinder.bind(action.path())));
        }
        PathTree.of(paths).checkDistinct(KIND);
        for (Syntax.Section section : sections.reversed()) {
            section.actions().reversed().forEach(this::checkNames);
        }
        Deque<UpdateAction> actions = new ArrayDeque<>();
        int last = paths.size();
        for (Syntax.Section section : sections.reversed()) {
            for (Syntax.Action action : section.actions().reversed()) {
                last--;
                actions.addFirst(bind(section.verb(), paths.get(last), action.value()));
            }
        }
        Collections.reverse(readPaths);
        return List.copyOf(actions);
    }

    private void checkNames(Syntax.Action action) {
        if (action.value() != null) {
            checkNames(action.value());
        }
    }

    private void checkNames(Syntax syntax) {
        switch (syntax) {
            case Syntax.Path path -> pathBinder.bind(path);
            case Syntax.Group(Syntax inner) -> checkNames(inner);
            case Syntax.Call(_, List<Syntax> operands) -> operands.forEach(this::checkNames);
            case Syntax.Arithmetic(_, Syntax left, Syntax right) -> {
                checkNames(left);
                checkNames(right);
            }
            default -> {}
        }
    }

    private UpdateAction bind(Syntax.Verb verb, DocumentPath path, @Nullable Syntax value) {
        if (verb == Syntax.Verb.REMOVE || value == null) {
            return new UpdateAction.Remove(path);
        }
        return switch (verb) {
            case SET -> new UpdateAction.Assign(path, operand(value));
            case ADD -> new UpdateAction.Add(path, element(verb, value));
            case DELETE -> new UpdateAction.Delete(path, element(verb, value));
            case REMOVE -> throw new IllegalStateException("has no value");
        };
    }

    /// The value of `ADD` or `DELETE`.
    private AttributeValue element(Syntax.Verb verb, Syntax syntax) {
        if (!(syntax instanceof Syntax.Value(String placeholder))) {
            throw new IllegalStateException("no value: " + syntax);
        }
        AttributeValue value = context.value(KIND, placeholder);
        AttributeType type = AttributeType.of(value);
        if (!type.isSet() && !(type == AttributeType.N && verb == Syntax.Verb.ADD)) {
            throw KIND.invalid(
                    "Incorrect operand type for operator or function; operator: "
                            + verb
                            + ", operand type: "
                            + type.longName()
                            + ", typeSet: ALLOWED_FOR_"
                            + verb
                            + "_OPERAND");
        }
        return value;
    }

    private Operand operand(Syntax syntax) {
        return switch (syntax) {
            case Syntax.Group(Syntax inner) -> operand(inner);
            case Syntax.Value(String placeholder) ->
                    new Operand.Constant(context.value(KIND, placeholder));
            case Syntax.Path path -> {
                readPaths.add(pathBinder.bind(path));
                yield new Operand.Attribute(readPaths.getLast());
            }
            case Syntax.Arithmetic(boolean plus, Syntax first, Syntax second) -> {
                Operand left = operand(first);
                Operand right = operand(second);
                checks.types(
                        plus ? "+" : "-", type -> type == AttributeType.N, List.of(left, right));
                yield new Operand.Arithmetic(plus, left, right);
            }
            case Syntax.Call call -> function(call);
            default -> throw new IllegalStateException("a condition in an update");
        };
    }

    private Operand function(Syntax.Call call) {
        List<Operand> operands = call.operands().stream().map(this::operand).toList();
        checks.count(call);
        Operand first = operands.getFirst();
        Operand second = operands.getLast();
        if (call.function().equals("list_append")) {
            checks.types(call.function(), type -> type == AttributeType.L, operands);
            return new Operand.ListAppend(first, second);
        }
        DocumentPath path = checks.path(call.function(), first);
        checks.distinct(call.function(), first, List.of(second));
        return new Operand.IfNotExists(path, second);
    }
}

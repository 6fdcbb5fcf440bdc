package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A `ConditionExpression` or a `FilterExpression`. Immutable and thread-safe.
public final class ConditionExpression {

    private final Condition condition;
    private final List<DocumentPath> paths;

    ConditionExpression(Condition condition, List<DocumentPath> paths) {
        this.condition = condition;
        this.paths = paths;
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @param kind `CONDITION` or `FILTER`
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static ConditionExpression parse(
            ExpressionKind kind, String text, ExpressionContext context) {
        ConditionBinder binder = new ConditionBinder(kind, context);
        Condition condition = binder.bind(SyntaxCache.condition(kind, text));
        return new ConditionExpression(condition, binder.paths());
    }

    /// A condition that was not written as an expression.
    public static ConditionExpression of(Condition condition) {
        List<DocumentPath> paths = new ArrayList<>();
        condition.collectPaths(paths);
        return new ConditionExpression(condition, List.copyOf(paths));
    }

    /// Whether the item meets the condition; an item that does not exist is an empty map.
    public boolean matches(Map<String, AttributeValue> item) {
        return condition.holds(item);
    }

    /// All document paths in it, in the order in which they stand.
    public List<DocumentPath> paths() {
        return paths;
    }
}

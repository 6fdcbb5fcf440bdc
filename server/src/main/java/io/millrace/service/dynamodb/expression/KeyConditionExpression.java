package io.millrace.service.dynamodb.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A `KeyConditionExpression`: one equality for each attribute of the partition key and, perhaps,
/// conditions for the sort key. Immutable and thread-safe.
///
/// AWS checks it in three steps, with other checks between them: [#parse] with the other
/// expressions, [#check] when all are parsed and all names and values used, [#on] when the table is
/// known.
public final class KeyConditionExpression {

    private final Supplier<Map<String, SortCondition>> conditions;

    /// @param conditions by attribute; fails when what was asked has not the form of a key
    ///   condition
    KeyConditionExpression(Supplier<Map<String, SortCondition>> conditions) {
        this.conditions = conditions;
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static KeyConditionExpression parse(String text, ExpressionContext context) {
        ExpressionKind kind = ExpressionKind.KEY_CONDITION;
        ConditionBinder binder = new ConditionBinder(kind, context);
        Condition condition = binder.bind(SyntaxCache.condition(kind, text));
        return new KeyConditionExpression(() -> collect(condition));
    }

    /// Checks that it has the form of a key condition, whatever the table's key is.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public void check() {
        Map<String, SortCondition> _ = conditions.get();
    }

    /// The condition on a key of that schema.
    ///
    /// @param hashes the attributes of the partition key
    /// @param ranges the attributes of the sort key, if there are any
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public KeyCondition on(List<KeyPart> hashes, List<KeyPart> ranges) {
        return KeyCondition.of(conditions.get(), hashes, ranges);
    }

    private static Map<String, SortCondition> collect(Condition condition) {
        Map<String, SortCondition> conditions = new LinkedHashMap<>();
        KeyConditionRules.collect(condition, conditions);
        return conditions;
    }
}

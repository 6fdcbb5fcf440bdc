package io.millrace.service.dynamodb.expression;

import io.millrace.service.dynamodb.item.AttributeType;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// A `KeyConditionExpression`: one equality for the partition key and, perhaps, one condition for
/// the sort key. Immutable and thread-safe.
///
/// AWS checks it in three steps, with other checks between them: [#parse] with the other
/// expressions, [#check] when all are parsed and all names and values used, [#on] when the table is
/// known.
public final class KeyConditionExpression {

    private final Condition condition;

    private KeyConditionExpression(Condition condition) {
        this.condition = condition;
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static KeyConditionExpression parse(String text, ExpressionContext context) {
        ExpressionKind kind = ExpressionKind.KEY_CONDITION;
        ConditionBinder binder = new ConditionBinder(kind, context);
        return new KeyConditionExpression(binder.bind(SyntaxCache.condition(kind, text)));
    }

    /// Checks that it has the form of a key condition, whatever the table's key is.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public void check() {
        conditions();
    }

    /// The condition on a key of that schema.
    ///
    /// @param sortName null when the table or index has no sort key
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public KeyCondition on(
            String partitionName,
            AttributeType partitionType,
            @Nullable String sortName,
            @Nullable AttributeType sortType) {
        return KeyCondition.of(conditions(), partitionName, partitionType, sortName, sortType);
    }

    private Map<String, SortCondition> conditions() {
        Map<String, SortCondition> conditions = new LinkedHashMap<>();
        KeyConditionRules.collect(condition, conditions);
        return conditions;
    }
}

package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.ExpectedAttributeValue;
import io.millrace.service.dynamodb.item.ItemErrors;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// The conditions from before expressions, as what expressions become: `Expected`, `QueryFilter`,
/// `ScanFilter` and `KeyConditions`. Source: [legacy conditional
/// parameters](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html).
public final class LegacyConditions {

    private LegacyConditions() {}

    /// The condition of a write.
    ///
    /// @param operator `ConditionalOperator`
    /// @return null when there is nothing to check
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static @Nullable ConditionExpression expected(
            @Nullable Map<String, ExpectedAttributeValue> expected, @Nullable String operator) {
        return joined(expected, operator, LegacyCondition::of);
    }

    /// A filter.
    ///
    /// @param operator `ConditionalOperator`
    /// @return null when there is nothing to check
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static @Nullable ConditionExpression filter(
            @Nullable Map<String, io.millrace.api.dynamodb.Condition> filter,
            @Nullable String operator) {
        return joined(filter, operator, LegacyCondition::of);
    }

    /// What a query asks of the key.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static KeyConditionExpression keyConditions(
            Map<String, io.millrace.api.dynamodb.Condition> conditions) {
        Map<String, SortCondition> byName = new LinkedHashMap<>();
        conditions.forEach((name, condition) ->
                byName.put(name, LegacyCondition.of(name, condition).keyCondition()));
        if (byName.isEmpty()) {
            throw ItemErrors.validation("Conditions can be of length 1 or 2 only");
        }
        return new KeyConditionExpression(() -> byName);
    }

    private static <T> @Nullable ConditionExpression joined(
            @Nullable Map<String, T> given,
            @Nullable String operator,
            BiFunction<String, T, LegacyCondition> read) {
        checkOperator(operator, given == null ? 0 : given.size());
        if (given == null || given.isEmpty()) {
            return null;
        }
        List<Condition> conditions = new ArrayList<>();
        List<DocumentPath> paths = new ArrayList<>();
        given.forEach((name, each) -> {
            LegacyCondition condition = read.apply(name, each);
            conditions.add(condition.condition());
            paths.add(condition.path());
        });
        return new ConditionExpression(
                joined(conditions, "OR".equals(operator)), List.copyOf(paths));
    }

    private static void checkOperator(@Nullable String operator, int conditions) {
        if (operator != null && conditions == 0) {
            throw ItemErrors.validation(
                    "ConditionalOperator cannot be used without Filter or Expected");
        }
        if (operator != null && conditions == 1) {
            throw ItemErrors.validation(
                    "ConditionalOperator can only be used when Filter or Expected has two or more"
                            + " elements");
        }
    }

    /// A tree that is no deeper than it must be: nothing limits how many conditions there are.
    private static Condition joined(List<Condition> conditions, boolean any) {
        int count = conditions.size();
        if (count == 1) {
            return conditions.getFirst();
        }
        Condition left = joined(conditions.subList(0, count / 2), any);
        Condition right = joined(conditions.subList(count / 2, count), any);
        return any ? new Condition.Or(left, right) : new Condition.And(left, right);
    }
}

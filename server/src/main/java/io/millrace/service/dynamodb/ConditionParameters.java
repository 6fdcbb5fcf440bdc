package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ExpectedAttributeValue;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.LegacyConditions;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// On what condition PutItem, DeleteItem or UpdateItem writes: as an expression, or as it was said
/// before there were expressions.
record ConditionParameters(
        @Nullable String expression,
        @Nullable Map<String, ExpectedAttributeValue> expected,
        @Nullable String conditionalOperator) {

    /// The parameters with these added.
    ExpressionParameters addTo(ExpressionParameters parameters) {
        return parameters
                .expression(ExpressionKind.CONDITION, expression)
                .legacy("Expected", expected)
                .legacy("ConditionalOperator", conditionalOperator);
    }

    /// Null when the write is done whatever there is.
    @Nullable ConditionExpression parse(ExpressionContext context) {
        return expression == null
                ? LegacyConditions.expected(expected, conditionalOperator)
                : ConditionExpression.parse(ExpressionKind.CONDITION, expression, context);
    }
}

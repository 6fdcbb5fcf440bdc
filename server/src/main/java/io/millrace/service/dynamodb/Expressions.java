package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.expression.UpdateExpression;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Parses the expressions of a request in the order in which DynamoDB finds their errors.
final class Expressions {

    /// @param update null when the request has none
    /// @param condition null when the request has none
    record OfUpdate(@Nullable UpdateExpression update, @Nullable ConditionExpression condition) {}

    private Expressions() {}

    static @Nullable ConditionExpression condition(
            @Nullable String text, ExpressionParameters parameters) {
        return condition(new ConditionParameters(text, null, null), parameters);
    }

    static @Nullable ConditionExpression condition(
            ConditionParameters condition, ExpressionParameters parameters) {
        ExpressionContext context = parameters.context();
        ConditionExpression parsed = condition.parse(context);
        context.checkAllUsed();
        return parsed;
    }

    static OfUpdate update(
            @Nullable String updateText,
            @Nullable String conditionText,
            ExpressionParameters parameters) {
        return update(updateText, new ConditionParameters(conditionText, null, null), parameters);
    }

    static OfUpdate update(
            @Nullable String updateText,
            ConditionParameters condition,
            ExpressionParameters parameters) {
        ExpressionContext context = parameters.context();
        UpdateExpression update =
                updateText == null ? null : UpdateExpression.parse(updateText, context);
        ConditionExpression parsed = condition.parse(context);
        context.checkAllUsed();
        return new OfUpdate(update, parsed);
    }

    static @Nullable ProjectionExpression projection(
            @Nullable String text,
            @Nullable List<String> attributesToGet,
            ExpressionParameters parameters) {
        ExpressionContext context = parameters.context();
        ProjectionExpression projection =
                text == null ? null : ProjectionExpression.parse(text, context);
        context.checkAllUsed();
        return projection == null && attributesToGet != null
                ? ProjectionExpression.ofAttributes(attributesToGet)
                : projection;
    }
}

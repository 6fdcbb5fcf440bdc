package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
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
        ExpressionContext context = parameters.context();
        ConditionExpression condition = condition(text, context);
        context.checkAllUsed();
        return condition;
    }

    static OfUpdate update(
            @Nullable String updateText,
            @Nullable String conditionText,
            ExpressionParameters parameters) {
        ExpressionContext context = parameters.context();
        UpdateExpression update =
                updateText == null ? null : UpdateExpression.parse(updateText, context);
        ConditionExpression condition = condition(conditionText, context);
        context.checkAllUsed();
        return new OfUpdate(update, condition);
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

    private static @Nullable ConditionExpression condition(
            @Nullable String text, ExpressionContext context) {
        return text == null
                ? null
                : ConditionExpression.parse(ExpressionKind.CONDITION, text, context);
    }
}

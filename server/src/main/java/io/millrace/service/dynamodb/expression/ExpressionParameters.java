package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemErrors;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A request's expression parameters, and which of them go together.
///
/// ```java
/// ExpressionParameters parameters =
///         new ExpressionParameters(names, values)
///                 .expression(UPDATE, request.updateExpression())
///                 .expression(CONDITION, request.conditionExpression())
///                 .legacy("AttributeUpdates", request.attributeUpdates());
/// parameters.check();
/// ExpressionContext context = parameters.context();
/// ```
///
/// List the kinds in the order in which the operation's messages list them. Collected and checked
/// in one request; not thread-safe.
public final class ExpressionParameters {

    private final @Nullable Map<String, String> names;
    private final @Nullable Map<String, AttributeValue> values;
    private final List<String> expressions = new ArrayList<>();
    private final List<String> legacy = new ArrayList<>();
    private final List<String> valueKinds = new ArrayList<>();
    private boolean valuesAllowed;

    public ExpressionParameters(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        this.names = names;
        this.values = values;
    }

    /// Adds an expression that the operation knows; null when the request lacks it.
    public ExpressionParameters expression(ExpressionKind kind, @Nullable String text) {
        if (text != null) {
            expressions.add(kind.parameter());
        }
        if (kind != ExpressionKind.PROJECTION) {
            valueKinds.add(kind.parameter());
            valuesAllowed |= text != null;
        }
        return this;
    }

    /// Adds an older parameter that does not go with expressions; null when the request lacks it.
    public ExpressionParameters legacy(String parameter, @Nullable Object value) {
        if (value != null) {
            legacy.add(parameter);
        }
        return this;
    }

    /// Checks which parameters are given together.
    ///
    /// @throws io.millrace.wire.ServiceException when older parameters are mixed with expressions,
    ///   or names or values are given without an expression
    public void check() {
        if (!expressions.isEmpty() && !legacy.isEmpty()) {
            throw ItemErrors.validation(
                    "Can not use both expression and non-expression parameters in the same request:"
                            + " Non-expression parameters: {"
                            + String.join(", ", legacy)
                            + "} Expression parameters: {"
                            + String.join(", ", expressions)
                            + "}");
        }
        if (names != null && expressions.isEmpty()) {
            throw ItemErrors.validation(
                    "ExpressionAttributeNames can only be specified when using expressions");
        }
        if (values != null && !valuesAllowed && !valueKinds.isEmpty()) {
            throw ItemErrors.validation(
                    "ExpressionAttributeValues can only be specified when using expressions: "
                            + String.join(" and ", valueKinds)
                            + (valueKinds.size() > 1 ? " are null" : " is null"));
        }
    }

    /// The names and values, for parsing the expressions.
    ///
    /// @throws io.millrace.wire.ServiceException when a name or a value is not valid
    public ExpressionContext context() {
        return new ExpressionContext(names, values);
    }
}

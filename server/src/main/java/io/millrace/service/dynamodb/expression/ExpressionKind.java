package io.millrace.service.dynamodb.expression;

import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

/// The request parameter that an expression stands in; errors begin with its name, but in a
/// statement of PartiQL, where they stand alone.
public enum ExpressionKind {
    CONDITION("ConditionExpression"),
    FILTER("FilterExpression"),
    KEY_CONDITION("KeyConditionExpression"),
    SEARCH_CONDITION("SearchConditionExpression"),
    UPDATE("UpdateExpression"),
    PROJECTION("ProjectionExpression"),
    STATEMENT("");

    private final String parameter;

    ExpressionKind(String parameter) {
        this.parameter = parameter;
    }

    public String parameter() {
        return parameter;
    }

    ServiceException invalid(String message) {
        return ItemErrors.validation(
                this == STATEMENT ? message : "Invalid " + parameter + ": " + message);
    }
}

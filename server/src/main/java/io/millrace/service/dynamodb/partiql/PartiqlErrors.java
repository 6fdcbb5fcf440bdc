package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

/// What statements are refused for, in AWS's words. Source: public tests that ran against AWS, and
/// what the reference parser of PartiQL says.
final class PartiqlErrors {

    private PartiqlErrors() {}

    /// @param detail what the parser says; empty when no token could be made of the text
    static ServiceException malformed(String detail) {
        return ItemErrors.validation("Statement wasn't well formed, can't be processed: " + detail);
    }

    static ServiceException of(String message) {
        return ItemErrors.validation(message);
    }

    /// A message that ends with the place in the statement.
    static ServiceException at(Position position, String message) {
        return ItemErrors.validation(message + " at " + position);
    }

    static ServiceException unsupportedClause(String clause) {
        return of("Unsupported clause: " + clause);
    }

    static ServiceException tooDeep() {
        return of("Nesting Levels have exceeded supported limits");
    }

    static ServiceException parameterCount() {
        return of("Number of parameters in request and statement don't match.");
    }

    static ServiceException emptyComponent() {
        return of("Path component cannot be an empty string");
    }

    static ServiceException unexpectedComponent(Position position) {
        return at(position, "Unexpected path component");
    }

    static ServiceException unsupportedInCondition(String operator) {
        return of("Unsupported operator in Condition Expression. Operator: " + operator);
    }

    static ServiceException unsupportedInUpdate(String operator) {
        return of("Unsupported operator in Update Expression. Operator: " + operator);
    }

    static ServiceException unknownFunction(Term.Call call) {
        return at(call.position(), "Unrecognized function: " + call.function());
    }
}

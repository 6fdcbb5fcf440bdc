package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DuplicateItemException;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.wire.ServiceException;

/// What statements of PartiQL are refused for once their table is known, in AWS's words.
final class StatementErrors {
    static final String KEY_TYPE =
            "Key attribute's data type should match its data type in table's schema: Key ";
    static final String INCOMPLETE_KEY =
            "Where clause does not contain a mandatory equality on all key attributes";

    private static final String IN_TRANSACTION = "Validation failed in TransactStatements[";

    private StatementErrors() {}

    static ServiceException duplicateItem() {
        String message = "Duplicate primary key exists in table";
        return new ServiceException(
                Errors.DUPLICATE_ITEM_EXCEPTION, message, new DuplicateItemException(message));
    }

    static ServiceException onlyInTransactions() {
        return DynamoDbErrors.validation(
                "EXISTS can only be used in ExecuteTransaction write requests.");
    }

    static ServiceException keyType(String attribute) {
        return DynamoDbErrors.validation(KEY_TYPE + attribute);
    }

    /// A change whose condition does not say which item it is about.
    static ServiceException incompleteKey() {
        return DynamoDbErrors.validation(INCOMPLETE_KEY);
    }

    static ServiceException conflictingKey(String attribute) {
        return DynamoDbErrors.validation(
                "Multiple conditions on same key "
                        + attribute
                        + ". Only single item Update/Insert/Delete are supported");
    }

    static ServiceException existsIncomplete() {
        return DynamoDbErrors.validation(
                "EXISTS() must contain a single item read with additional condition");
    }

    static ServiceException overlapping() {
        return DynamoDbErrors.validation(
                "Overlapping conditions with range keys are not supported in where clause");
    }

    static ServiceException tooManyReads() {
        return DynamoDbErrors.validation("Too many decomposed read operations for a given query.");
    }

    static ServiceException noSingleItem(String operation) {
        return DynamoDbErrors.validation(
                "Select statements within "
                        + operation
                        + " must specify the primary key in the where clause.");
    }

    static ServiceException readsAndWrites(String operation) {
        return DynamoDbErrors.validation(
                operation
                        + " API does not support both read and write operations in the same"
                        + " request.");
    }

    /// What is wrong with one statement of a transaction.
    static ServiceException inTransaction(int index, ServiceException error) {
        return DynamoDbErrors.validation(IN_TRANSACTION + index + "]: " + error.message());
    }

    /// Whether the error is the whole request's, rather than a reason of one statement.
    static boolean isWhole(ServiceException error) {
        return error.message().startsWith(IN_TRANSACTION);
    }
}

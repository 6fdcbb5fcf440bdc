package io.millrace.service.dynamodb.item;

import io.millrace.api.ErrorModel;
import io.millrace.wire.ServiceException;

/// `ValidationException`, which DynamoDB's model lacks, and its wording for values.
public final class ItemErrors {

    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);
    private static final String INVALID = "One or more parameter values were invalid: ";

    private ItemErrors() {}

    public static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    /// Begins with "One or more parameter values were invalid".
    public static ServiceException invalid(String message) {
        return validation(INVALID + message);
    }

    static ServiceException notANumber(String text) {
        String message = "The parameter cannot be converted to a numeric value";
        return validation(text.isEmpty() ? message : message + ": " + text);
    }

    static ServiceException tooManyDigits() {
        return validation("Attempting to store more than 38 significant digits in a Number");
    }

    static ServiceException overflow() {
        return validation(
                "Number overflow. Attempting to store a number with magnitude larger than supported"
                        + " range");
    }

    static ServiceException underflow() {
        return validation(
                "Number underflow. Attempting to store a number with magnitude smaller than"
                        + " supported range");
    }

    static ServiceException tooDeep() {
        return validation(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested"
                        + " levels beyond supported limit");
    }
}

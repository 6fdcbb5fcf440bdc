package io.millrace.api.dynamodb;

/// An attribute value without a type, or with more than one. DynamoDB answers it as a
/// `ValidationException` with this message. Has no stack trace.
public final class InvalidAttributeValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private InvalidAttributeValue(String message) {
        super(message, null, false, false);
    }

    static InvalidAttributeValue empty() {
        return new InvalidAttributeValue(
                "Supplied AttributeValue is empty, must contain exactly one of the supported"
                        + " datatypes");
    }

    static InvalidAttributeValue several() {
        return new InvalidAttributeValue(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one"
                        + " of the supported datatypes");
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}

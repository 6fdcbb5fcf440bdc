package io.millrace.api.dynamodb;

import io.millrace.api.InvalidMember;

import java.util.List;

/// An attribute value without a type, or with more than one. DynamoDB answers it as a
/// `ValidationException` with this message, unless the request violates a constraint of its model.
public final class InvalidAttributeValue extends InvalidMember {
    private static final long serialVersionUID = 1L;

    private final transient List<AttributeValue> given;

    private InvalidAttributeValue(String message, List<AttributeValue> given) {
        super(message);
        this.given = given;
    }

    static InvalidAttributeValue empty() {
        return new InvalidAttributeValue(
                "Supplied AttributeValue is empty, must contain exactly one of the supported"
                        + " datatypes",
                List.of());
    }

    static InvalidAttributeValue several(List<AttributeValue> given) {
        return new InvalidAttributeValue(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one"
                        + " of the supported datatypes",
                given);
    }

    /// What was given where one value should be: DynamoDB complains about a malformed number among
    /// them before it complains about their number.
    public List<AttributeValue> given() {
        return given;
    }
}

package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The parameters from before expressions. `AttributesToGet` is understood; the others are refused
/// until they are, never ignored.
final class Legacy {
    private Legacy() {}

    static void refuse(String parameter, @Nullable Object value) {
        if (value != null) {
            throw DynamoDbErrors.notImplemented(
                    "the legacy parameter " + parameter + "; use an expression instead");
        }
    }

    static void checkAttributesToGet(@Nullable List<String> names) {
        if (names == null) {
            return;
        }
        Set<String> distinct = new HashSet<>();
        for (String name : names) {
            if (!distinct.add(name)) {
                throw DynamoDbErrors.invalid("Duplicate value in attribute name: " + name);
            }
        }
    }
}

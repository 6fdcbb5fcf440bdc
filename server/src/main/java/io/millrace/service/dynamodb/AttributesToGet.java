package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is checked of `AttributesToGet`, from before there were projection expressions.
final class AttributesToGet {
    private AttributesToGet() {}

    static void check(@Nullable List<String> names) {
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

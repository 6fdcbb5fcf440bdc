package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.Projection;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the projection of an index may be, in DynamoDB's words.
final class ProjectionRules {
    private static final Set<String> TYPES = Set.of("ALL", "KEYS_ONLY", "INCLUDE");

    private ProjectionRules() {}

    /// The projection's type.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static String check(Projection projection) {
        String type = projection.projectionType();
        List<String> nonKeys = projection.nonKeyAttributes();
        if (type == null || !TYPES.contains(type)) {
            throw DynamoDbErrors.invalid("Unknown ProjectionType: " + type);
        }
        if (nonKeys != null && !type.equals("INCLUDE")) {
            throw DynamoDbErrors.invalid(
                    "ProjectionType is " + type + ", but NonKeyAttributes is specified");
        }
        if (nonKeys == null) {
            if (type.equals("INCLUDE")) {
                throw DynamoDbErrors.invalid(
                        "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
            }
            return type;
        }
        Set<String> seen = new HashSet<>();
        for (String name : nonKeys) {
            if (!seen.add(name)) {
                throw DynamoDbErrors.invalid("Duplicate element in NonKeyAttributes: " + name);
            }
        }
        return type;
    }

    /// In the order of their names, as DescribeTable tells them.
    static List<String> nonKeyAttributes(Projection projection) {
        List<String> nonKeys = projection.nonKeyAttributes();
        return nonKeys == null ? List.of() : nonKeys.stream().sorted().toList();
    }

    /// @param count of all indexes of a table together
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void checkTotal(int count) {
        if (count > DynamoDbLimits.PROJECTED_ATTRIBUTES_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of NonKeyAttributes across all indexes exceeds the limit of "
                            + DynamoDbLimits.PROJECTED_ATTRIBUTES_MAX);
        }
    }
}

package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.expression.DocumentPath;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What expressions may do with key attributes.
final class KeyPaths {

    private KeyPaths() {}

    /// No path leads into a key attribute, which has no parts.
    static void checkScalar(Table table, List<DocumentPath> paths) {
        if (paths.stream().noneMatch(DocumentPath::isNested)) {
            return;
        }
        checkScalar(table.key(), "Key", paths);
        for (Index index : table.schema().indexes()) {
            checkScalar(index.key(), "IndexKey", paths);
        }
    }

    private static void checkScalar(KeySchema key, String what, List<DocumentPath> paths) {
        for (KeyAttribute attribute : key.attributes()) {
            if (named(attribute, paths, true) != null) {
                throw DynamoDbErrors.validation(
                        "Key attributes must be scalars; list random access '[]' and map lookup '.'"
                                + " are not allowed: "
                                + what
                                + ": "
                                + attribute.name());
            }
        }
    }

    /// No update changes a key attribute of the table.
    static void checkNotUpdated(Table table, List<DocumentPath> paths) {
        for (KeyAttribute attribute : table.key().attributes()) {
            if (named(attribute, paths, false) != null) {
                throw DynamoDbErrors.invalid(
                        "Cannot update attribute "
                                + attribute.name()
                                + ". This attribute is part of the key");
            }
        }
    }

    /// A query's filter looks at no attribute of the key that is queried.
    ///
    /// @param what how the message calls the filter
    static void checkNotFiltered(KeySchema key, String what, List<DocumentPath> paths) {
        for (KeyAttribute attribute : key.attributes()) {
            if (named(attribute, paths, false) != null) {
                throw DynamoDbErrors.validation(
                        what
                                + " can only contain non-primary key attributes: Primary key"
                                + " attribute: "
                                + attribute.name());
            }
        }
    }

    private static @Nullable DocumentPath named(
            KeyAttribute attribute, List<DocumentPath> paths, boolean nested) {
        for (DocumentPath path : paths) {
            if (path.attribute().equals(attribute.name()) && (path.isNested() || !nested)) {
                return path;
            }
        }
        return null;
    }
}

package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ProjectionExpression;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What of the items a query or scan answers: the parameter `Select`, and the projection.
///
/// @param projection null for all that is there
record Selection(
        boolean countOnly, boolean allAttributes, @Nullable ProjectionExpression projection) {

    /// Checks `Select` against the other parameters.
    ///
    /// @param by the parameter that gives the projection, or null
    static Selection of(
            @Nullable String select,
            @Nullable String by,
            @Nullable ProjectionExpression projection,
            boolean onIndex) {
        if ("SPECIFIC_ATTRIBUTES".equals(select) && by == null) {
            throw DynamoDbErrors.validation(
                    "Must specify the AttributesToGet or ProjectionExpression when choosing to get"
                            + " SPECIFIC_ATTRIBUTES");
        }
        if (select != null && by != null && !select.equals("SPECIFIC_ATTRIBUTES")) {
            throw DynamoDbErrors.validation(
                    "Cannot specify the "
                            + by
                            + " when choosing to get "
                            + (select.equals("COUNT") ? "only the Count" : select));
        }
        if ("ALL_PROJECTED_ATTRIBUTES".equals(select) && !onIndex) {
            throw DynamoDbErrors.validation(
                    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
        }
        return new Selection("COUNT".equals(select), "ALL_ATTRIBUTES".equals(select), projection);
    }

    /// A global index that lacks attributes cannot answer all of them.
    void checkAllAttributes(@Nullable Index index) {
        if (allAttributes && index != null && index.global() && !index.projectsAll()) {
            throw DynamoDbErrors.invalid(
                    "Select type ALL_ATTRIBUTES is not supported for global secondary index "
                            + index.name()
                            + " because its projection type is not ALL");
        }
    }

    /// Whether the entries of the index lack some of it, so that the items must be fetched.
    ///
    /// @throws io.millrace.wire.ServiceException when a global index lacks some of it
    boolean fetches(Table table, @Nullable Index index) {
        if (index == null || index.projectsAll()) {
            return false;
        }
        Set<String> missing =
                projection == null ? Set.of() : missing(table, index, projection.paths());
        if (!missing.isEmpty() && index.global()) {
            throw DynamoDbErrors.invalid(
                    "Global secondary index "
                            + index.name()
                            + " does not project ["
                            + String.join(", ", missing)
                            + "]");
        }
        return allAttributes || !missing.isEmpty();
    }

    /// The attributes that entries of the index lack.
    static Set<String> missing(Table table, Index index, List<DocumentPath> paths) {
        Set<String> missing = new LinkedHashSet<>();
        for (DocumentPath path : paths) {
            if (!IndexEntries.projects(table, index, path.attribute())) {
                missing.add(path.attribute());
            }
        }
        return missing;
    }
}

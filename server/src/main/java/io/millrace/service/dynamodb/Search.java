package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ProjectionExpression;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/// What Query and Scan have in common, as far as it is known without the table. A scan shows its
/// parameters as a query's.
///
/// @param filter null for all
/// @param startKey where the page begins, in normal form; null for the beginning
record Search(
        TableName table,
        QueryInput request,
        @Nullable ConditionExpression filter,
        Selection selection,
        @Nullable Map<String, AttributeValue> startKey) {

    /// @param legacy the filter from before expressions, if the request has one
    static @Nullable ConditionExpression filter(
            QueryInput request, @Nullable ConditionExpression legacy, ExpressionContext context) {
        return request.filterExpression() == null
                ? legacy
                : ConditionExpression.parse(
                        ExpressionKind.FILTER, request.filterExpression(), context);
    }

    static Selection selection(QueryInput request, ExpressionContext context) {
        boolean onIndex = request.indexName() != null;
        if (request.projectionExpression() != null) {
            return Selection.of(
                    request.select(),
                    "ProjectionExpression",
                    ProjectionExpression.parse(request.projectionExpression(), context),
                    onIndex);
        }
        return request.attributesToGet() == null
                ? Selection.of(request.select(), null, null, onIndex)
                : Selection.of(
                        request.select(),
                        "AttributesToGet",
                        ProjectionExpression.ofAttributes(request.attributesToGet()),
                        onIndex);
    }

    /// The index that is searched; null for the table itself.
    @Nullable Index index(Table in) {
        String name = request.indexName();
        if (name == null) {
            return null;
        }
        Index index = in.index(name);
        if (index == null) {
            throw in.features().vectorIndex(name) == null
                    ? DynamoDbErrors.noSuchIndex(name)
                    : DynamoDbErrors.validation(
                            (isScan() ? "Scan" : "Query")
                                    + " operation not supported on this index type");
        }
        if (index.backfilling()) {
            throw DynamoDbErrors.validation(
                    "Cannot read from backfilling global secondary index: " + name);
        }
        if (index.global() && consistent()) {
            throw DynamoDbErrors.validation(
                    "Consistent reads are not supported on global secondary indexes");
        }
        return index;
    }

    void checkProjection(Table in) {
        if (selection.projection() != null) {
            KeyPaths.checkScalar(in, selection.projection().paths());
        }
    }

    /// Checks that the index holds what the filter looks at.
    void checkFilter(Table in, @Nullable Index index) {
        if (filter == null) {
            return;
        }
        KeyPaths.checkScalar(in, filter.paths());
        if (index != null) {
            checkProjects(in, index, filter);
        }
    }

    static void checkProjects(Table in, Index index, ConditionExpression filter) {
        Set<String> missing = Selection.missing(in, index, filter.paths());
        if (!missing.isEmpty()) {
            throw DynamoDbErrors.invalid(
                    "Secondary index "
                            + index.name()
                            + " does not project one or more filter attributes: ["
                            + String.join(", ", missing)
                            + "]");
        }
    }

    private boolean isScan() {
        return request.keyConditionExpression() == null && request.keyConditions() == null;
    }

    boolean consistent() {
        return Boolean.TRUE.equals(request.consistentRead());
    }

    int limit() {
        return request.limit() == null ? Integer.MAX_VALUE : request.limit();
    }
}

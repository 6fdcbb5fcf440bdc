package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.ScanInput;
import io.millrace.api.dynamodb.ScanOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.PageRead.Page;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `Scan`: all items of a table or an index, in no order that means anything, page by page; or one
/// of up to a million segments of them, which together are all.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html).
final class Scan implements Operation<ScanInput, ScanOutput> {
    private final Store store;

    /// What is known without the table.
    private record Asked(
            TableName table,
            @Nullable ConditionExpression filter,
            Selection selection,
            @Nullable Map<String, AttributeValue> startKey) {}

    Scan(Store store) {
        this.store = store;
    }

    @Override
    public ScanOutput handle(Caller caller, ScanInput request) {
        Asked asked = asked(caller, request);
        return store.read(tx -> scan(tx, asked, request));
    }

    private static Asked asked(Caller caller, ScanInput request) {
        TableName table = TableName.of(caller, request.tableName());
        checkSegments(request.segment(), request.totalSegments());
        ExpressionParameters parameters =
                new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues())
                        .expression(ExpressionKind.PROJECTION, request.projectionExpression())
                        .expression(ExpressionKind.FILTER, request.filterExpression())
                        .legacy("AttributesToGet", request.attributesToGet())
                        .legacy("ScanFilter", request.scanFilter())
                        .legacy("ConditionalOperator", request.conditionalOperator());
        parameters.check();
        Map<String, AttributeValue> startKey = StartKey.normal(request.exclusiveStartKey());
        Legacy.checkAttributesToGet(request.attributesToGet());
        Legacy.refuse("ScanFilter", request.scanFilter());
        Legacy.refuse("ConditionalOperator", request.conditionalOperator());
        ExpressionContext context = parameters.context();
        String filterText = request.filterExpression();
        ConditionExpression filter =
                filterText == null
                        ? null
                        : ConditionExpression.parse(ExpressionKind.FILTER, filterText, context);
        Selection selection =
                selection(
                        request.select(),
                        request.projectionExpression(),
                        request.attributesToGet(),
                        request.indexName(),
                        context);
        context.checkAllUsed();
        return new Asked(table, filter, selection, startKey);
    }

    private static void checkSegments(@Nullable Integer segment, @Nullable Integer total) {
        if (segment == null && total == null) {
            return;
        }
        if (segment == null) {
            throw DynamoDbErrors.validation(
                    "The Segment parameter is required but was not present in the request when"
                            + " parameter TotalSegments is present");
        }
        if (total == null) {
            throw DynamoDbErrors.validation(
                    "The TotalSegments parameter is required but was not present in the request"
                            + " when Segment parameter is present");
        }
        if (segment >= total) {
            throw DynamoDbErrors.validation(
                    "The Segment parameter is zero-based and must be less than parameter"
                            + " TotalSegments: Segment: "
                            + segment
                            + " is not less than TotalSegments: "
                            + total);
        }
    }

    /// Parses the projection, which a query does in the same way.
    static Selection selection(
            @Nullable String select,
            @Nullable String projectionText,
            @Nullable List<String> attributesToGet,
            @Nullable String indexName,
            ExpressionContext context) {
        boolean onIndex = indexName != null;
        if (projectionText != null) {
            return Selection.of(
                    select,
                    "ProjectionExpression",
                    ProjectionExpression.parse(projectionText, context),
                    onIndex);
        }
        return attributesToGet == null
                ? Selection.of(select, null, null, onIndex)
                : Selection.of(
                        select,
                        "AttributesToGet",
                        ProjectionExpression.ofAttributes(attributesToGet),
                        onIndex);
    }

    private static ScanOutput scan(Snapshot tx, Asked asked, ScanInput request) {
        Table table = Tables.open(tx, asked.table());
        Index index = index(table, request.indexName(), request.consistentRead());
        if (asked.filter() != null) {
            checkFilter(table, index, asked.filter());
        }
        Page page =
                new PageRead(
                                table,
                                index,
                                range(table, index, asked.startKey(), request),
                                Direction.FORWARD,
                                limit(request.limit()),
                                asked.filter(),
                                asked.selection(),
                                Boolean.TRUE.equals(request.consistentRead()))
                        .read(tx);
        return ScanOutput.builder()
                .items(page.items())
                .count(page.count())
                .scannedCount(page.scannedCount())
                .lastEvaluatedKey(page.lastKey())
                .consumedCapacity(page.consumption().tell(request.returnConsumedCapacity()))
                .build();
    }

    private static KeyRange range(
            Table table,
            @Nullable Index index,
            @Nullable Map<String, AttributeValue> startKey,
            ScanInput request) {
        int prefix = index == null ? DynamoDbKeys.ITEM : DynamoDbKeys.INDEX_ENTRY;
        long space = index == null ? table.number() : index.number();
        int segment = request.segment() == null ? 0 : request.segment();
        int total = request.totalSegments() == null ? 1 : request.totalSegments();
        KeyRange range =
                new KeyRange(
                        ItemKeys.segment(prefix, space, segment, total),
                        ItemKeys.segment(prefix, space, segment + 1, total));
        if (startKey == null) {
            return range;
        }
        byte[] start = StartKey.check(table, index, startKey);
        if (Arrays.compareUnsigned(start, range.from()) < 0
                || Arrays.compareUnsigned(start, range.to()) >= 0) {
            throw DynamoDbErrors.validation(
                    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use"
                            + " ExclusiveStartKey with correct Segment. TotalSegments: "
                            + total
                            + " Segment: "
                            + segment);
        }
        return StartKey.behind(range, start, Direction.FORWARD);
    }

    /// The index that a query or scan is for; null for the table itself.
    static @Nullable Index index(
            Table table, @Nullable String name, @Nullable Boolean consistentRead) {
        if (name == null) {
            return null;
        }
        Index index = table.index(name);
        if (index == null) {
            throw DynamoDbErrors.validation("The table does not have the specified index: " + name);
        }
        if (index.global() && Boolean.TRUE.equals(consistentRead)) {
            throw DynamoDbErrors.validation(
                    "Consistent reads are not supported on global secondary indexes");
        }
        return index;
    }

    static void checkFilter(Table table, @Nullable Index index, ConditionExpression filter) {
        if (index == null) {
            return;
        }
        Set<String> missing = Selection.missing(table, index, filter.paths());
        if (!missing.isEmpty()) {
            throw DynamoDbErrors.invalid(
                    "Secondary index "
                            + index.name()
                            + " does not project one or more filter attributes: ["
                            + String.join(", ", missing)
                            + "]");
        }
    }

    static int limit(@Nullable Integer limit) {
        return limit == null ? Integer.MAX_VALUE : limit;
    }
}

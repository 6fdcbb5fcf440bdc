package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.api.dynamodb.ScanInput;
import io.millrace.api.dynamodb.ScanOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.service.dynamodb.PageRead.Page;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.expression.LegacyConditions;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/// `Scan`: all items of a table or an index, in no order that means anything, page by page; or one
/// of up to a million segments of them, which together are all.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html).
final class Scan implements Operation<ScanInput, ScanOutput> {
    private final MeteredStore store;

    Scan(MeteredStore store) {
        this.store = store;
    }

    @Override
    public ScanOutput handle(Caller caller, ScanInput request) {
        Search search = search(caller, request);
        return store.read((tx, meter) -> scan(tx, meter, search, request));
    }

    private static Search search(Caller caller, ScanInput request) {
        TableName table = TableName.of(caller, request.tableName()).onIndex(request.indexName());
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
        AttributesToGet.check(request.attributesToGet());
        ConditionExpression legacyFilter =
                LegacyConditions.filter(request.scanFilter(), request.conditionalOperator());
        Map<String, AttributeValue> startKey = StartKey.normal(request.exclusiveStartKey());
        checkSegments(request.segment(), request.totalSegments());
        QueryInput asQuery = asQuery(request);
        ExpressionContext context = parameters.context();
        ConditionExpression filter = Search.filter(asQuery, legacyFilter, context);
        Selection selection = Search.selection(asQuery, context);
        context.checkAllUsed();
        return new Search(table, asQuery, filter, selection, startKey);
    }

    /// The parameters that a query has, too.
    private static QueryInput asQuery(ScanInput request) {
        return QueryInput.builder()
                .tableName(request.tableName())
                .indexName(request.indexName())
                .select(request.select())
                .projectionExpression(request.projectionExpression())
                .attributesToGet(request.attributesToGet())
                .filterExpression(request.filterExpression())
                .limit(request.limit())
                .consistentRead(request.consistentRead())
                .build();
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

    private static ScanOutput scan(Snapshot tx, Meter meter, Search search, ScanInput request) {
        Table table = Tables.open(tx, search.table());
        Index index = search.index(table);
        if (index != null && search.startKey() != null) {
            StartKey.checkNames(table, index, search.startKey());
            for (KeyAttribute attribute : index.key().attributes()) {
                StartKey.check(attribute, search.startKey());
            }
        }
        search.selection().checkAllAttributes(index);
        KeyRange range = range(table, index, search.startKey(), request);
        search.checkProjection(table);
        search.checkFilter(table, index);
        Consumption consumption = meter.reads(table, index, Map.of());
        Page page =
                new PageRead(
                                table,
                                index,
                                range,
                                Direction.FORWARD,
                                search.limit(),
                                search.filter(),
                                search.selection(),
                                search.consistent())
                        .read(tx, consumption);
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
        byte[] start = StartKey.position(table, index, startKey);
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
}

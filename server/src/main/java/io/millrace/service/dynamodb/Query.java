package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.api.dynamodb.QueryOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.PageRead.Page;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.KeyCondition;
import io.millrace.service.dynamodb.expression.KeyConditionExpression;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// `Query`: the items of one partition in the order of their sort key, either way, page by page.
///
/// Costs what it reads, however large the table is. Errors: `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
final class Query implements Operation<QueryInput, QueryOutput> {
    private final Store store;

    /// What is known without the table.
    private record Asked(
            TableName table,
            KeyConditionExpression keyCondition,
            @Nullable ConditionExpression filter,
            Selection selection,
            @Nullable Map<String, AttributeValue> startKey) {}

    Query(Store store) {
        this.store = store;
    }

    @Override
    public QueryOutput handle(Caller caller, QueryInput request) {
        Asked asked = asked(caller, request);
        return store.read(tx -> query(tx, asked, request));
    }

    private static Asked asked(Caller caller, QueryInput request) {
        TableName table = TableName.of(caller, request.tableName());
        ExpressionParameters parameters = parameters(request);
        parameters.check();
        Map<String, AttributeValue> startKey = StartKey.normal(request.exclusiveStartKey());
        Legacy.checkAttributesToGet(request.attributesToGet());
        Legacy.refuse("KeyConditions", request.keyConditions());
        Legacy.refuse("QueryFilter", request.queryFilter());
        Legacy.refuse("ConditionalOperator", request.conditionalOperator());
        ExpressionContext context = parameters.context();
        String keyText = request.keyConditionExpression();
        if (keyText == null) {
            throw DynamoDbErrors.validation(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified"
                            + " in the request.");
        }
        String filterText = request.filterExpression();
        ConditionExpression filter =
                filterText == null
                        ? null
                        : ConditionExpression.parse(ExpressionKind.FILTER, filterText, context);
        KeyConditionExpression keyCondition = KeyConditionExpression.parse(keyText, context);
        Selection selection =
                Scan.selection(
                        request.select(),
                        request.projectionExpression(),
                        request.attributesToGet(),
                        request.indexName(),
                        context);
        context.checkAllUsed();
        keyCondition.check();
        return new Asked(table, keyCondition, filter, selection, startKey);
    }

    private static ExpressionParameters parameters(QueryInput request) {
        return new ExpressionParameters(
                        request.expressionAttributeNames(), request.expressionAttributeValues())
                .expression(ExpressionKind.PROJECTION, request.projectionExpression())
                .expression(ExpressionKind.FILTER, request.filterExpression())
                .expression(ExpressionKind.KEY_CONDITION, request.keyConditionExpression())
                .legacy("AttributesToGet", request.attributesToGet())
                .legacy("QueryFilter", request.queryFilter())
                .legacy("ConditionalOperator", request.conditionalOperator())
                .legacy("KeyConditions", request.keyConditions());
    }

    private static QueryOutput query(Snapshot tx, Asked asked, QueryInput request) {
        Table table = Tables.open(tx, asked.table());
        Index index = Scan.index(table, request.indexName(), request.consistentRead());
        KeySchema key = index == null ? table.key() : index.key();
        KeyCondition condition = condition(key, asked.keyCondition());
        checkFilter(table, index, key, asked.filter());
        Direction direction =
                Boolean.FALSE.equals(request.scanIndexForward())
                        ? Direction.BACKWARD
                        : Direction.FORWARD;
        KeyRange range = range(table, index, condition);
        if (asked.startKey() != null) {
            byte[] start = StartKey.check(table, index, asked.startKey());
            StartKey.checkCondition(key, condition, asked.startKey());
            range = StartKey.behind(range, start, direction);
        }
        Page page =
                new PageRead(
                                table,
                                index,
                                range,
                                direction,
                                Scan.limit(request.limit()),
                                asked.filter(),
                                asked.selection(),
                                Boolean.TRUE.equals(request.consistentRead()))
                        .read(tx);
        return QueryOutput.builder()
                .items(page.items())
                .count(page.count())
                .scannedCount(page.scannedCount())
                .lastEvaluatedKey(page.lastKey())
                .consumedCapacity(page.consumption().tell(request.returnConsumedCapacity()))
                .build();
    }

    private static KeyCondition condition(KeySchema key, KeyConditionExpression expression) {
        KeyAttribute range = key.range();
        KeyCondition condition =
                expression.on(
                        key.hash().name(),
                        type(key.hash()),
                        range == null ? null : range.name(),
                        range == null ? null : type(range));
        ItemKeys.checkNotEmpty(key.hash(), condition.partition());
        if (range != null && condition.sort() != null) {
            condition.sort().values().forEach(value -> ItemKeys.checkNotEmpty(range, value));
        }
        return condition;
    }

    private static AttributeType type(KeyAttribute attribute) {
        return AttributeType.valueOf(attribute.type());
    }

    private static void checkFilter(
            Table table,
            @Nullable Index index,
            KeySchema key,
            @Nullable ConditionExpression filter) {
        if (filter == null) {
            return;
        }
        filter.paths()
                .forEach(path -> {
                    if (key.has(path.attribute())) {
                        throw DynamoDbErrors.validation(
                                "Filter Expression can only contain non-primary key"
                                        + " attributes: Primary key attribute: "
                                        + path.attribute());
                    }
                });
        Scan.checkFilter(table, index, filter);
    }

    private static KeyRange range(Table table, @Nullable Index index, KeyCondition condition) {
        byte[] partition =
                index == null
                        ? ItemKeys.partition(
                                        DynamoDbKeys.ITEM, table.number(), condition.partition())
                                .toBytes()
                        : ItemKeys.partition(
                                        DynamoDbKeys.INDEX_ENTRY,
                                        index.number(),
                                        condition.partition())
                                .toBytes();
        return condition.sort() == null
                ? KeyRange.all(partition)
                : condition.sort().range(partition);
    }
}

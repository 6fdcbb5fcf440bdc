package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.api.dynamodb.QueryOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
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
import io.millrace.service.dynamodb.expression.KeyPart;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.expression.LegacyConditions;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `Query`: the items of one partition in the order of their sort key, either way, page by page.
///
/// Costs what it reads, however large the table is. Errors: `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
final class Query implements Operation<QueryInput, QueryOutput> {
    private final MeteredStore store;

    /// What is known without the table.
    private record Asked(Search search, KeyConditionExpression keyCondition) {}

    Query(MeteredStore store) {
        this.store = store;
    }

    @Override
    public QueryOutput handle(Caller caller, QueryInput request) {
        Asked asked = asked(caller, request);
        return store.read((tx, meter) -> query(tx, meter, asked, request));
    }

    private static Asked asked(Caller caller, QueryInput request) {
        TableName table = TableName.of(caller, request.tableName()).onIndex(request.indexName());
        ExpressionParameters parameters = parameters(request);
        parameters.check();
        ConditionExpression legacyFilter =
                LegacyConditions.filter(request.queryFilter(), request.conditionalOperator());
        AttributesToGet.check(request.attributesToGet());
        Map<String, AttributeValue> startKey = StartKey.normal(request.exclusiveStartKey());
        if (request.keyConditions() == null && request.keyConditionExpression() == null) {
            throw noKeyCondition();
        }
        ExpressionContext context = parameters.context();
        KeyConditionExpression keyCondition = keyCondition(request, context);
        ConditionExpression filter = Search.filter(request, legacyFilter, context);
        Selection selection = Search.selection(request, context);
        context.checkAllUsed();
        keyCondition.check();
        return new Asked(new Search(table, request, filter, selection, startKey), keyCondition);
    }

    /// `KeyConditions` go with the other expressions, but not with a `KeyConditionExpression`.
    private static ExpressionParameters parameters(QueryInput request) {
        return new ExpressionParameters(
                        request.expressionAttributeNames(), request.expressionAttributeValues())
                .expression(ExpressionKind.PROJECTION, request.projectionExpression())
                .expression(ExpressionKind.FILTER, request.filterExpression())
                .expression(ExpressionKind.KEY_CONDITION, request.keyConditionExpression())
                .legacy("AttributesToGet", request.attributesToGet())
                .legacy("QueryFilter", request.queryFilter())
                .legacy("ConditionalOperator", request.conditionalOperator())
                .legacy(
                        "KeyConditions",
                        request.keyConditionExpression() == null ? null : request.keyConditions());
    }

    private static KeyConditionExpression keyCondition(
            QueryInput request, ExpressionContext context) {
        if (request.keyConditionExpression() != null) {
            return KeyConditionExpression.parse(request.keyConditionExpression(), context);
        }
        if (request.keyConditions() != null) {
            return LegacyConditions.keyConditions(request.keyConditions());
        }
        throw noKeyCondition();
    }

    private static ServiceException noKeyCondition() {
        return DynamoDbErrors.validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in"
                        + " the request.");
    }

    private static QueryOutput query(Snapshot tx, Meter meter, Asked asked, QueryInput request) {
        Search search = asked.search();
        Table table = Tables.open(tx, search.table());
        Index index = search.index(table);
        KeySchema key = index == null ? table.key() : index.key();
        Direction direction =
                Boolean.FALSE.equals(request.scanIndexForward())
                        ? Direction.BACKWARD
                        : Direction.FORWARD;
        KeyRange range = range(table, index, key, asked, direction);
        checkPaths(table, index, key, search);
        Map<String, AttributeValue> partition =
                partition(key, condition(key, asked.keyCondition()));
        Consumption consumption = meter.reads(table, index, partition);
        Page page =
                new PageRead(
                                table,
                                index,
                                range,
                                direction,
                                search.limit(),
                                search.filter(),
                                search.selection(),
                                search.consistent())
                        .read(tx, consumption);
        return QueryOutput.builder()
                .items(page.items())
                .count(page.count())
                .scannedCount(page.scannedCount())
                .lastEvaluatedKey(page.lastKey())
                .consumedCapacity(page.consumption().tell(request.returnConsumedCapacity()))
                .build();
    }

    /// Looks at the starting key and at the condition by turns, as AWS does.
    private static KeyRange range(
            Table table, @Nullable Index index, KeySchema key, Asked asked, Direction direction) {
        Map<String, AttributeValue> startKey = asked.search().startKey();
        if (startKey != null) {
            StartKey.checkNames(table, index, startKey);
            key.hashes().forEach(attribute -> StartKey.check(attribute, startKey));
        }
        KeyCondition condition = condition(key, asked.keyCondition());
        KeyRange range = range(table, index, condition);
        if (startKey == null) {
            return range;
        }
        key.ranges().forEach(attribute -> StartKey.check(attribute, startKey));
        byte[] start = StartKey.position(table, index, startKey);
        StartKey.checkCondition(key, condition, startKey);
        return StartKey.behind(range, start, direction);
    }

    private static void checkPaths(
            Table table, @Nullable Index index, KeySchema key, Search search) {
        search.checkProjection(table);
        if (search.filter() != null) {
            KeyPaths.checkNotFiltered(
                    key,
                    search.request().queryFilter() == null ? "Filter Expression" : "QueryFilter",
                    search.filter().paths());
        }
        search.selection().checkAllAttributes(index);
        search.checkFilter(table, index);
    }

    /// The values of the partition key that a request asks for.
    ///
    /// @throws ServiceException when its condition is none
    static List<AttributeValue> partition(QueryInput request, KeySchema key) {
        return condition(key, keyCondition(request, parameters(request).context())).partition();
    }

    private static KeyCondition condition(KeySchema key, KeyConditionExpression expression) {
        return expression.on(parts(key.hashes()), parts(key.ranges()));
    }

    private static List<KeyPart> parts(List<KeyAttribute> attributes) {
        return attributes.stream()
                .map(attribute ->
                        new KeyPart(attribute.name(), AttributeType.valueOf(attribute.type())))
                .toList();
    }

    private static KeyRange range(Table table, @Nullable Index index, KeyCondition condition) {
        int prefix = index == null ? DynamoDbKeys.ITEM : DynamoDbKeys.INDEX_ENTRY;
        long space = index == null ? table.number() : index.number();
        return condition.range(ItemKeys.partition(prefix, space, condition.partition()).toBytes());
    }

    /// The values of the partition key by their attributes.
    private static Map<String, AttributeValue> partition(KeySchema key, KeyCondition condition) {
        Map<String, AttributeValue> partition = new LinkedHashMap<>();
        for (int i = 0; i < key.hashes().size(); i++) {
            partition.put(key.hashes().get(i).name(), condition.partition().get(i));
        }
        return partition;
    }
}

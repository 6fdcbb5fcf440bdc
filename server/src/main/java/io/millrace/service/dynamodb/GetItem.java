package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.GetItemInput;
import io.millrace.api.dynamodb.GetItemOutput;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// `GetItem`: reads one item, always consistently; the consistency that is asked for counts for the
/// capacity only.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html).
final class GetItem implements Operation<GetItemInput, GetItemOutput> {
    private final MeteredStore store;

    GetItem(MeteredStore store) {
        this.store = store;
    }

    @Override
    public GetItemOutput handle(Caller caller, GetItemInput request) {
        TableName name = TableName.of(caller, request.tableName());
        ExpressionParameters parameters =
                new ExpressionParameters(request.expressionAttributeNames(), null)
                        .expression(ExpressionKind.PROJECTION, request.projectionExpression())
                        .legacy("AttributesToGet", request.attributesToGet());
        parameters.check();
        Map<String, AttributeValue> key = ItemRules.normal(request.key());
        AttributesToGet.check(request.attributesToGet());
        ProjectionExpression projection =
                Expressions.projection(
                        request.projectionExpression(), request.attributesToGet(), parameters);
        return store.read((tx, meter) -> get(tx, meter, new Asked(name, key, projection), request));
    }

    /// What is known without the table.
    private record Asked(
            TableName table,
            Map<String, AttributeValue> key,
            @Nullable ProjectionExpression projection) {}

    private static GetItemOutput get(Snapshot tx, Meter meter, Asked asked, GetItemInput request) {
        Table table = Tables.open(tx, asked.table());
        byte[] storeKey = ItemKeys.ofKey(table, asked.key());
        checkPaths(table, asked.projection());
        Consumption consumption = meter.reads(table, null, asked.key());
        StoredItem item = StoredItem.readOrNull(tx.get(storeKey));
        consumption.add(
                null,
                Consumption.readUnits(
                        item == null ? 0 : item.sizeBytes(),
                        Boolean.TRUE.equals(request.consistentRead())));
        return new GetItemOutput(
                item == null ? null : project(item, asked.projection()),
                consumption.tell(request.returnConsumedCapacity()));
    }

    static void checkPaths(Table table, @Nullable ProjectionExpression projection) {
        if (projection != null) {
            KeyPaths.checkScalar(table, projection.paths());
        }
    }

    static Map<String, AttributeValue> project(
            StoredItem item, @Nullable ProjectionExpression projection) {
        return projection == null ? item.answer() : projection.project(item.attributes());
    }
}

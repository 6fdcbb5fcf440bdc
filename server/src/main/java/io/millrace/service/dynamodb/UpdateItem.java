package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.UpdateItemInput;
import io.millrace.api.dynamodb.UpdateItemOutput;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.ItemWrite.Update;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `UpdateItem`: changes attributes of an item, which is made if there is none.
///
/// Durable when it returns. Errors: `ConditionalCheckFailedException`, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
final class UpdateItem implements Operation<UpdateItemInput, UpdateItemOutput> {
    private final Store store;
    private final InstantSource clock;

    UpdateItem(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public UpdateItemOutput handle(Caller caller, UpdateItemInput request) {
        ItemWrite write = write(caller, request);
        long now = clock.millis();
        return store.write(tx -> {
            Table table = Tables.open(tx, write.table());
            Consumption consumption = new Consumption(table, Consumption.Kind.PLAIN);
            Outcome outcome = write.apply(new ItemChanges(tx, now), table, consumption);
            return new UpdateItemOutput(
                    ReturnValues.tell(request.returnValues(), outcome),
                    consumption.tell(request.returnConsumedCapacity()),
                    ItemCollections.tell(request.returnItemCollectionMetrics(), outcome));
        });
    }

    private static ItemWrite write(Caller caller, UpdateItemInput request) {
        TableName table = TableName.of(caller, request.tableName());
        ExpressionParameters parameters =
                new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues())
                        .expression(ExpressionKind.UPDATE, request.updateExpression())
                        .expression(ExpressionKind.CONDITION, request.conditionExpression())
                        .legacy("AttributeUpdates", request.attributeUpdates())
                        .legacy("Expected", request.expected())
                        .legacy("ConditionalOperator", request.conditionalOperator());
        parameters.check();
        Map<String, AttributeValue> key = ItemRules.normal(request.key());
        Legacy.refuse("AttributeUpdates", request.attributeUpdates());
        Legacy.refuse("Expected", request.expected());
        Legacy.refuse("ConditionalOperator", request.conditionalOperator());
        Expressions.OfUpdate expressions =
                Expressions.update(
                        request.updateExpression(), request.conditionExpression(), parameters);
        return new ItemWrite(
                table,
                new Update(key, expressions.update()),
                expressions.condition(),
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

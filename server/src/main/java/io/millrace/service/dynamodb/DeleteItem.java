package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DeleteItemInput;
import io.millrace.api.dynamodb.DeleteItemOutput;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.ItemWrite.Delete;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `DeleteItem`: removes the item with a key, if there is one.
///
/// Durable when it returns. Errors: `ConditionalCheckFailedException`, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html).
final class DeleteItem implements Operation<DeleteItemInput, DeleteItemOutput> {
    private final Store store;
    private final InstantSource clock;

    DeleteItem(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public DeleteItemOutput handle(Caller caller, DeleteItemInput request) {
        ItemWrite write = write(caller, request);
        long now = clock.millis();
        return store.write(tx -> {
            Table table = Tables.open(tx, write.table());
            Consumption consumption = new Consumption(table, Consumption.Kind.PLAIN);
            Outcome outcome = write.apply(new ItemChanges(tx, now), table, consumption);
            boolean tellsOld = "ALL_OLD".equals(request.returnValues());
            return new DeleteItemOutput(
                    tellsOld && outcome.old() != null ? outcome.old().attributes() : null,
                    consumption.tell(request.returnConsumedCapacity()),
                    ItemCollections.tell(request.returnItemCollectionMetrics(), outcome));
        });
    }

    private static ItemWrite write(Caller caller, DeleteItemInput request) {
        TableName table = TableName.of(caller, request.tableName());
        ExpressionParameters parameters =
                new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues())
                        .expression(ExpressionKind.CONDITION, request.conditionExpression())
                        .legacy("Expected", request.expected())
                        .legacy("ConditionalOperator", request.conditionalOperator());
        parameters.check();
        Delete delete = new Delete(ItemRules.normal(request.key()));
        ReturnValues.checkOldOrNone(request.returnValues());
        Legacy.refuse("Expected", request.expected());
        Legacy.refuse("ConditionalOperator", request.conditionalOperator());
        ConditionExpression condition =
                Expressions.condition(request.conditionExpression(), parameters);
        return new ItemWrite(
                table,
                delete,
                condition,
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

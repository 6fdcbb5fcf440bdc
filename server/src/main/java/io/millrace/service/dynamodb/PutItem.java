package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.api.dynamodb.PutItemOutput;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.ItemWrite.Put;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `PutItem`: puts an item in the place of whatever has its key.
///
/// Durable when it returns. Errors: `ConditionalCheckFailedException`, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html).
final class PutItem implements Operation<PutItemInput, PutItemOutput> {
    private final Store store;
    private final InstantSource clock;

    PutItem(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public PutItemOutput handle(Caller caller, PutItemInput request) {
        ItemWrite write = write(caller, request);
        long now = clock.millis();
        return store.write(tx -> {
            Table table = Tables.open(tx, write.table());
            Consumption consumption = new Consumption(table, Consumption.Kind.PLAIN);
            Outcome outcome = write.apply(new ItemChanges(tx, now), table, consumption);
            boolean tellsOld = "ALL_OLD".equals(request.returnValues());
            return new PutItemOutput(
                    tellsOld && outcome.old() != null ? outcome.old().attributes() : null,
                    consumption.tell(request.returnConsumedCapacity()),
                    ItemCollections.tell(request.returnItemCollectionMetrics(), outcome));
        });
    }

    private static ItemWrite write(Caller caller, PutItemInput request) {
        TableName table = TableName.of(caller, request.tableName());
        ExpressionParameters parameters =
                new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues())
                        .expression(ExpressionKind.CONDITION, request.conditionExpression())
                        .legacy("Expected", request.expected())
                        .legacy("ConditionalOperator", request.conditionalOperator());
        parameters.check();
        Put put = ItemWrite.put(request.item());
        ReturnValues.checkOldOrNone(request.returnValues());
        if (put.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.itemTooLarge();
        }
        Legacy.refuse("Expected", request.expected());
        Legacy.refuse("ConditionalOperator", request.conditionalOperator());
        ConditionExpression condition =
                Expressions.condition(request.conditionExpression(), parameters);
        return new ItemWrite(
                table,
                put,
                condition,
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.api.dynamodb.PutItemOutput;
import io.millrace.service.dynamodb.ItemWrite.Put;
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
    private final SingleWrite writing;

    PutItem(MeteredStore store, InstantSource clock) {
        this.writing = new SingleWrite(store, clock);
    }

    @Override
    public PutItemOutput handle(Caller caller, PutItemInput request) {
        return writing.run(
                write(caller, request),
                request.returnConsumedCapacity(),
                request.returnItemCollectionMetrics(),
                (outcome, capacity, metrics) ->
                        new PutItemOutput(
                                ReturnValues.tell(request.returnValues(), outcome),
                                capacity,
                                metrics));
    }

    private static ItemWrite write(Caller caller, PutItemInput request) {
        TableName table = TableName.of(caller, request.tableName());
        ConditionParameters condition =
                new ConditionParameters(
                        request.conditionExpression(),
                        request.expected(),
                        request.conditionalOperator());
        ExpressionParameters parameters =
                condition.addTo(
                        new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues()));
        parameters.check();
        Put put = ItemWrite.put(request.item());
        ReturnValues.checkOldOrNone(request.returnValues());
        if (put.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.itemTooLarge();
        }
        return new ItemWrite(
                table,
                put,
                Expressions.condition(condition, parameters),
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

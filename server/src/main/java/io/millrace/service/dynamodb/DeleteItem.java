package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DeleteItemInput;
import io.millrace.api.dynamodb.DeleteItemOutput;
import io.millrace.service.dynamodb.ItemWrite.Delete;
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
    private final SingleWrite writing;

    DeleteItem(MeteredStore store, InstantSource clock) {
        this.writing = new SingleWrite(store, clock);
    }

    @Override
    public DeleteItemOutput handle(Caller caller, DeleteItemInput request) {
        return writing.run(
                write(caller, request),
                request.returnConsumedCapacity(),
                request.returnItemCollectionMetrics(),
                (outcome, capacity, metrics) ->
                        new DeleteItemOutput(
                                ReturnValues.tell(request.returnValues(), outcome),
                                capacity,
                                metrics));
    }

    private static ItemWrite write(Caller caller, DeleteItemInput request) {
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
        Delete delete = new Delete(ItemRules.normal(request.key()));
        ReturnValues.checkOldOrNone(request.returnValues());
        return new ItemWrite(
                table,
                delete,
                Expressions.condition(condition, parameters),
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

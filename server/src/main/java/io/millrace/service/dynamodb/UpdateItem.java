package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.UpdateItemInput;
import io.millrace.api.dynamodb.UpdateItemOutput;
import io.millrace.service.dynamodb.ItemWrite.Update;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.LegacyUpdates;
import io.millrace.service.dynamodb.expression.UpdateExpression;
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
    private final SingleWrite writing;

    UpdateItem(MeteredStore store, InstantSource clock) {
        this.writing = new SingleWrite(store, clock);
    }

    @Override
    public UpdateItemOutput handle(Caller caller, UpdateItemInput request) {
        return writing.run(
                write(caller, request),
                request.returnConsumedCapacity(),
                request.returnItemCollectionMetrics(),
                (outcome, capacity, metrics) ->
                        new UpdateItemOutput(
                                ReturnValues.tell(request.returnValues(), outcome),
                                capacity,
                                metrics));
    }

    private static ItemWrite write(Caller caller, UpdateItemInput request) {
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
                                        request.expressionAttributeValues())
                                .expression(ExpressionKind.UPDATE, request.updateExpression())
                                .legacy("AttributeUpdates", request.attributeUpdates()));
        parameters.check();
        Map<String, AttributeValue> key = ItemRules.normal(request.key());
        UpdateExpression updates = LegacyUpdates.of(request.attributeUpdates());
        Expressions.OfUpdate expressions =
                Expressions.update(request.updateExpression(), condition, parameters);
        return new ItemWrite(
                table,
                new Update(key, updates == null ? expressions.update() : updates),
                expressions.condition(),
                "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure()));
    }
}

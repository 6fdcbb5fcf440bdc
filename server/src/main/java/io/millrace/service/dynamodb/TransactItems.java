package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.ConditionCheck;
import io.millrace.api.dynamodb.Delete;
import io.millrace.api.dynamodb.Put;
import io.millrace.api.dynamodb.TransactWriteItem;
import io.millrace.api.dynamodb.Update;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.stream.Stream;

/// Checks the items of a write transaction, as far as that goes without their tables.
final class TransactItems {
    private TransactItems() {}

    static ItemWrite write(Caller caller, TransactWriteItem item) {
        long actions =
                Stream.of(item.conditionCheck(), item.put(), item.delete(), item.update())
                        .filter(action -> action != null)
                        .count();
        if (actions != 1) {
            throw DynamoDbErrors.validation(
                    "TransactItems can only contain one of Check, Put, Update or Delete");
        }
        if (item.put() != null) {
            return put(caller, item.put());
        }
        if (item.update() != null) {
            return update(caller, item.update());
        }
        if (item.delete() != null) {
            return delete(caller, item.delete());
        }
        if (item.conditionCheck() != null) {
            return check(caller, item.conditionCheck());
        }
        throw new IllegalStateException("an item without an action");
    }

    private static ItemWrite put(Caller caller, Put put) {
        TableName table = TableName.of(caller.calling("PutItem"), put.tableName());
        ItemWrite.Put action = ItemWrite.put(put.item());
        if (action.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.itemTooLarge();
        }
        ExpressionParameters parameters =
                parameters(put.expressionAttributeNames(), put.expressionAttributeValues())
                        .expression(ExpressionKind.CONDITION, put.conditionExpression());
        parameters.check();
        return new ItemWrite(
                table,
                action,
                Expressions.condition(put.conditionExpression(), parameters),
                tellsItem(put.returnValuesOnConditionCheckFailure()));
    }

    private static ItemWrite update(Caller caller, Update update) {
        TableName table = TableName.of(caller.calling("UpdateItem"), update.tableName());
        ExpressionParameters parameters =
                parameters(update.expressionAttributeNames(), update.expressionAttributeValues())
                        .expression(ExpressionKind.UPDATE, update.updateExpression())
                        .expression(ExpressionKind.CONDITION, update.conditionExpression());
        parameters.check();
        Map<String, AttributeValue> key = ItemRules.normal(update.key());
        Expressions.OfUpdate expressions =
                Expressions.update(
                        update.updateExpression(), update.conditionExpression(), parameters);
        return new ItemWrite(
                table,
                new ItemWrite.Update(key, expressions.update()),
                expressions.condition(),
                tellsItem(update.returnValuesOnConditionCheckFailure()));
    }

    private static ItemWrite delete(Caller caller, Delete delete) {
        TableName table = TableName.of(caller.calling("DeleteItem"), delete.tableName());
        ExpressionParameters parameters =
                parameters(delete.expressionAttributeNames(), delete.expressionAttributeValues())
                        .expression(ExpressionKind.CONDITION, delete.conditionExpression());
        parameters.check();
        return new ItemWrite(
                table,
                new ItemWrite.Delete(ItemRules.normal(delete.key())),
                Expressions.condition(delete.conditionExpression(), parameters),
                tellsItem(delete.returnValuesOnConditionCheckFailure()));
    }

    private static ItemWrite check(Caller caller, ConditionCheck check) {
        TableName table = TableName.of(caller.calling("ConditionCheckItem"), check.tableName());
        ExpressionParameters parameters =
                parameters(check.expressionAttributeNames(), check.expressionAttributeValues())
                        .expression(ExpressionKind.CONDITION, check.conditionExpression());
        parameters.check();
        return new ItemWrite(
                table,
                new ItemWrite.Check(ItemRules.normal(check.key())),
                Expressions.condition(check.conditionExpression(), parameters),
                tellsItem(check.returnValuesOnConditionCheckFailure()));
    }

    private static ExpressionParameters parameters(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        return new ExpressionParameters(names, values);
    }

    private static boolean tellsItem(@Nullable String mode) {
        return "ALL_OLD".equals(mode);
    }
}

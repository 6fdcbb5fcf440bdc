package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A statement that changes or checks an item, as the write of that item. An `UPDATE` is of an item
/// that is there; a `DELETE` of one that is not does nothing, whatever else it asks.
///
/// @param inserts whether an item that is there is a duplicate, rather than a failed condition
record StatementWrite(ItemWrite write, boolean inserts, @Nullable Returning returning) {

    /// @param tellsItem whether a refusal by the condition tells the item
    /// @throws ServiceException `ValidationException`
    static StatementWrite of(Table table, TableName name, Statement statement, boolean tellsItem) {
        return switch (statement) {
            case Statement.Insert(_, Map<String, AttributeValue> item) -> insert(table, name, item);
            case Statement.Update(_, var update, Condition where, Returning returning) -> {
                WriteKey key = key(table, where);
                Condition present = new Condition.Exists(hash(table));
                yield change(
                        new ItemWrite(
                                name,
                                new ItemWrite.Update(key.key(), update),
                                condition(KeyCases.and(present, key.rest())),
                                tellsItem),
                        returning);
            }
            case Statement.Delete(_, Condition where, Returning returning) -> {
                WriteKey key = key(table, where);
                Condition condition =
                        key.rest() == null
                                ? null
                                : new Condition.Or(
                                        new Condition.NotExists(hash(table)), key.rest());
                yield change(
                        new ItemWrite(
                                name,
                                new ItemWrite.Delete(key.key()),
                                condition(condition),
                                tellsItem),
                        returning);
            }
            case Statement.Exists(Statement.Select select) -> check(table, name, select, tellsItem);
            case Statement.Select _ -> throw new IllegalStateException("a query is no write");
        };
    }

    private static StatementWrite insert(
            Table table, TableName name, Map<String, AttributeValue> item) {
        ItemWrite.Put put = ItemWrite.put(item);
        if (put.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.itemTooLarge();
        }
        Condition absent = new Condition.NotExists(hash(table));
        return new StatementWrite(new ItemWrite(name, put, condition(absent), false), true, null);
    }

    private static StatementWrite change(ItemWrite write, @Nullable Returning returning) {
        return new StatementWrite(write, false, returning);
    }

    private static StatementWrite check(
            Table table, TableName name, Statement.Select select, boolean tellsItem) {
        if (select.source().index() != null) {
            throw DynamoDbErrors.validation(
                    "Operations on indices are not supported in transactions");
        }
        WriteKey key = WriteKey.of(table, select.where());
        if (!key.isWhole(table) || key.rest() == null) {
            throw StatementErrors.existsIncomplete();
        }
        return change(
                new ItemWrite(
                        name, new ItemWrite.Check(key.key()), condition(key.rest()), tellsItem),
                null);
    }

    private static WriteKey key(Table table, @Nullable Condition where) {
        WriteKey key = WriteKey.of(table, where);
        if (key.conflicting() != null) {
            throw StatementErrors.conflictingKey(key.conflicting());
        }
        if (!key.isWhole(table)) {
            throw StatementErrors.incompleteKey();
        }
        String mistyped = key.mistyped(table);
        if (mistyped != null) {
            throw StatementErrors.keyType(mistyped);
        }
        return key;
    }

    private static DocumentPath hash(Table table) {
        return DocumentPath.of(table.key().hash().name());
    }

    private static @Nullable ConditionExpression condition(@Nullable Condition condition) {
        return condition == null ? null : ConditionExpression.of(condition);
    }

    /// Applies it.
    ///
    /// @throws ServiceException `ConditionalCheckFailedException`, `DuplicateItemException`,
    ///   `ValidationException`
    Outcome apply(ItemChanges changes, Table in, Consumption consumption) {
        try {
            return write.apply(changes, in, consumption);
        } catch (ServiceException e) {
            if (inserts && e.error().equals(Errors.CONDITIONAL_CHECK_FAILED_EXCEPTION)) {
                throw StatementErrors.duplicateItem();
            }
            throw e;
        }
    }

    /// What `RETURNING` answers: one item, or none.
    List<Map<String, AttributeValue>> returned(Outcome outcome) {
        if (returning == null) {
            return List.of();
        }
        Map<String, AttributeValue> item =
                switch (returning) {
                    case ALL_OLD -> ReturnValues.tell("ALL_OLD", outcome);
                    case ALL_NEW -> ReturnValues.tell("ALL_NEW", outcome);
                    case MODIFIED_OLD -> ReturnValues.tell("UPDATED_OLD", outcome);
                    case MODIFIED_NEW -> ReturnValues.tell("UPDATED_NEW", outcome);
                };
        return item == null ? List.of() : List.of(item);
    }
}

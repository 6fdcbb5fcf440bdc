package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.ItemUpdate;
import io.millrace.service.dynamodb.expression.UpdateExpression;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.ItemSize;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// One write of one item as a request asks for it, checked as far as that goes without the table.
/// Immutable: a transaction that runs again applies it again.
///
/// @param condition null when it always applies
/// @param tellsItem whether a refusal by the condition tells the item
record ItemWrite(
        TableName table,
        Action action,
        @Nullable ConditionExpression condition,
        boolean tellsItem) {

    /// What is done to the item.
    sealed interface Action {}

    record Put(Map<String, AttributeValue> item, int sizeBytes) implements Action {}

    record Delete(Map<String, AttributeValue> key) implements Action {}

    /// @param update null to make sure only that there is an item
    record Update(Map<String, AttributeValue> key, @Nullable UpdateExpression update)
            implements Action {}

    /// Changes nothing.
    record Check(Map<String, AttributeValue> key) implements Action {}

    /// What was done.
    ///
    /// @param update the update's own account, when it was one
    record Outcome(
            Table table,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            @Nullable ItemUpdate update) {}

    /// An item to put, checked.
    static Put put(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> normal = ItemRules.normal(item);
        return new Put(normal, ItemSize.bytes(normal));
    }

    /// How much of an item the request carries: all of it, or its key.
    int requestBytes() {
        return switch (action) {
            case Put(_, int sizeBytes) -> sizeBytes;
            case Delete(var key) -> ItemSize.bytes(key);
            case Update(var key, _) -> ItemSize.bytes(key);
            case Check(var key) -> ItemSize.bytes(key);
        };
    }

    /// The store key of the item in its table.
    byte[] key(Table in) {
        return switch (action) {
            case Put(var item, _) -> ItemKeys.ofItem(in, item);
            case Delete(var key) -> ItemKeys.ofKey(in, key);
            case Update(var key, _) -> ItemKeys.ofKey(in, key);
            case Check(var key) -> ItemKeys.ofKey(in, key);
        };
    }

    /// The attributes that are known of the item, its key among them.
    private Map<String, AttributeValue> attributes() {
        return switch (action) {
            case Put(var item, _) -> item;
            case Delete(var key) -> key;
            case Update(var key, _) -> key;
            case Check(var key) -> key;
        };
    }

    /// Applies it.
    ///
    /// @throws io.millrace.wire.ServiceException `ConditionalCheckFailedException`,
    ///   `ValidationException`
    Outcome apply(ItemChanges changes, Table in, Consumption consumption) {
        byte[] key = key(in);
        consumption.accessed(null, attributes());
        if (action instanceof Put(var item, _)) {
            ItemKeys.checkIndexKeys(in, item);
            VectorRules.check(in, item);
        }
        checkKeyPaths(in);
        StoredItem old = changes.get(key);
        if (condition != null && !condition.matches(before(old))) {
            consumption.add(null, Consumption.writeUnits(old == null ? 0 : old.sizeBytes()));
            throw DynamoDbErrors.conditionFailed(tellsItem && old != null ? old.answer() : null);
        }
        ItemUpdate update = null;
        StoredItem replacement =
                switch (action) {
                    case Put(var item, int sizeBytes) -> StoredItem.of(item, sizeBytes);
                    case Delete _ -> null;
                    case Check _ -> old;
                    case Update(var itemKey, var expression) -> {
                        if (expression == null) {
                            yield old == null ? StoredItem.of(itemKey) : old;
                        }
                        if (old == null && !expression.makesItem()) {
                            yield null;
                        }
                        update = expression.apply(old == null ? itemKey : before(old));
                        yield updated(in, update);
                    }
                };
        changes.replace(in, key, old, replacement, consumption);
        return new Outcome(in, old, replacement, update);
    }

    private static Map<String, AttributeValue> before(@Nullable StoredItem old) {
        return old == null ? Map.of() : old.attributes();
    }

    /// What the expressions do with key attributes, which is wrong whatever the item is.
    private void checkKeyPaths(Table in) {
        if (action instanceof Update(_, UpdateExpression update) && update != null) {
            KeyPaths.checkNotUpdated(in, update.paths());
            ItemKeys.checkKnownTypes(in, update.knownTypes());
            KeyPaths.checkScalar(in, update.paths());
            KeyPaths.checkScalar(in, update.readPaths());
        }
        if (condition != null) {
            KeyPaths.checkScalar(in, condition.paths());
        }
    }

    private static StoredItem updated(Table in, ItemUpdate update) {
        ItemKeys.checkUpdatedIndexKeys(in, update);
        VectorRules.checkUpdated(in, update);
        int sizeBytes = ItemSize.bytes(update.newItem());
        if (sizeBytes > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.updatedItemTooLarge();
        }
        return StoredItem.of(update.newItem(), sizeBytes);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.expression.KeyCondition;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// `ExclusiveStartKey`: the key of the last item of the page before. It need not be there any more.
final class StartKey {
    private static final String INVALID = "The provided starting key is invalid";

    private StartKey() {}

    /// The values in normal form.
    static @Nullable Map<String, AttributeValue> normal(
            @Nullable Map<String, AttributeValue> startKey) {
        if (startKey == null) {
            return null;
        }
        try {
            return ItemRules.normal(startKey);
        } catch (ServiceException e) {
            throw DynamoDbErrors.validation(INVALID + ": " + e.message());
        }
    }

    /// The store key that it stands for.
    static byte[] check(Table table, @Nullable Index index, Map<String, AttributeValue> startKey) {
        Set<String> names = new HashSet<>();
        table.key().attributes().forEach(attribute -> names.add(attribute.name()));
        if (index == null) {
            try {
                return ItemKeys.ofKey(table, startKey);
            } catch (ServiceException e) {
                throw DynamoDbErrors.validation(INVALID + ": " + e.message());
            }
        }
        index.key().attributes().forEach(attribute -> names.add(attribute.name()));
        byte[] entry =
                startKey.keySet().equals(names) && typed(table, startKey)
                        ? ItemKeys.entry(table, index, startKey)
                        : null;
        if (entry == null) {
            throw DynamoDbErrors.validation(INVALID);
        }
        return entry;
    }

    private static boolean typed(Table table, Map<String, AttributeValue> startKey) {
        for (KeyAttribute attribute : table.key().attributes()) {
            AttributeValue value = startKey.get(attribute.name());
            if (value == null || !ItemKeys.hasType(value, attribute)) {
                return false;
            }
        }
        return true;
    }

    /// Checks that a query with this condition could have ended a page there.
    static void checkCondition(
            Table.KeySchema key, KeyCondition condition, Map<String, AttributeValue> startKey) {
        AttributeValue hash = startKey.get(key.hash().name());
        if (hash == null || !Values.equal(hash, condition.partition())) {
            throw DynamoDbErrors.validation(
                    "The provided starting key is outside query boundaries based on provided"
                            + " conditions");
        }
        AttributeValue sort = key.range() == null ? null : startKey.get(key.range().name());
        if (condition.sort() != null && (sort == null || !condition.sort().matches(sort))) {
            throw DynamoDbErrors.validation(
                    "The provided starting key does not match the range key predicate");
        }
    }

    /// What is left of a range behind the key.
    static KeyRange behind(KeyRange range, byte[] key, Direction direction) {
        return switch (direction) {
            case FORWARD -> {
                byte[] from = Bytes.after(key);
                yield Arrays.compareUnsigned(from, range.from()) > 0
                        ? new KeyRange(from, range.to())
                        : range;
            }
            case BACKWARD ->
                    Arrays.compareUnsigned(key, range.to()) < 0
                            ? new KeyRange(range.from(), key)
                            : range;
        };
    }
}

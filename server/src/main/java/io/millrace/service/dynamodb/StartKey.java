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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `ExclusiveStartKey`: the key of the last item of the page before. It need not be there any more.
final class StartKey {
    private static final String INVALID = "The provided starting key is invalid";
    private static final List<String> OF_THE_KEY =
            List.of(
                    "Null attribute value types must have the value of true",
                    "An string set  may not be empty",
                    "Binary sets should not be empty");

    private StartKey() {}

    /// The values in normal form. AWS converts numbers and sets before it sees them as a key, so
    /// what is wrong with those is not said of the key.
    static @Nullable Map<String, AttributeValue> normal(
            @Nullable Map<String, AttributeValue> startKey) {
        if (startKey == null) {
            return null;
        }
        try {
            return ItemRules.normal(startKey);
        } catch (ServiceException e) {
            throw OF_THE_KEY.stream().anyMatch(e.message()::endsWith)
                    ? DynamoDbErrors.validation(INVALID + ": " + e.message())
                    : e;
        }
    }

    /// Checks how many attributes it has.
    static void checkNames(
            Table table, @Nullable Index index, Map<String, AttributeValue> startKey) {
        Set<String> names = new HashSet<>();
        table.key().attributes().forEach(attribute -> names.add(attribute.name()));
        if (index != null) {
            index.key().attributes().forEach(attribute -> names.add(attribute.name()));
        }
        if (names.size() != startKey.size()) {
            throw DynamoDbErrors.validation(INVALID);
        }
    }

    /// Checks one attribute of the key that is read by.
    static void check(KeyAttribute attribute, Map<String, AttributeValue> startKey) {
        AttributeValue value = startKey.get(attribute.name());
        if (value == null) {
            throw DynamoDbErrors.validation(INVALID);
        }
        if (!ItemKeys.hasType(value, attribute)) {
            throw DynamoDbErrors.keyMismatch();
        }
    }

    /// The store key that it stands for.
    static byte[] position(
            Table table, @Nullable Index index, Map<String, AttributeValue> startKey) {
        Map<String, AttributeValue> tableKey = new HashMap<>(startKey);
        if (index != null) {
            tableKey.keySet().removeIf(name -> !table.key().has(name));
        }
        byte[] item;
        try {
            item = ItemKeys.ofKey(table, tableKey);
        } catch (ServiceException e) {
            throw DynamoDbErrors.validation(INVALID + ": " + e.message());
        }
        byte[] entry = index == null ? item : ItemKeys.entry(table, index, startKey);
        if (entry == null) {
            throw DynamoDbErrors.validation(INVALID);
        }
        return entry;
    }

    /// Checks that a query with this condition could have ended a page there.
    static void checkCondition(
            Table.KeySchema key, KeyCondition condition, Map<String, AttributeValue> startKey) {
        boolean samePartition = hasValues(key.hashes(), condition.partition(), startKey);
        if (condition.sort() == null) {
            if (!samePartition) {
                throw DynamoDbErrors.validation(
                        "The provided starting key is outside query boundaries based on provided"
                                + " conditions");
            }
            return;
        }
        int last = condition.sortPrefix().size();
        AttributeValue sort = startKey.get(key.ranges().get(last).name());
        if (sort == null
                || !hasValues(key.ranges().subList(0, last), condition.sortPrefix(), startKey)
                || !condition.sort().matches(sort)) {
            throw DynamoDbErrors.validation(
                    "The provided starting key does not match the range key predicate");
        }
        if (!samePartition) {
            throw DynamoDbErrors.validation(
                    "The query can return at most one row and cannot be restarted");
        }
    }

    private static boolean hasValues(
            List<KeyAttribute> attributes,
            List<AttributeValue> values,
            Map<String, AttributeValue> startKey) {
        for (int i = 0; i < attributes.size(); i++) {
            AttributeValue value = startKey.get(attributes.get(i).name());
            if (value == null || !Values.equal(value, values.get(i))) {
                return false;
            }
        }
        return true;
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

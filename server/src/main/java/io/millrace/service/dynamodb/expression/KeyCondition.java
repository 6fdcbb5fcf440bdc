package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What a query asks of the key.
///
/// @param partition the partition key's value
/// @param sort the condition on the sort key, or null for all
public record KeyCondition(AttributeValue partition, @Nullable SortCondition sort) {

    static KeyCondition of(
            Map<String, SortCondition> conditions,
            String partitionName,
            AttributeType partitionType,
            @Nullable String sortName,
            @Nullable AttributeType sortType) {
        int attributes = sortName == null ? 1 : 2;
        if (conditions.size() > attributes) {
            throw ItemErrors.validation(
                    "The number of query conditions ("
                            + conditions.size()
                            + ") exceeds the number of key attributes defined in the schema ("
                            + attributes
                            + ")");
        }
        SortCondition partition = conditions.get(partitionName);
        if (partition == null) {
            throw missing(partitionName);
        }
        check(partitionName, partition, partitionType);
        if (!(partition instanceof SortCondition.Equal(AttributeValue value))) {
            throw ItemErrors.validation("Query key condition not supported");
        }
        if (sortName == null || sortType == null || conditions.size() == 1) {
            return new KeyCondition(value, null);
        }
        SortCondition sort = conditions.get(sortName);
        if (sort == null) {
            throw missing(sortName);
        }
        check(sortName, sort, sortType);
        return new KeyCondition(value, sort);
    }

    private static ServiceException missing(String name) {
        return ItemErrors.validation("Query condition missed key schema element: " + name);
    }

    private static void check(String name, SortCondition condition, AttributeType type) {
        if (condition instanceof SortCondition.NotIndexable) {
            throw ItemErrors.validation(
                    "Attempted conditional constraint is not an indexable operation");
        }
        for (AttributeValue value : condition.values()) {
            if (AttributeType.of(value) != type) {
                throw ItemErrors.validation(
                        "One or more parameter values were invalid: Condition parameter type does"
                                + " not match schema type");
            }
            if (value instanceof AttributeValue.S(String text) && text.isEmpty()) {
                throw empty(name, "string");
            }
            if (value instanceof AttributeValue.B(byte[] bytes) && bytes.length == 0) {
                throw empty(name, "binary");
            }
        }
    }

    private static ServiceException empty(String name, String type) {
        return ItemErrors.validation(
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                        + " cannot contain an empty "
                        + type
                        + " value. Key: "
                        + name);
    }
}

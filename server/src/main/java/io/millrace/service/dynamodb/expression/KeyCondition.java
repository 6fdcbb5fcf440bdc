package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a query asks of the key. A key may have several attributes of each kind: all of the
/// partition key are given, and those of the sort key from the left as far as they are given; only
/// the last of them may be more than an equality.
///
/// @param partition the values of the partition key
/// @param sortPrefix the values of the sort attributes in front of the last that is given
/// @param sort the condition on the last sort attribute that is given, or null for all
public record KeyCondition(
        List<AttributeValue> partition,
        List<AttributeValue> sortPrefix,
        @Nullable SortCondition sort) {

    static KeyCondition of(
            Map<String, SortCondition> conditions, List<KeyPart> hashes, List<KeyPart> ranges) {
        int attributes = hashes.size() + ranges.size();
        if (conditions.size() > attributes) {
            throw ItemErrors.validation(
                    "The number of query conditions ("
                            + conditions.size()
                            + ") exceeds the number of key attributes defined in the schema ("
                            + attributes
                            + ")");
        }
        List<AttributeValue> partition = new ArrayList<>();
        for (KeyPart hash : hashes) {
            partition.add(equality(hash, conditions.get(hash.name())));
        }
        List<AttributeValue> sortPrefix = new ArrayList<>();
        int left = conditions.size() - hashes.size();
        for (KeyPart range : ranges.subList(0, left)) {
            SortCondition condition = conditions.get(range.name());
            left--;
            if (left > 0) {
                sortPrefix.add(equality(range, condition));
                continue;
            }
            if (condition == null) {
                throw missing(range.name());
            }
            check(range.name(), condition, range.type());
            return new KeyCondition(partition, sortPrefix, condition);
        }
        return new KeyCondition(partition, sortPrefix, null);
    }

    private static AttributeValue equality(KeyPart part, @Nullable SortCondition condition) {
        if (condition == null) {
            throw missing(part.name());
        }
        check(part.name(), condition, part.type());
        if (!(condition instanceof SortCondition.Equal(AttributeValue value))) {
            throw ItemErrors.validation("Query key condition not supported");
        }
        return value;
    }

    /// The store keys that begin with the partition and go on with what the condition asks for.
    public KeyRange range(byte[] partitionKey) {
        ByteArrayOutputStream prefix = new ByteArrayOutputStream();
        prefix.writeBytes(partitionKey);
        sortPrefix.forEach(value -> prefix.writeBytes(KeyCodec.bytes(value)));
        return sort == null ? KeyRange.all(prefix.toByteArray()) : sort.range(prefix.toByteArray());
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

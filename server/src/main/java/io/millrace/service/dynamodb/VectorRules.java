package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.VectorIndex.SearchAttribute;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ItemUpdate;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemSize;
import io.millrace.service.dynamodb.vector.FloatList;
import io.millrace.wire.ServiceException;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What a table's vector indexes refuse of an item that is written. What an item lacks is never
/// refused. Source: [writing items with vector
/// data](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchWorkingWith.html);
/// the wording as public emulators have captured it from AWS.
final class VectorRules {
    private static final String INVALID = "One or more parameter values were invalid. ";
    private static final String RANGE = "[-3.4028235E38, 3.4028235E38]";

    private VectorRules() {}

    /// @throws ServiceException `ValidationException`
    static void check(Table table, Map<String, AttributeValue> item) {
        for (VectorIndex index : table.features().vectorIndexes()) {
            check(index, item, _ -> true, false);
        }
    }

    /// Only what the update touched.
    ///
    /// @throws ServiceException `ValidationException`
    static void checkUpdated(Table table, ItemUpdate update) {
        if (table.features().vectorIndexes().isEmpty()) {
            return;
        }
        Set<String> touched = new HashSet<>();
        for (DocumentPath path : update.paths()) {
            touched.add(path.attribute());
        }
        for (VectorIndex index : table.features().vectorIndexes()) {
            check(index, update.newItem(), touched::contains, true);
        }
    }

    private static void check(
            VectorIndex index,
            Map<String, AttributeValue> item,
            Predicate<String> written,
            boolean updated) {
        AttributeValue vector = item.get(index.attribute());
        if (vector != null && written.test(index.attribute())) {
            checkVector(index, vector);
        }
        for (SearchAttribute each : index.searchSchema()) {
            AttributeValue value = item.get(each.attribute().name());
            if (value != null && written.test(each.attribute().name())) {
                checkSearchAttribute(index, each, value, updated);
            }
        }
    }

    private static void checkVector(VectorIndex index, AttributeValue value) {
        String inIndex = "IndexName: " + index.name();
        if (!(value instanceof AttributeValue.L(List<AttributeValue> elements))) {
            throw invalid(
                    "Invalid type for parameter "
                            + index.attribute()
                            + ", Expected: 32-bit floating point number list "
                            + inIndex);
        }
        for (int i = 0; i < elements.size(); i++) {
            String element = index.attribute() + "[" + i + "]";
            if (!(elements.get(i) instanceof AttributeValue.N(String text))) {
                throw invalid(
                        "Invalid type for parameter "
                                + element
                                + ", Expected: 32-bit floating point number, Actual: "
                                + AttributeType.of(elements.get(i))
                                + ". "
                                + inIndex);
            }
            if (FloatList.number(elements.get(i)) == null) {
                throw invalid(
                        "Invalid value for parameter "
                                + element
                                + ", Value: "
                                + text
                                + " is outside valid range "
                                + RANGE
                                + ". "
                                + inIndex);
            }
        }
        if (elements.size() != index.dimensions()) {
            throw invalid(
                    "Invalid size for parameter "
                            + index.attribute()
                            + ", Expected: "
                            + index.dimensions()
                            + ", Actual: "
                            + elements.size()
                            + " "
                            + inIndex);
        }
    }

    private static void checkSearchAttribute(
            VectorIndex index, SearchAttribute searched, AttributeValue value, boolean updated) {
        KeyAttribute attribute = searched.attribute();
        if (!ItemKeys.hasType(value, attribute)) {
            throw invalid(
                    "Attribute '"
                            + attribute.name()
                            + "' type mismatch. Expected: "
                            + attribute.type()
                            + ", Actual: "
                            + AttributeType.of(value)
                            + ". IndexName: "
                            + index.name());
        }
        String empty = ItemKeys.emptiness(value);
        if (searched.partitions() && empty != null) {
            throw updated
                    ? DynamoDbErrors.updatedIndexKeyEmpty(empty)
                    : DynamoDbErrors.indexKeyEmpty(empty, index.name(), attribute.name());
        }
        if (searched.partitions() && !isPartitionKey(value)) {
            throw DynamoDbErrors.hashKeyTooLarge();
        }
    }

    static boolean isPartitionKey(AttributeValue value) {
        return ItemKeys.emptiness(value) == null
                && ItemSize.bytes(value) <= DynamoDbLimits.HASH_KEY_BYTES_MAX;
    }

    private static ServiceException invalid(String message) {
        return DynamoDbErrors.validation(INVALID + message);
    }
}

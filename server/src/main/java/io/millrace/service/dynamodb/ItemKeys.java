package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ItemUpdate;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// The store keys of items and of index entries, and what a key attribute may be.
final class ItemKeys {
    private static final int HASH_BITS = 16;
    private static final int SCATTER = 0x9E3779B1;
    private static final String MISMATCH = "Type mismatch for key ";

    private ItemKeys() {}

    /// The item that a request's `Key` names.
    static byte[] ofKey(Table table, Map<String, AttributeValue> key) {
        KeySchema schema = table.key();
        if (key.size() != schema.attributes().size()) {
            throw DynamoDbErrors.keyMismatch();
        }
        for (KeyAttribute attribute : schema.attributes()) {
            AttributeValue value = key.get(attribute.name());
            if (value == null || !hasType(value, attribute)) {
                throw DynamoDbErrors.keyMismatch();
            }
        }
        checkValues(schema, key);
        return item(table, key);
    }

    /// The key of an item that is to be put.
    static byte[] ofItem(Table table, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : table.key().attributes()) {
            AttributeValue value = item.get(attribute.name());
            if (value == null) {
                throw DynamoDbErrors.invalid(
                        "Missing the key " + attribute.name() + " in the item");
            }
            if (!hasType(value, attribute)) {
                throw DynamoDbErrors.invalid(
                        MISMATCH
                                + attribute.name()
                                + " expected: "
                                + attribute.type()
                                + " actual: "
                                + AttributeType.of(value));
            }
        }
        checkValues(table.key(), item);
        return item(table, item);
    }

    /// The key of an item whose key attributes have been checked.
    static byte[] item(Table table, Map<String, AttributeValue> item) {
        KeyWriter key = partition(DynamoDbKeys.ITEM, table.number(), table.key(), item);
        return sort(key, table.key(), item).toBytes();
    }

    /// The key of an item's entry in an index, or null when the item lacks one of the attributes,
    /// or has one from before the index that cannot be its key.
    static byte @Nullable [] entry(Table table, Index index, Map<String, AttributeValue> item) {
        if (!hasKeys(index, item)
                || hashTooLarge(index.key(), item)
                || rangeTooLarge(index.key(), item)) {
            return null;
        }
        KeyWriter key = partition(DynamoDbKeys.INDEX_ENTRY, index.number(), index.key(), item);
        sort(key, index.key(), item);
        for (KeyAttribute attribute : table.key().attributes()) {
            KeyCodec.write(key, value(attribute, item));
        }
        return key.toBytes();
    }

    private static boolean hasKeys(Index index, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : index.key().attributes()) {
            AttributeValue value = item.get(attribute.name());
            if (value == null || !hasType(value, attribute) || emptiness(value) != null) {
                return false;
            }
        }
        return true;
    }

    private static KeyWriter partition(
            int prefix, long space, KeySchema key, Map<String, AttributeValue> item) {
        if (key.hashes().size() == 1) {
            return partition(prefix, space, value(key.hash(), item));
        }
        return partition(
                prefix,
                space,
                key.hashes().stream().map(attribute -> value(attribute, item)).toList());
    }

    /// What the keys of all items with this partition key begin with.
    static KeyWriter partition(int prefix, long space, AttributeValue hashValue) {
        return partition(prefix, space, KeyCodec.bytes(hashValue));
    }

    /// The same for a partition key of several attributes. Each of their encodings ends itself, so
    /// that no two lists of values run into the same bytes.
    static KeyWriter partition(int prefix, long space, List<AttributeValue> hashValues) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        hashValues.forEach(value -> bytes.writeBytes(KeyCodec.bytes(value)));
        return partition(prefix, space, bytes.toByteArray());
    }

    private static KeyWriter partition(int prefix, long space, byte[] hashBytes) {
        return new KeyWriter(prefix).uint64(space).uint16(hash(hashBytes)).raw(hashBytes);
    }

    private static KeyWriter sort(
            KeyWriter key, KeySchema schema, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : schema.ranges()) {
            KeyCodec.write(key, value(attribute, item));
        }
        return key;
    }

    private static AttributeValue value(KeyAttribute attribute, Map<String, AttributeValue> item) {
        AttributeValue value = item.get(attribute.name());
        if (value == null) {
            throw new IllegalStateException("an item without " + attribute.name());
        }
        return value;
    }

    /// The hash of the partition key in the key of an item.
    static int hashOf(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return reader.uint16();
    }

    private static int hash(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return ((int) checksum.getValue() * SCATTER) >>> HASH_BITS;
    }

    /// The key at which a segment of a space begins; the last segment ends where it would go on.
    static byte[] segment(int prefix, long space, int segment, int segmentCount) {
        KeyWriter key = new KeyWriter(prefix).uint64(space);
        long begin = ((long) segment << HASH_BITS) / segmentCount;
        if (begin == 1 << HASH_BITS) {
            return io.millrace.engine.Bytes.prefixEnd(key.toBytes());
        }
        return key.uint16((int) begin).toBytes();
    }

    static boolean hasType(AttributeValue value, KeyAttribute attribute) {
        return AttributeType.of(value).name().equals(attribute.type());
    }

    /// The key attributes alone.
    static Map<String, AttributeValue> project(KeySchema key, Map<String, AttributeValue> item) {
        Map<String, AttributeValue> projected = new LinkedHashMap<>();
        for (KeyAttribute attribute : key.attributes()) {
            projected.put(attribute.name(), value(attribute, item));
        }
        return projected;
    }

    private static void checkValues(KeySchema schema, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : schema.attributes()) {
            checkNotEmpty(attribute, value(attribute, item));
        }
        checkSizes(schema, item);
    }

    static void checkNotEmpty(KeyAttribute attribute, AttributeValue value) {
        String empty = emptiness(value);
        if (empty != null) {
            throw DynamoDbErrors.validation(
                    "One or more parameter values are not valid. The AttributeValue for a key"
                            + " attribute cannot contain an empty "
                            + empty
                            + " value. Key: "
                            + attribute.name());
        }
    }

    private static void checkSizes(KeySchema schema, Map<String, AttributeValue> item) {
        if (hashTooLarge(schema, item)) {
            throw DynamoDbErrors.hashKeyTooLarge();
        }
        if (rangeTooLarge(schema, item)) {
            throw DynamoDbErrors.invalid(
                    "Aggregated size of all range keys has exceeded the size limit of "
                            + DynamoDbLimits.RANGE_KEY_BYTES_MAX
                            + " bytes");
        }
    }

    private static boolean hashTooLarge(KeySchema schema, Map<String, AttributeValue> item) {
        return bytes(schema.hashes(), item) > DynamoDbLimits.HASH_KEY_BYTES_MAX;
    }

    private static boolean rangeTooLarge(KeySchema schema, Map<String, AttributeValue> item) {
        return bytes(schema.ranges(), item) > DynamoDbLimits.RANGE_KEY_BYTES_MAX;
    }

    private static int bytes(List<KeyAttribute> attributes, Map<String, AttributeValue> item) {
        int bytes = 0;
        for (KeyAttribute attribute : attributes) {
            bytes += bytes(value(attribute, item));
        }
        return bytes;
    }

    static @Nullable String emptiness(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) when text.isEmpty() -> "string";
            case AttributeValue.B(byte[] bytes) when bytes.length == 0 -> "binary";
            default -> null;
        };
    }

    private static int bytes(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) -> text.getBytes(StandardCharsets.UTF_8).length;
            case AttributeValue.B(byte[] bytes) -> bytes.length;
            default -> 0;
        };
    }

    /// Checks that an item's attributes may stand in the indexes that they are keys of. An index
    /// that is still being filled refuses nothing yet.
    static void checkIndexKeys(Table table, Map<String, AttributeValue> item) {
        for (Index index : table.schema().indexes()) {
            if (index.backfilling()) {
                continue;
            }
            for (KeyAttribute attribute : index.key().attributes()) {
                AttributeValue value = item.get(attribute.name());
                if (value != null && !table.key().has(attribute.name())) {
                    checkIndexKey(index, attribute, value);
                }
            }
            if (item.keySet().containsAll(index.key().names())) {
                checkSizes(index.key(), item);
            }
        }
    }

    /// The same of an item that was updated; what the update did not touch has been checked.
    static void checkUpdatedIndexKeys(Table table, ItemUpdate update) {
        if (table.schema().indexes().isEmpty()) {
            return;
        }
        for (DocumentPath path : update.paths()) {
            AttributeValue value = update.newItem().get(path.attribute());
            KeyAttribute attribute = keyAttribute(table, path.attribute());
            if (value != null && attribute != null) {
                checkUpdatedIndexKey(attribute, value);
            }
        }
        for (Index index : table.schema().indexes()) {
            if (!index.backfilling()
                    && hasKeys(index, update.newItem())
                    && (hashTooLarge(index.key(), update.newItem())
                            || rangeTooLarge(index.key(), update.newItem()))) {
                throw DynamoDbErrors.validation(
                        "The update expression attempted to update the secondary index key beyond"
                                + " allowed size limits");
            }
        }
    }

    /// Checks the types that an update puts at keys of indexes, as far as they are known without
    /// the item.
    static void checkKnownTypes(Table table, Map<String, AttributeType> types) {
        for (Index index : table.schema().indexes()) {
            for (KeyAttribute attribute : index.key().attributes()) {
                AttributeType type = types.get(attribute.name());
                if (type != null && !index.backfilling() && !type.name().equals(attribute.type())) {
                    throw indexKeyMismatch(index, attribute, type);
                }
            }
        }
    }

    private static ServiceException indexKeyMismatch(
            Index index, KeyAttribute attribute, AttributeType type) {
        return DynamoDbErrors.invalid(
                "Type mismatch for Index Key "
                        + attribute.name()
                        + " Expected: "
                        + attribute.type()
                        + " Actual: "
                        + type
                        + " IndexName: "
                        + index.name());
    }

    /// The key attribute of that name in an index that is filled.
    private static @Nullable KeyAttribute keyAttribute(Table table, String name) {
        for (Index index : table.schema().indexes()) {
            for (KeyAttribute attribute : index.key().attributes()) {
                if (!index.backfilling() && attribute.name().equals(name)) {
                    return attribute;
                }
            }
        }
        return null;
    }

    private static void checkUpdatedIndexKey(KeyAttribute attribute, AttributeValue value) {
        if (!hasType(value, attribute)) {
            throw DynamoDbErrors.validation(
                    "The update expression attempted to update the secondary index key to"
                            + " unsupported type");
        }
        String empty = emptiness(value);
        if (empty != null) {
            throw DynamoDbErrors.updatedIndexKeyEmpty(empty);
        }
    }

    private static void checkIndexKey(Index index, KeyAttribute attribute, AttributeValue value) {
        if (!hasType(value, attribute)) {
            throw indexKeyMismatch(index, attribute, AttributeType.of(value));
        }
        String empty = emptiness(value);
        if (empty != null) {
            throw DynamoDbErrors.indexKeyEmpty(empty, index.name(), attribute.name());
        }
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The attribute definitions that a request goes by, and the keys made of them. One per request;
/// remembers which definitions were used.
final class KeyRules {
    private static final String HASH = "HASH";
    private static final String RANGE = "RANGE";
    private static final int SIMPLE_MAX = 2;

    private final Map<String, KeyAttribute> definitions = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /// The definitions of a new table.
    ///
    /// @throws io.millrace.wire.ServiceException when an attribute is defined twice
    static KeyRules of(List<AttributeDefinition> asked) {
        KeyRules rules = new KeyRules();
        for (AttributeDefinition definition : asked) {
            String name = definition.attributeName();
            if (rules.definitions.put(name, attribute(definition)) != null) {
                throw DynamoDbErrors.validation("Attribute Name is duplicated: " + name);
            }
        }
        return rules;
    }

    /// The definitions that a table has, which stay as they are, and those that come with a new
    /// index.
    static KeyRules of(List<KeyAttribute> existing, List<AttributeDefinition> added) {
        KeyRules rules = of(added);
        existing.forEach(attribute -> rules.definitions.put(attribute.name(), attribute));
        return rules;
    }

    private static KeyAttribute attribute(AttributeDefinition definition) {
        return new KeyAttribute(definition.attributeName(), definition.attributeType());
    }

    Collection<KeyAttribute> definitions() {
        return definitions.values();
    }

    /// The key of a table or of a local index.
    ///
    /// @param path what messages call the key
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    KeySchema key(List<KeySchemaElement> keySchema, String path) {
        if (keySchema.size() > SIMPLE_MAX) {
            throw DynamoDbErrors.constraints(
                    List.of(
                            "Value '"
                                    + text(keySchema)
                                    + "' at '"
                                    + path
                                    + "' failed to satisfy constraint: Member must have length less"
                                    + " than or equal to "
                                    + SIMPLE_MAX));
        }
        checkDefined(keySchema);
        checkSimple(keySchema);
        return used(keySchema);
    }

    private static List<String> text(List<KeySchemaElement> keySchema) {
        return keySchema.stream()
                .map(element ->
                        "KeySchemaElement(attributeName="
                                + element.attributeName()
                                + ", keyType="
                                + element.keyType()
                                + ")")
                .toList();
    }

    private static void checkSimple(List<KeySchemaElement> keySchema) {
        boolean pair = keySchema.size() == SIMPLE_MAX;
        if (pair
                && keySchema
                        .getFirst()
                        .attributeName()
                        .equals(keySchema.getLast().attributeName())) {
            throw DynamoDbErrors.validation(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same"
                            + " name");
        }
        checkFirst(keySchema);
        if (pair && !keySchema.getLast().keyType().equals(RANGE)) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        }
    }

    private static void checkFirst(List<KeySchemaElement> keySchema) {
        if (!keySchema.getFirst().keyType().equals(HASH)) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }
    }

    /// The key of a global index, of up to four attributes of each kind. Source: [multi-attribute
    /// keys](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html).
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    KeySchema globalKey(List<KeySchemaElement> keySchema) {
        checkDefined(keySchema);
        boolean oneOfEach =
                keySchema.size() == SIMPLE_MAX && keySchema.getLast().keyType().equals(RANGE);
        if (keySchema.size() == 1 || oneOfEach) {
            checkSimple(keySchema);
            return used(keySchema);
        }
        checkFirst(keySchema);
        Set<String> names = new HashSet<>();
        String last = HASH;
        for (KeySchemaElement element : keySchema) {
            if (last.equals(RANGE) && element.keyType().equals(HASH)) {
                throw DynamoDbErrors.invalid(
                        "All HASH key attributes must precede RANGE key attributes in the"
                                + " KeySchema");
            }
            last = element.keyType();
            if (!names.add(element.attributeName())) {
                throw DynamoDbErrors.validation(
                        "The KeySchema contains multiple key attributes with the same name");
            }
        }
        KeySchema key = used(keySchema);
        checkCount(key.hashes(), HASH);
        checkCount(key.ranges(), RANGE);
        return key;
    }

    private static void checkCount(List<KeyAttribute> attributes, String keyType) {
        if (attributes.size() > DynamoDbLimits.KEY_ATTRIBUTES_MAX) {
            throw DynamoDbErrors.invalid(
                    "The KeySchema exceeds the maximum allowed number of "
                            + keyType
                            + " key attributes");
        }
    }

    private void checkDefined(List<KeySchemaElement> keySchema) {
        List<String> names = keySchema.stream().map(KeySchemaElement::attributeName).toList();
        if (!definitions.keySet().containsAll(names)) {
            throw DynamoDbErrors.invalid(
                    "Some index key attributes are not defined in AttributeDefinitions. Keys: ["
                            + String.join(", ", names)
                            + "], AttributeDefinitions: ["
                            + String.join(", ", definitions.keySet())
                            + "]");
        }
    }

    private KeySchema used(List<KeySchemaElement> keySchema) {
        List<KeyAttribute> hashes = new ArrayList<>();
        List<KeyAttribute> ranges = new ArrayList<>();
        for (KeySchemaElement element : keySchema) {
            (element.keyType().equals(HASH) ? hashes : ranges).add(use(element.attributeName()));
        }
        return new KeySchema(hashes, ranges);
    }

    private KeyAttribute use(String name) {
        KeyAttribute attribute = definitions.get(name);
        if (attribute == null) {
            throw new IllegalStateException("not defined: " + name);
        }
        used.add(name);
        return attribute;
    }

    /// For attributes that are defined like keys, and are none.
    void useIfDefined(String name) {
        if (definitions.containsKey(name)) {
            used.add(name);
        }
    }

    /// @throws io.millrace.wire.ServiceException when a definition is part of no key
    void checkAllUsed() {
        if (used.size() == definitions.size()) {
            return;
        }
        List<String> usedInOrder = definitions.keySet().stream().filter(used::contains).toList();
        throw DynamoDbErrors.invalid(
                "Some AttributeDefinitions are not used. AttributeDefinitions: ["
                        + String.join(", ", definitions.keySet())
                        + "], keys used: ["
                        + String.join(", ", usedInOrder)
                        + "]");
    }

    boolean allUsed() {
        return used.size() == definitions.size();
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The attribute definitions that a request goes by, and the keys made of them. One per request;
/// remembers which definitions were used.
final class KeyRules {
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

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    KeySchema key(List<KeySchemaElement> keySchema) {
        if (keySchema.size() > 2) {
            throw DynamoDbErrors.notImplemented("keys of more than two attributes");
        }
        List<String> names = keySchema.stream().map(KeySchemaElement::attributeName).toList();
        if (!definitions.keySet().containsAll(names)) {
            throw DynamoDbErrors.invalid(
                    "Some index key attributes are not defined in AttributeDefinitions. Keys: ["
                            + String.join(", ", names)
                            + "], AttributeDefinitions: ["
                            + String.join(", ", definitions.keySet())
                            + "]");
        }
        if (names.size() == 2 && names.getFirst().equals(names.getLast())) {
            throw DynamoDbErrors.validation(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same"
                            + " name");
        }
        if (!keySchema.getFirst().keyType().equals("HASH")) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }
        if (keySchema.size() == 2 && !keySchema.getLast().keyType().equals("RANGE")) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        }
        return new KeySchema(
                use(names.getFirst()), names.size() == 2 ? use(names.getLast()) : null);
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

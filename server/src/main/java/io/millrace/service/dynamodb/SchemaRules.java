package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.GlobalSecondaryIndex;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.api.dynamodb.LocalSecondaryIndex;
import io.millrace.api.dynamodb.Projection;
import io.millrace.api.dynamodb.VectorIndex;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.Table.Schema;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks keys and indexes of a new table, in DynamoDB's order and words, and gives its [Schema].
/// One per request. Source: the public suites that ran against AWS.
final class SchemaRules {
    private static final Set<String> PROJECTION_TYPES = Set.of("ALL", "KEYS_ONLY", "INCLUDE");

    private final CreateTableInput request;
    private final Ids ids;
    private final Map<String, KeyAttribute> definitions = new LinkedHashMap<>();
    private final Set<String> usedAttributes = new HashSet<>();
    private final Set<String> indexNames = new HashSet<>();
    private int projectedAttributes;

    private SchemaRules(CreateTableInput request, Ids ids) {
        this.request = request;
        this.ids = ids;
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Schema check(CreateTableInput request, Ids ids) {
        return new SchemaRules(request, ids).schema();
    }

    private Schema schema() {
        List<KeySchemaElement> keySchema = request.keySchema();
        if (keySchema == null || request.attributeDefinitions() == null) {
            throw missingSchema(keySchema == null, request.attributeDefinitions() == null);
        }
        for (AttributeDefinition definition : request.attributeDefinitions()) {
            String name = definition.attributeName();
            if (definitions.put(name, new KeyAttribute(name, definition.attributeType())) != null) {
                throw DynamoDbErrors.invalid(
                        "Cannot have two attributes with the same name: " + name);
            }
        }
        if (keySchema.size() > definitions.size()) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: Some index key attribute have no definition");
        }
        KeySchema key = key(keySchema);
        useVectorIndexes();
        if (request.localSecondaryIndexes() == null
                && request.globalSecondaryIndexes() == null
                && (request.vectorIndexes() == null || request.vectorIndexes().isEmpty())) {
            checkAllUsed(
                    "Number of attributes in KeySchema does not exactly match number of"
                            + " attributes defined in AttributeDefinitions");
        }
        List<Index> indexes = new ArrayList<>();
        localIndexes(key, indexes);
        globalIndexes(indexes);
        checkAllUsed(
                "Some AttributeDefinitions are not used. AttributeDefinitions: ["
                        + String.join(", ", definitions.keySet())
                        + "], keys used: ["
                        + String.join(", ", used())
                        + "]");
        if (projectedAttributes > DynamoDbLimits.PROJECTED_ATTRIBUTES_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of NonKeyAttributes across all indexes exceeds the limit of "
                            + DynamoDbLimits.PROJECTED_ATTRIBUTES_MAX);
        }
        return new Schema(List.copyOf(definitions.values()), key, indexes);
    }

    private static io.millrace.wire.ServiceException missingSchema(
            boolean keySchema, boolean definitions) {
        List<String> violations = new ArrayList<>();
        if (keySchema) {
            violations.add(mustNotBeNull("keySchema"));
        }
        if (definitions) {
            violations.add(mustNotBeNull("attributeDefinitions"));
        }
        return DynamoDbErrors.constraints(violations);
    }

    private static String mustNotBeNull(String path) {
        return "Value null at '" + path + "' failed to satisfy constraint: Member must not be null";
    }

    private void checkAllUsed(String message) {
        if (usedAttributes.size() != definitions.size()) {
            throw DynamoDbErrors.invalid(message);
        }
    }

    private Set<String> used() {
        Set<String> names = new LinkedHashSet<>(definitions.keySet());
        names.retainAll(usedAttributes);
        return names;
    }

    private KeySchema key(List<KeySchemaElement> keySchema) {
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
        usedAttributes.add(name);
        return attribute;
    }

    private void localIndexes(KeySchema tableKey, List<Index> indexes) {
        List<LocalSecondaryIndex> asked = request.localSecondaryIndexes();
        if (asked == null) {
            return;
        }
        if (asked.isEmpty()) {
            throw DynamoDbErrors.invalid("List of LocalSecondaryIndexes is empty");
        }
        if (tableKey.range() == null) {
            throw DynamoDbErrors.invalid(
                    "Table KeySchema does not have a range key, which is required when specifying a"
                            + " LocalSecondaryIndex");
        }
        for (LocalSecondaryIndex index : asked) {
            KeySchema key = key(index.keySchema());
            if (key.range() == null) {
                throw DynamoDbErrors.invalid(
                        "Index KeySchema does not have a range key for index: "
                                + index.indexName());
            }
            if (!key.hash().equals(tableKey.hash())) {
                throw DynamoDbErrors.invalid(
                        "Index KeySchema does not have the same leading hash key as table KeySchema"
                                + " for index: "
                                + index.indexName()
                                + ". index hash key: "
                                + key.hash().name()
                                + ", table hash key: "
                                + tableKey.hash().name());
            }
            indexes.add(index(index.indexName(), false, key, index.projection(), null, null));
        }
        if (asked.size() > DynamoDbLimits.LOCAL_INDEXES_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of LocalSecondaryIndexes exceeds per-table limit of "
                            + DynamoDbLimits.LOCAL_INDEXES_MAX);
        }
    }

    private void globalIndexes(List<Index> indexes) {
        List<GlobalSecondaryIndex> asked = request.globalSecondaryIndexes();
        if (asked == null) {
            return;
        }
        if (asked.isEmpty()) {
            throw DynamoDbErrors.invalid("List of GlobalSecondaryIndexes is empty");
        }
        boolean onDemand = Billing.isPayPerRequest(request.billingMode());
        for (GlobalSecondaryIndex index : asked) {
            KeySchema key = key(index.keySchema());
            indexes.add(
                    index(
                            index.indexName(),
                            true,
                            key,
                            index.projection(),
                            Billing.indexThroughput(index, onDemand),
                            Billing.onDemand(
                                    index.onDemandThroughput(), onDemand, index.indexName())));
        }
        if (asked.size() > DynamoDbLimits.GLOBAL_INDEXES_MAX) {
            throw DynamoDbErrors.invalid(
                    "GlobalSecondaryIndex count exceeds the per-table limit of "
                            + DynamoDbLimits.GLOBAL_INDEXES_MAX);
        }
    }

    /// Attributes of vector indexes are defined like keys; [VectorIndexRules] checks the rest.
    private void useVectorIndexes() {
        if (request.vectorIndexes() == null) {
            return;
        }
        for (VectorIndex index : request.vectorIndexes()) {
            List<String> names = new ArrayList<>();
            names.add(index.vectorAttribute().attributeName());
            if (index.searchSchema() != null) {
                index.searchSchema().forEach(element -> names.add(element.attributeName()));
            }
            names.retainAll(definitions.keySet());
            usedAttributes.addAll(names);
            List<String> nonKeys = index.projection().nonKeyAttributes();
            projectedAttributes += nonKeys == null ? 0 : nonKeys.size();
        }
    }

    private Index index(
            String name,
            boolean global,
            KeySchema key,
            Projection projection,
            Table.@Nullable Throughput throughput,
            Table.@Nullable OnDemand onDemand) {
        String type = checkProjection(projection);
        List<String> nonKeys = projection.nonKeyAttributes();
        if (!indexNames.add(name)) {
            throw DynamoDbErrors.invalid("Duplicate index name: " + name);
        }
        projectedAttributes += nonKeys == null ? 0 : nonKeys.size();
        return new Index(
                name,
                ids.number(),
                global,
                key,
                type,
                nonKeys == null ? List.of() : List.copyOf(nonKeys),
                throughput,
                onDemand);
    }

    /// The projection's type.
    static String checkProjection(Projection projection) {
        String type = projection.projectionType();
        List<String> nonKeys = projection.nonKeyAttributes();
        if (type == null || !PROJECTION_TYPES.contains(type)) {
            throw DynamoDbErrors.invalid("Unknown ProjectionType: " + type);
        }
        if (nonKeys != null && !type.equals("INCLUDE")) {
            throw DynamoDbErrors.invalid(
                    "ProjectionType is " + type + ", but NonKeyAttributes is specified");
        }
        if (nonKeys == null && type.equals("INCLUDE")) {
            throw DynamoDbErrors.invalid(
                    "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
        }
        return type;
    }
}

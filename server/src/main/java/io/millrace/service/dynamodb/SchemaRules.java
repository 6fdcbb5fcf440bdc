package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.GlobalSecondaryIndex;
import io.millrace.api.dynamodb.KeySchemaElement;
import io.millrace.api.dynamodb.LocalSecondaryIndex;
import io.millrace.api.dynamodb.VectorIndex;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.Table.Schema;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks keys and indexes of a new table, in DynamoDB's order and words, and gives its [Schema]:
/// all keys first, then that every attribute definition is part of one, then the rest of each
/// index. One per request. Source: the public suites that ran against AWS, and what others have
/// published of its answers.
final class SchemaRules {
    private final CreateTableInput request;
    private final Ids ids;
    private final KeyRules keys;
    private final Set<String> indexNames = new HashSet<>();
    private int projectedAttributes;

    private SchemaRules(CreateTableInput request, Ids ids, KeyRules keys) {
        this.request = request;
        this.ids = ids;
        this.keys = keys;
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Schema check(CreateTableInput request, Ids ids) {
        List<KeySchemaElement> keySchema = request.keySchema();
        if (keySchema == null || request.attributeDefinitions() == null) {
            throw missingSchema(keySchema == null, request.attributeDefinitions() == null);
        }
        KeyRules keys = KeyRules.of(request.attributeDefinitions());
        return new SchemaRules(request, ids, keys).schema(keySchema);
    }

    private Schema schema(List<KeySchemaElement> keySchema) {
        if (keySchema.size() > keys.definitions().size()) {
            throw DynamoDbErrors.validation(
                    "Invalid KeySchema: Some index key attribute have no definition");
        }
        KeySchema key = keys.key(keySchema, "keySchema");
        useVectorIndexes();
        List<LocalSecondaryIndex> locals = request.localSecondaryIndexes();
        List<GlobalSecondaryIndex> globals = request.globalSecondaryIndexes();
        boolean vectors = request.vectorIndexes() != null && !request.vectorIndexes().isEmpty();
        if (locals == null && globals == null && !vectors && !keys.allUsed()) {
            throw DynamoDbErrors.invalid(
                    "Number of attributes in KeySchema does not exactly match number of"
                            + " attributes defined in AttributeDefinitions");
        }
        List<KeySchema> localKeys = localKeys(key, locals);
        List<KeySchema> globalKeys = globalKeys(globals);
        keys.checkAllUsed();
        List<Index> indexes = new ArrayList<>();
        for (int i = 0; locals != null && i < localKeys.size(); i++) {
            indexes.add(local(locals.get(i), localKeys.get(i)));
        }
        if (indexes.size() > DynamoDbLimits.LOCAL_INDEXES_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of LocalSecondaryIndexes exceeds per-table limit of "
                            + DynamoDbLimits.LOCAL_INDEXES_MAX);
        }
        for (int i = 0; globals != null && i < globalKeys.size(); i++) {
            indexes.add(global(globals.get(i), globalKeys.get(i)));
        }
        if (globalKeys.size() > DynamoDbLimits.GLOBAL_INDEXES_MAX) {
            throw DynamoDbErrors.invalid(
                    "GlobalSecondaryIndex count exceeds the per-table limit of "
                            + DynamoDbLimits.GLOBAL_INDEXES_MAX);
        }
        for (Index index : indexes) {
            projectedAttributes += index.nonKeyAttributes().size();
        }
        ProjectionRules.checkTotal(projectedAttributes);
        return new Schema(
                keys.definitions().stream()
                        .sorted(Comparator.comparing(Table.KeyAttribute::name))
                        .toList(),
                key,
                indexes);
    }

    private static ServiceException missingSchema(boolean keySchema, boolean definitions) {
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

    private List<KeySchema> localKeys(
            KeySchema tableKey, @Nullable List<LocalSecondaryIndex> asked) {
        if (asked == null) {
            return List.of();
        }
        if (asked.isEmpty()) {
            throw DynamoDbErrors.invalid("List of LocalSecondaryIndexes is empty");
        }
        if (tableKey.range() == null) {
            throw DynamoDbErrors.invalid(
                    "Table KeySchema does not have a range key, which is required when specifying a"
                            + " LocalSecondaryIndex");
        }
        List<KeySchema> found = new ArrayList<>();
        for (LocalSecondaryIndex index : asked) {
            String path = "localSecondaryIndexes." + (found.size() + 1) + ".member.keySchema";
            KeySchema key = keys.key(index.keySchema(), path);
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
            found.add(key);
        }
        return found;
    }

    private List<KeySchema> globalKeys(@Nullable List<GlobalSecondaryIndex> asked) {
        if (asked == null) {
            return List.of();
        }
        if (asked.isEmpty()) {
            throw DynamoDbErrors.invalid("List of GlobalSecondaryIndexes is empty");
        }
        return asked.stream().map(index -> keys.globalKey(index.keySchema())).toList();
    }

    /// Attributes of vector indexes are defined like keys; [VectorIndexRules] checks the rest.
    private void useVectorIndexes() {
        if (request.vectorIndexes() == null) {
            return;
        }
        for (VectorIndex index : request.vectorIndexes()) {
            keys.useIfDefined(index.vectorAttribute().attributeName());
            if (index.searchSchema() != null) {
                index.searchSchema().forEach(element -> keys.useIfDefined(element.attributeName()));
            }
            List<String> nonKeys = index.projection().nonKeyAttributes();
            projectedAttributes += nonKeys == null ? 0 : nonKeys.size();
        }
    }

    private Index local(LocalSecondaryIndex asked, KeySchema key) {
        String projectionType = ProjectionRules.check(asked.projection());
        checkName(asked.indexName());
        return new Index(
                asked.indexName(),
                ids.number(),
                false,
                key,
                projectionType,
                ProjectionRules.nonKeyAttributes(asked.projection()),
                null,
                null,
                false);
    }

    private Index global(GlobalSecondaryIndex asked, KeySchema key) {
        boolean onDemand = Billing.isPayPerRequest(request.billingMode());
        Table.Throughput throughput = Billing.indexThroughput(asked, onDemand);
        Table.OnDemand limits =
                Billing.onDemand(asked.onDemandThroughput(), onDemand, asked.indexName());
        String projectionType = ProjectionRules.check(asked.projection());
        checkName(asked.indexName());
        return new Index(
                asked.indexName(),
                ids.number(),
                true,
                key,
                projectionType,
                ProjectionRules.nonKeyAttributes(asked.projection()),
                throughput,
                limits,
                false);
    }

    private void checkName(String name) {
        if (!indexNames.add(name)) {
            throw DynamoDbErrors.invalid("Duplicate index name: " + name);
        }
    }
}

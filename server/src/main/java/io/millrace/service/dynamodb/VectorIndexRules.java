package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeDefinition;
import io.millrace.api.dynamodb.SearchSchemaElement;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.Schema;
import io.millrace.service.dynamodb.VectorIndex.SearchAttribute;
import io.millrace.service.dynamodb.VectorIndex.Status;
import io.millrace.service.dynamodb.vector.DistanceFunction;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Checks new vector indexes, in DynamoDB's words. Source: [requirements and
/// limitations](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.Requirements.html);
/// the wording as public emulators have captured it from AWS.
final class VectorIndexRules {
    private final Map<String, KeyAttribute> definitions = new LinkedHashMap<>();
    private final LongSupplier numbers;
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> dimensions = new LinkedHashMap<>();

    private VectorIndexRules(List<KeyAttribute> definitions, LongSupplier numbers) {
        definitions.forEach(each -> this.definitions.put(each.name(), each));
        this.numbers = numbers;
    }

    /// The vector indexes of a new table.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static List<VectorIndex> ofNewTable(
            @Nullable List<io.millrace.api.dynamodb.VectorIndex> asked,
            Schema schema,
            boolean payPerRequest,
            Ids ids) {
        if (asked == null || asked.isEmpty()) {
            return List.of();
        }
        requirePayPerRequest(payPerRequest);
        if (asked.size() > DynamoDbLimits.VECTOR_INDEXES_MAX) {
            throw DynamoDbErrors.invalid(
                    "VectorIndex count exceeds the per-table limit of "
                            + DynamoDbLimits.VECTOR_INDEXES_MAX);
        }
        VectorIndexRules rules = new VectorIndexRules(schema.definitions(), ids::number);
        schema.indexes().forEach(index -> rules.names.add(index.name()));
        List<VectorIndex> indexes = new ArrayList<>();
        for (io.millrace.api.dynamodb.VectorIndex each : asked) {
            indexes.add(rules.index(each, Status.ACTIVE));
        }
        return indexes;
    }

    /// A further vector index of a table, not yet filled.
    ///
    /// @param definitions those of the request: the table's own do not count
    /// @param number the internal number of its entries' space
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static VectorIndex ofTable(
            Table table,
            io.millrace.api.dynamodb.VectorIndex asked,
            @Nullable List<AttributeDefinition> definitions,
            long number) {
        requirePayPerRequest(table.settings().payPerRequest());
        List<KeyAttribute> defined = new ArrayList<>();
        if (definitions != null) {
            for (AttributeDefinition each : definitions) {
                defined.add(new KeyAttribute(each.attributeName(), each.attributeType()));
            }
        }
        VectorIndexRules rules = new VectorIndexRules(defined, () -> number);
        for (VectorIndex each : table.features().vectorIndexes()) {
            rules.dimensions.put(each.attribute(), each.dimensions());
        }
        return rules.index(asked, Status.BACKFILLING);
    }

    static void requirePayPerRequest(boolean payPerRequest) {
        if (!payPerRequest) {
            throw DynamoDbErrors.invalid(
                    "Vector indexes are only supported for PAY_PER_REQUEST tables");
        }
    }

    private VectorIndex index(io.millrace.api.dynamodb.VectorIndex asked, Status status) {
        if (asked.dimensions() > DynamoDbLimits.VECTOR_DIMENSIONS_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of dimensions must be between 1 and "
                            + DynamoDbLimits.VECTOR_DIMENSIONS_MAX
                            + " inclusive.");
        }
        String projectionType = ProjectionRules.check(asked.projection());
        if (!names.add(asked.indexName())) {
            throw DynamoDbErrors.invalid("Duplicate index name: " + asked.indexName());
        }
        List<SearchAttribute> searchSchema = searchSchema(asked.searchSchema());
        String attribute = asked.vectorAttribute().attributeName();
        if (definitions.containsKey(attribute)) {
            throw DynamoDbErrors.invalid(
                    "Conflicting attribute definition for '"
                            + attribute
                            + "'. An attribute cannot be defined in AttributeDefinitions when used"
                            + " as a VectorAttribute.");
        }
        int asMany = Math.toIntExact(asked.dimensions());
        Integer before = dimensions.put(attribute, asMany);
        if (before != null && before != asMany) {
            throw DynamoDbErrors.invalid(
                    "Conflicting attribute definition for '"
                            + attribute
                            + "'. All VectorIndexes on the same vector attribute must use the same"
                            + " dimensions.");
        }
        List<String> nonKeys = asked.projection().nonKeyAttributes();
        return new VectorIndex(
                asked.indexName(),
                numbers.getAsLong(),
                attribute,
                asMany,
                DistanceFunction.valueOf(asked.distanceFunction()),
                searchSchema,
                projectionType,
                nonKeys == null ? List.of() : List.copyOf(nonKeys),
                status);
    }

    private List<SearchAttribute> searchSchema(@Nullable List<SearchSchemaElement> asked) {
        if (asked == null) {
            return List.of();
        }
        List<SearchAttribute> attributes = new ArrayList<>();
        Set<String> used = new HashSet<>();
        int partitions = 0;
        for (SearchSchemaElement element : asked) {
            KeyAttribute attribute = definitions.get(element.attributeName());
            if (attribute == null) {
                throw DynamoDbErrors.invalid(
                        "One element in SearchSchema is not defined in attribute definitions");
            }
            if (!used.add(attribute.name())) {
                throw DynamoDbErrors.invalid(
                        "Duplicate attribute in SearchSchema: " + attribute.name());
            }
            boolean isPartition = element.searchSchemaElementType().equals("HASH");
            partitions += isPartition ? 1 : 0;
            attributes.add(new SearchAttribute(attribute, isPartition));
        }
        if (partitions > 1) {
            throw DynamoDbErrors.invalid("SearchSchema can have at most one HASH element");
        }
        if (attributes.size() - partitions > DynamoDbLimits.VECTOR_INLINE_FILTERS_MAX) {
            throw DynamoDbErrors.invalid(
                    "Number of INLINE_FILTER elements in SearchSchema exceeds the per-index limit"
                            + " of "
                            + DynamoDbLimits.VECTOR_INLINE_FILTERS_MAX);
        }
        return attributes;
    }
}

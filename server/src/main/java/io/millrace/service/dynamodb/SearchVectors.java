package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.SearchResultItem;
import io.millrace.api.dynamodb.SearchVectorsInput;
import io.millrace.api.dynamodb.SearchVectorsOutput;
import io.millrace.api.dynamodb.VectorCapacity;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.VectorIndex.SearchAttribute;
import io.millrace.service.dynamodb.VectorIndex.Status;
import io.millrace.service.dynamodb.expression.ExpressionContext;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.expression.SearchConditionExpression;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.ItemSize;
import io.millrace.service.dynamodb.vector.FloatList;
import io.millrace.service.dynamodb.vector.NearestEntries.Found;
import io.millrace.service.dynamodb.vector.StoredVector;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `SearchVectors`: the items whose vectors are nearest to a given one; exact, and consistent.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html).
final class SearchVectors implements Operation<SearchVectorsInput, SearchVectorsOutput> {
    private final Store store;

    SearchVectors(Store store) {
        this.store = store;
    }

    /// A request, checked as far as that goes without the table.
    ///
    /// @param condition null when there is none
    /// @param projection null for all that is projected but the vector
    private record Asked(
            TableName table,
            String index,
            float[] wanted,
            int topK,
            @Nullable SearchConditionExpression condition,
            @Nullable ProjectionExpression projection) {}

    @Override
    public SearchVectorsOutput handle(Caller caller, SearchVectorsInput request) {
        Asked asked = asked(caller, request);
        String mode = request.returnConsumedCapacity();
        boolean tellsCapacity = mode != null && !mode.equals("NONE");
        return store.read(tx -> search(tx, asked, tellsCapacity));
    }

    private static Asked asked(Caller caller, SearchVectorsInput request) {
        TableName table = TableName.of(caller, request.tableName());
        String conditionText = request.searchConditionExpression();
        String projectionText = request.projectionExpression();
        ExpressionParameters parameters =
                new ExpressionParameters(
                                request.expressionAttributeNames(),
                                request.expressionAttributeValues())
                        .expression(ExpressionKind.PROJECTION, projectionText)
                        .expression(ExpressionKind.SEARCH_CONDITION, conditionText);
        parameters.check();
        ExpressionContext context = parameters.context();
        SearchConditionExpression condition =
                conditionText == null
                        ? null
                        : SearchConditionExpression.parse(conditionText, context);
        ProjectionExpression projection =
                projectionText == null ? null : ProjectionExpression.parse(projectionText, context);
        context.checkAllUsed();
        if (request.topK() > DynamoDbLimits.VECTOR_TOP_K_MAX) {
            throw DynamoDbErrors.validation(
                    "Provided TopK value '"
                            + request.topK()
                            + "' is out of valid range. The value must be between 1 and "
                            + DynamoDbLimits.VECTOR_TOP_K_MAX
                            + " inclusive");
        }
        List<AttributeValue> elements =
                request.searchVector().stream().map(ItemRules::normal).toList();
        float[] wanted = FloatList.vector(elements);
        if (wanted == null) {
            throw DynamoDbErrors.validation(
                    "Search vector contains invalid values. All values in the search vector must"
                            + " be a 32-bit floating-point number attribute");
        }
        return new Asked(table, request.indexName(), wanted, request.topK(), condition, projection);
    }

    private static SearchVectorsOutput search(Snapshot tx, Asked asked, boolean tellsCapacity) {
        Table table = Tables.open(tx, asked.table());
        VectorIndex index = index(table, asked);
        Map<String, AttributeValue> equalities =
                asked.condition() == null ? Map.of() : asked.condition().equalities();
        check(index, equalities);
        VectorSearch.Result result =
                VectorSearch.of(index, asked.wanted(), asked.topK(), equalities).in(tx);
        VectorCapacity capacity =
                tellsCapacity
                        ? VectorCapacity.builder()
                                .vectorSearchRequestBytes(
                                        (double)
                                                Math.max(
                                                        DynamoDbLimits.VECTOR_REQUEST_BYTES_MIN,
                                                        result.examinedBytes()))
                                .build()
                        : null;
        return new SearchVectorsOutput(capacity, items(index, result.found(), asked.projection()));
    }

    private static VectorIndex index(Table table, Asked asked) {
        VectorIndex index = table.features().vectorIndex(asked.index());
        if (index == null) {
            throw DynamoDbErrors.noSuchIndex(asked.index());
        }
        if (index.status() != Status.ACTIVE) {
            throw DynamoDbErrors.validation(
                    "Cannot search backfilling vector index: " + index.name());
        }
        if (asked.wanted().length != index.dimensions()) {
            throw DynamoDbErrors.validation(
                    "Input search vector dimension "
                            + asked.wanted().length
                            + " does not match vector index dimension "
                            + index.dimensions());
        }
        return index;
    }

    private static void check(VectorIndex index, Map<String, AttributeValue> equalities) {
        equalities.forEach((name, value) -> {
            KeyAttribute attribute = searched(index, name);
            if (!ItemKeys.hasType(value, attribute)) {
                throw DynamoDbErrors.invalid("Condition parameter type does not match schema type");
            }
        });
        KeyAttribute partition = index.partition();
        if (partition != null) {
            AttributeValue value = equalities.get(partition.name());
            if (value == null) {
                throw DynamoDbErrors.validation(
                        "SearchConditionExpression must be provided when SearchSchema has a HASH"
                                + " key");
            }
            ItemKeys.checkNotEmpty(partition, value);
        }
    }

    private static KeyAttribute searched(VectorIndex index, String name) {
        for (SearchAttribute each : index.searchSchema()) {
            if (each.attribute().name().equals(name)) {
                return each.attribute();
            }
        }
        throw DynamoDbErrors.validation(
                "SearchConditionExpression must not contain any attributes that is not in"
                        + " SearchSchema. Invalid attribute: "
                        + name);
    }

    private static List<SearchResultItem> items(
            VectorIndex index, List<Found> found, @Nullable ProjectionExpression projection) {
        boolean tellsVector =
                projection != null
                        && projection.paths().stream()
                                .anyMatch(path -> path.attribute().equals(index.attribute()));
        List<SearchResultItem> items = new ArrayList<>(found.size());
        long bytes = 0;
        for (Found each : found) {
            Map<String, AttributeValue> item =
                    StoredVector.attributes(each.entry(), index.dimensions());
            if (tellsVector) {
                float[] vector = new float[index.dimensions()];
                StoredVector.vector(each.entry(), vector);
                item.put(index.attribute(), FloatList.list(vector));
            }
            Map<String, AttributeValue> told = projection == null ? item : projection.project(item);
            bytes += ItemSize.bytes(told);
            if (bytes > DynamoDbLimits.VECTOR_RESPONSE_BYTES_MAX) {
                throw DynamoDbErrors.validation(
                        "The response of SearchVectors would exceed 16 MB. Ask for fewer items or"
                                + " for fewer of their attributes");
            }
            items.add(new SearchResultItem(told, score(each.score())));
        }
        return items;
    }

    /// With as many digits as tell the 32-bit number from its neighbours.
    private static double score(float score) {
        return Double.parseDouble(Float.toString(score));
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.BatchGetItemInput;
import io.millrace.api.dynamodb.BatchGetItemOutput;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.KeysAndAttributes;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `BatchGetItem`: up to 100 items of any tables, from one snapshot. What would make the answer
/// larger than 16 MB, or is beyond a table's capacity, is handed back as unprocessed.
///
/// Errors: `ProvisionedThroughputExceededException` and `ThrottlingException` when nothing could be
/// read, `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
final class BatchGetItem implements Operation<BatchGetItemInput, BatchGetItemOutput> {
    private final MeteredStore store;

    /// What is asked of one table.
    ///
    /// @param tableText as the request names it
    private record Asked(
            String tableText,
            TableName table,
            List<Map<String, AttributeValue>> keys,
            @Nullable ProjectionExpression projection,
            KeysAndAttributes request) {

        boolean consistent() {
            return Boolean.TRUE.equals(request.consistentRead());
        }
    }

    /// Collects one answer; not thread-safe.
    private static final class Answer {
        final Map<String, List<Map<String, AttributeValue>>> responses = new LinkedHashMap<>();
        final Map<String, KeysAndAttributes> unprocessed = new LinkedHashMap<>();
        final List<ConsumedCapacity> consumed = new ArrayList<>();
        long bytes;
        int processedCount;
        @Nullable ServiceException throttled;
    }

    BatchGetItem(MeteredStore store) {
        this.store = store;
    }

    @Override
    public BatchGetItemOutput handle(Caller caller, BatchGetItemInput request) {
        List<Asked> all = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, KeysAndAttributes> entry : request.requestItems().entrySet()) {
            Asked asked = asked(caller, entry.getKey(), entry.getValue());
            count += asked.keys().size();
            if (count > DynamoDbLimits.BATCH_GET_KEYS_MAX) {
                throw DynamoDbErrors.validation(
                        "Too many items requested for the BatchGetItem call");
            }
            all.add(asked);
        }
        return store.read((tx, meter) -> {
            all.forEach(asked -> Tables.open(tx, asked.table())); // before any key is looked at
            Answer answer = new Answer();
            for (Asked asked : all) {
                get(tx, meter, asked, request.returnConsumedCapacity(), answer);
            }
            if (answer.throttled != null && answer.processedCount == 0) {
                throw answer.throttled;
            }
            return new BatchGetItemOutput(
                    answer.responses,
                    answer.unprocessed,
                    answer.consumed.isEmpty() ? null : answer.consumed);
        });
    }

    private static Asked asked(Caller caller, String tableText, KeysAndAttributes request) {
        TableName table = TableName.of(caller, tableText);
        ExpressionParameters parameters =
                new ExpressionParameters(request.expressionAttributeNames(), null)
                        .expression(ExpressionKind.PROJECTION, request.projectionExpression())
                        .legacy("AttributesToGet", request.attributesToGet());
        parameters.check();
        AttributesToGet.check(request.attributesToGet());
        ProjectionExpression projection =
                Expressions.projection(
                        request.projectionExpression(), request.attributesToGet(), parameters);
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        request.keys().forEach(key -> keys.add(ItemRules.normal(key)));
        if (new HashSet<>(keys).size() < keys.size()) {
            throw DynamoDbErrors.duplicateKeys();
        }
        return new Asked(tableText, table, keys, projection, request);
    }

    private static void get(
            Snapshot tx, Meter meter, Asked asked, @Nullable String capacityMode, Answer answer) {
        Table table = Tables.open(tx, asked.table());
        List<byte[]> storeKeys = new ArrayList<>();
        asked.keys().forEach(key -> storeKeys.add(ItemKeys.ofKey(table, key)));
        GetItem.checkPaths(table, asked.projection());
        Consumption consumption = meter.reads(table, Consumption.Kind.PLAIN);
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        List<Map<String, AttributeValue>> left = new ArrayList<>();
        for (int i = 0; i < storeKeys.size(); i++) {
            if (left.isEmpty() && !allowed(consumption, asked.keys().get(i), answer)) {
                left.add(asked.request().keys().get(i));
                continue;
            }
            StoredItem item =
                    left.isEmpty() && answer.bytes <= DynamoDbLimits.BATCH_GET_BYTES_MAX
                            ? StoredItem.readOrNull(tx.get(storeKeys.get(i)))
                            : null;
            int bytes = item == null ? 0 : item.sizeBytes();
            if (!left.isEmpty() || answer.bytes + bytes > DynamoDbLimits.BATCH_GET_BYTES_MAX) {
                if (left.isEmpty()) {
                    answer.bytes = Long.MAX_VALUE / 2; // nothing more in this answer
                }
                left.add(asked.request().keys().get(i));
                continue;
            }
            answer.bytes += bytes;
            answer.processedCount++;
            consumption.add(null, Consumption.readUnits(bytes, asked.consistent()));
            if (item != null) {
                items.add(GetItem.project(item, asked.projection()));
            }
        }
        answer.responses.put(asked.tableText(), items);
        if (!left.isEmpty()) {
            answer.unprocessed.put(
                    asked.tableText(), asked.request().toBuilder().keys(left).build());
        }
        ConsumedCapacity told = consumption.tell(capacityMode);
        if (told != null) {
            answer.consumed.add(told);
        }
    }

    private static boolean allowed(
            Consumption consumption, Map<String, AttributeValue> key, Answer answer) {
        try {
            consumption.accessed(null, key);
            consumption.check(null);
            return true;
        } catch (ServiceException e) {
            answer.throttled = e;
            return false;
        }
    }
}

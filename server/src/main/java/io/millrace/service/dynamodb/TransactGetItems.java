package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.Get;
import io.millrace.api.dynamodb.ItemResponse;
import io.millrace.api.dynamodb.TransactGetItem;
import io.millrace.api.dynamodb.TransactGetItemsInput;
import io.millrace.api.dynamodb.TransactGetItemsOutput;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.expression.ExpressionKind;
import io.millrace.service.dynamodb.expression.ExpressionParameters;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `TransactGetItems`: up to 100 items as they are at one moment.
///
/// Errors: `ResourceNotFoundException`, `TransactionCanceledException`, `ValidationException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html).
final class TransactGetItems implements Operation<TransactGetItemsInput, TransactGetItemsOutput> {
    private final MeteredStore store;

    private record Asked(
            TableName table,
            Map<String, AttributeValue> key,
            @Nullable ProjectionExpression projection) {}

    TransactGetItems(MeteredStore store) {
        this.store = store;
    }

    @Override
    public TransactGetItemsOutput handle(Caller caller, TransactGetItemsInput request) {
        List<Asked> all = new ArrayList<>();
        for (TransactGetItem item : request.transactItems()) {
            all.add(asked(caller, item.get()));
        }
        return store.read((tx, meter) -> get(tx, meter, all, request.returnConsumedCapacity()));
    }

    private static Asked asked(Caller caller, Get get) {
        TableName table = TableName.of(caller.calling("GetItem"), get.tableName());
        ExpressionParameters parameters =
                new ExpressionParameters(get.expressionAttributeNames(), null)
                        .expression(ExpressionKind.PROJECTION, get.projectionExpression());
        parameters.check();
        ProjectionExpression projection =
                Expressions.projection(get.projectionExpression(), null, parameters);
        return new Asked(table, ItemRules.normal(get.key()), projection);
    }

    private static TransactGetItemsOutput get(
            Snapshot tx, Meter meter, List<Asked> all, @Nullable String capacityMode) {
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        List<byte[]> keys = new ArrayList<>();
        List<CancellationReason> reasons = new ArrayList<>();
        Set<ByteBuffer> distinct = new HashSet<>();
        for (Asked asked : all) {
            Table table = Tables.open(tx, asked.table());
            Consumption used =
                    consumptions.computeIfAbsent(
                            table.arn(), _ -> meter.reads(table, Consumption.Kind.TRANSACT_READ));
            try {
                byte[] key = ItemKeys.ofKey(table, asked.key());
                GetItem.checkPaths(table, asked.projection());
                if (!distinct.add(ByteBuffer.wrap(key))) {
                    throw TransactWriteItems.sameItemTwice();
                }
                used.accessed(null, asked.key());
                used.check(null);
                keys.add(key);
                reasons.add(TransactWriteItems.NO_REASON);
            } catch (ServiceException e) {
                if (TransactWriteItems.isWhole(e)) {
                    throw e;
                }
                reasons.add(TransactWriteItems.reason(e));
            }
        }
        if (keys.size() < all.size()) {
            throw DynamoDbErrors.transactionCancelled(reasons);
        }
        List<ItemResponse> responses = new ArrayList<>();
        long allBytes = 0;
        for (int i = 0; i < keys.size(); i++) {
            Asked asked = all.get(i);
            StoredItem item = StoredItem.readOrNull(tx.get(keys.get(i)));
            Consumption consumption = consumptions.get(asked.table().arn().toString());
            int bytes = item == null ? 0 : item.sizeBytes();
            allBytes += bytes;
            if (allBytes > DynamoDbLimits.TRANSACT_BYTES_MAX) {
                throw DynamoDbErrors.transactionTooLarge();
            }
            if (consumption != null) {
                consumption.add(null, Consumption.readUnits(bytes, true));
            }
            responses.add(
                    new ItemResponse(
                            item == null ? null : GetItem.project(item, asked.projection())));
        }
        return new TransactGetItemsOutput(told(consumptions, capacityMode), responses);
    }

    static @Nullable List<ConsumedCapacity> told(
            Map<String, Consumption> consumptions, @Nullable String mode) {
        List<ConsumedCapacity> told = new ArrayList<>();
        for (Consumption consumption : consumptions.values()) {
            ConsumedCapacity capacity = consumption.tell(mode);
            if (capacity != null) {
                told.add(capacity);
            }
        }
        return told.isEmpty() ? null : told;
    }
}

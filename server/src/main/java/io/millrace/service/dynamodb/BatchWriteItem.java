package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.BatchWriteItemInput;
import io.millrace.api.dynamodb.BatchWriteItemOutput;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.DeleteRequest;
import io.millrace.api.dynamodb.ItemCollectionMetrics;
import io.millrace.api.dynamodb.PutRequest;
import io.millrace.api.dynamodb.WriteRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemWrite.Delete;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.ItemWrite.Put;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `BatchWriteItem`: puts and deletes up to 25 items of any tables, in one transaction; so nothing
/// is ever left unprocessed.
///
/// Durable when it returns. Errors: `ResourceNotFoundException`, `ValidationException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
final class BatchWriteItem implements Operation<BatchWriteItemInput, BatchWriteItemOutput> {
    private final Store store;
    private final InstantSource clock;

    BatchWriteItem(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public BatchWriteItemOutput handle(Caller caller, BatchWriteItemInput request) {
        Map<String, List<ItemWrite>> writes = writes(caller, request);
        long now = clock.millis();
        return store.write(tx -> write(tx, writes, request, now));
    }

    private static Map<String, List<ItemWrite>> writes(Caller caller, BatchWriteItemInput request) {
        Map<String, List<ItemWrite>> writes = new LinkedHashMap<>();
        int count = 0;
        for (Map.Entry<String, List<WriteRequest>> entry : request.requestItems().entrySet()) {
            TableName table = TableName.of(caller, entry.getKey());
            count += entry.getValue().size();
            if (count > DynamoDbLimits.BATCH_WRITE_ITEMS_MAX) {
                throw DynamoDbErrors.validation(
                        "Too many items requested for the BatchWriteItem call");
            }
            List<ItemWrite> ofTable = new ArrayList<>();
            for (WriteRequest each : entry.getValue()) {
                ofTable.add(new ItemWrite(table, action(each), null, false));
            }
            writes.put(entry.getKey(), ofTable);
        }
        return writes;
    }

    private static ItemWrite.Action action(WriteRequest request) {
        PutRequest put = request.putRequest();
        DeleteRequest delete = request.deleteRequest();
        if (put != null && delete == null) {
            Put action = ItemWrite.put(put.item());
            if (action.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
                throw DynamoDbErrors.itemTooLarge();
            }
            return action;
        }
        if (delete != null && put == null) {
            return new Delete(ItemRules.normal(delete.key()));
        }
        throw DynamoDbErrors.validation( // of requests AWS says the same as of values
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one"
                        + " of the supported datatypes");
    }

    private static BatchWriteItemOutput write(
            Transaction tx,
            Map<String, List<ItemWrite>> writes,
            BatchWriteItemInput request,
            long now) {
        ItemChanges changes = new ItemChanges(tx, now);
        List<ConsumedCapacity> consumed = new ArrayList<>();
        Map<String, List<ItemCollectionMetrics>> metrics = new LinkedHashMap<>();
        Set<ByteBuffer> distinct = new HashSet<>();
        for (Map.Entry<String, List<ItemWrite>> entry : writes.entrySet()) {
            Table table = Tables.open(tx, entry.getValue().getFirst().table());
            Consumption consumption = new Consumption(table, Consumption.Kind.PLAIN);
            List<ItemCollectionMetrics> collections = new ArrayList<>();
            for (ItemWrite write : entry.getValue()) {
                if (!distinct.add(ByteBuffer.wrap(write.key(table)))) {
                    throw DynamoDbErrors.duplicateKeys();
                }
                Outcome outcome = write.apply(changes, table, consumption);
                ItemCollectionMetrics collection =
                        ItemCollections.tell(request.returnItemCollectionMetrics(), outcome);
                if (collection != null) {
                    collections.add(collection);
                }
            }
            ConsumedCapacity told = consumption.tell(request.returnConsumedCapacity());
            if (told != null) {
                consumed.add(told);
            }
            if (!collections.isEmpty()) {
                metrics.put(entry.getKey(), collections);
            }
        }
        return new BatchWriteItemOutput(
                Map.of(), metrics.isEmpty() ? null : metrics, consumed.isEmpty() ? null : consumed);
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.BatchWriteItemInput;
import io.millrace.api.dynamodb.BatchWriteItemOutput;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.DeleteRequest;
import io.millrace.api.dynamodb.ItemCollectionMetrics;
import io.millrace.api.dynamodb.PutRequest;
import io.millrace.api.dynamodb.WriteRequest;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemWrite.Delete;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.ItemWrite.Put;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `BatchWriteItem`: puts and deletes up to 25 items of any tables, in one transaction. Only what
/// is beyond a table's capacity is left unprocessed.
///
/// Durable when it returns. Errors: `ProvisionedThroughputExceededException` and
/// `ThrottlingException` when nothing could be written, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
final class BatchWriteItem implements Operation<BatchWriteItemInput, BatchWriteItemOutput> {
    private final MeteredStore store;
    private final InstantSource clock;

    BatchWriteItem(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public BatchWriteItemOutput handle(Caller caller, BatchWriteItemInput request) {
        Map<String, List<ItemWrite>> writes = writes(caller, request);
        Batch batch = new Batch(writes, request, new TreeSet<>());
        long now = clock.millis();
        while (true) { // each run leaves one item less to write, until none is left
            try {
                return store.write((tx, meter) -> write(tx, meter, batch, now));
            } catch (Throttled e) {
                batch.left().add(e.position);
                if (batch.left().size() == batch.size()) {
                    throw e.refusal;
                }
            }
        }
    }

    /// @param left the positions of the items that are beyond the capacity
    private record Batch(
            Map<String, List<ItemWrite>> writes, BatchWriteItemInput request, Set<Integer> left) {

        int size() {
            return writes.values().stream().mapToInt(List::size).sum();
        }

        Map<String, List<WriteRequest>> unprocessed() {
            Map<String, List<WriteRequest>> unprocessed = new LinkedHashMap<>();
            int position = 0;
            for (Map.Entry<String, List<WriteRequest>> entry : request.requestItems().entrySet()) {
                for (WriteRequest each : entry.getValue()) {
                    if (left.contains(position++)) {
                        unprocessed
                                .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                                .add(each);
                    }
                }
            }
            return unprocessed;
        }
    }

    /// The item at this position is beyond the capacity; what the transaction did is undone.
    private static final class Throttled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int position;
        private final transient ServiceException refusal;

        Throttled(int position, ServiceException refusal) {
            super(null, null, false, false);
            this.position = position;
            this.refusal = refusal;
        }
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

    /// Null for what is left.
    private static @Nullable Outcome apply(
            ItemWrite write,
            ItemChanges changes,
            Consumption consumption,
            Batch batch,
            int position) {
        if (batch.left().contains(position)) {
            return null;
        }
        try {
            return write.apply(changes, consumption.table(), consumption);
        } catch (ServiceException e) {
            throw DynamoDbErrors.isThrottling(e) ? new Throttled(position, e) : e;
        }
    }

    private static BatchWriteItemOutput write(Transaction tx, Meter meter, Batch batch, long now) {
        BatchWriteItemInput request = batch.request();
        for (List<ItemWrite> ofTable : batch.writes().values()) {
            Tables.open(tx, ofTable.getFirst().table()); // before any key is looked at
        }
        int position = 0;
        ItemChanges changes = new ItemChanges(tx, now);
        List<ConsumedCapacity> consumed = new ArrayList<>();
        Map<String, List<ItemCollectionMetrics>> metrics = new LinkedHashMap<>();
        Set<ByteBuffer> distinct = new HashSet<>();
        for (Map.Entry<String, List<ItemWrite>> entry : batch.writes().entrySet()) {
            Table table = Tables.open(tx, entry.getValue().getFirst().table());
            Consumption consumption = meter.writes(table, Consumption.Kind.PLAIN);
            List<ItemCollectionMetrics> collections = new ArrayList<>();
            for (ItemWrite write : entry.getValue()) {
                if (!distinct.add(ByteBuffer.wrap(write.key(table)))) {
                    throw DynamoDbErrors.duplicateKeys();
                }
                Outcome outcome = apply(write, changes, consumption, batch, position++);
                if (outcome == null) {
                    continue;
                }
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
                batch.unprocessed(),
                metrics.isEmpty() ? null : metrics,
                consumed.isEmpty() ? null : consumed);
    }
}

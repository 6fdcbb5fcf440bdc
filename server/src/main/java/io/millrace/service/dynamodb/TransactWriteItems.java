package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.ConditionalCheckFailedException;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.api.dynamodb.ItemCollectionMetrics;
import io.millrace.api.dynamodb.TransactWriteItemsInput;
import io.millrace.api.dynamodb.TransactWriteItemsOutput;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
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

/// `TransactWriteItems`: up to 100 writes and checks, all of them or none.
///
/// Durable when it returns. Errors: `IdempotentParameterMismatchException`,
/// `ResourceNotFoundException`, `TransactionCanceledException`, `ValidationException`. A
/// transaction never conflicts with another: it is run again instead. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
final class TransactWriteItems
        implements Operation<TransactWriteItemsInput, TransactWriteItemsOutput> {
    static final CancellationReason NO_REASON = new CancellationReason(null, "None", null);

    private final MeteredStore store;
    private final InstantSource clock;

    TransactWriteItems(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public TransactWriteItemsOutput handle(Caller caller, TransactWriteItemsInput request) {
        List<ItemWrite> writes = new ArrayList<>();
        request.transactItems().forEach(item -> writes.add(TransactItems.write(caller, item)));
        if (writes.stream().mapToLong(ItemWrite::requestBytes).sum()
                > DynamoDbLimits.TRANSACT_BYTES_MAX) {
            throw DynamoDbErrors.transactionTooLarge();
        }
        long now = clock.millis();
        String token = request.clientRequestToken();
        TransactToken use = token == null ? null : TransactToken.of(request, now);
        return store.write((tx, meter) -> {
            boolean first = token == null || use == null || use.use(tx, caller, token);
            return write(tx, meter, writes, request, new Run(now, !first));
        });
    }

    /// @param repeated whether the request's token has been used by it before
    private record Run(long nowMillis, boolean repeated) {}

    private static TransactWriteItemsOutput write(
            Transaction tx,
            Meter meter,
            List<ItemWrite> writes,
            TransactWriteItemsInput request,
            Run run) {
        Map<TableName, Table> tables = tables(tx, writes);
        checkDistinct(writes, tables);
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        Map<String, List<ItemCollectionMetrics>> metrics = new LinkedHashMap<>();
        List<CancellationReason> reasons = new ArrayList<>();
        ItemChanges changes = new ItemChanges(tx, run.nowMillis());
        boolean cancelled = false;
        for (ItemWrite write : writes) {
            Table table = table(tables, write);
            Consumption consumption =
                    consumptions.computeIfAbsent(
                            table.arn(),
                            _ ->
                                    run.repeated()
                                            ? meter.reads(table, Consumption.Kind.TRANSACT_READ)
                                            : meter.writes(table, Consumption.Kind.TRANSACT_WRITE));
            if (run.repeated()) {
                StoredItem item = changes.get(write.key(table));
                int bytes = item == null ? 0 : item.sizeBytes();
                consumption.add(null, Consumption.readUnits(bytes, true));
                continue;
            }
            try {
                Outcome outcome = write.apply(changes, table, consumption);
                reasons.add(NO_REASON);
                ItemCollectionMetrics collection =
                        ItemCollections.tell(request.returnItemCollectionMetrics(), outcome);
                if (collection != null) {
                    metrics.computeIfAbsent(table.name(), _ -> new ArrayList<>()).add(collection);
                }
            } catch (ServiceException e) {
                reasons.add(reason(e));
                cancelled = true;
            }
        }
        if (cancelled) {
            throw DynamoDbErrors.transactionCancelled(reasons);
        }
        return new TransactWriteItemsOutput(
                TransactGetItems.told(consumptions, request.returnConsumedCapacity()),
                metrics.isEmpty() ? null : metrics);
    }

    private static Map<TableName, Table> tables(Transaction tx, List<ItemWrite> writes) {
        Map<TableName, Table> tables = new LinkedHashMap<>();
        for (ItemWrite write : writes) {
            if (!tables.containsKey(write.table())) {
                tables.put(write.table(), Tables.open(tx, write.table()));
            }
        }
        return tables;
    }

    private static Table table(Map<TableName, Table> tables, ItemWrite write) {
        Table table = tables.get(write.table());
        if (table == null) {
            throw new IllegalStateException("not opened: " + write.table());
        }
        return table;
    }

    private static void checkDistinct(List<ItemWrite> writes, Map<TableName, Table> tables) {
        Set<ByteBuffer> distinct = new HashSet<>();
        for (ItemWrite write : writes) {
            byte @Nullable [] key = keyOrNull(write, table(tables, write));
            if (key != null && !distinct.add(ByteBuffer.wrap(key))) {
                throw sameItemTwice();
            }
        }
    }

    /// Null for a key that does not fit the table, which is a reason to cancel, found later.
    private static byte @Nullable [] keyOrNull(ItemWrite write, Table table) {
        try {
            return write.key(table);
        } catch (ServiceException _) {
            return null;
        }
    }

    static ServiceException sameItemTwice() {
        return DynamoDbErrors.validation(
                "Transaction request cannot include multiple operations on one item");
    }

    /// Whether the error is the whole request's, rather than a reason of one item.
    static boolean isWhole(ServiceException e) {
        return e.message().startsWith("Transaction request");
    }

    static CancellationReason reason(ServiceException e) {
        if (e.error().equals(Errors.CONDITIONAL_CHECK_FAILED_EXCEPTION)) {
            return new CancellationReason(
                    e.details() instanceof ConditionalCheckFailedException failed
                            ? failed.item()
                            : null,
                    "ConditionalCheckFailed",
                    e.message());
        }
        if (e.error().equals(Errors.PROVISIONED_THROUGHPUT_EXCEEDED_EXCEPTION)) {
            return new CancellationReason(null, "ProvisionedThroughputExceeded", e.message());
        }
        if (e.error().equals(Errors.THROTTLING_EXCEPTION)) {
            return new CancellationReason(null, "ThrottlingError", e.message());
        }
        return new CancellationReason(null, "ValidationError", e.message());
    }
}

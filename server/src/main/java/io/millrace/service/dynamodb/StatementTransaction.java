package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.DynamodbApi.Errors;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The statements of one transaction with their tables: what they read or write, and what that
/// costs. One per run of a transaction's body; not thread-safe.
///
/// AWS refuses a statement that no table could make right with a `ValidationException`; tables that
/// are not there, and keys that do not fit theirs, cancel the transaction.
final class StatementTransaction {
    private final Meter meter;
    private final boolean writes;
    private final Map<String, Consumption> consumptions = new LinkedHashMap<>();
    private long readBytes;

    /// A statement as the request has it.
    record Asked(TableName table, Statement statement, boolean tellsItem) {}

    /// @param key the store key of its item
    /// @param changes null for a query
    record Prepared(Asked asked, Table table, byte[] key, @Nullable StatementWrite changes) {

        StatementWrite write() {
            if (changes == null) {
                throw new IllegalStateException("a query among writes");
            }
            return changes;
        }
    }

    /// @param writes whether it is charged for writes
    StatementTransaction(Meter meter, boolean writes) {
        this.meter = meter;
        this.writes = writes;
    }

    /// @throws ServiceException `TransactionCanceledException`, `ValidationException`
    List<Prepared> prepare(Snapshot tx, List<Asked> all) {
        List<Prepared> prepared = new ArrayList<>();
        List<CancellationReason> reasons = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            try {
                Table table = Tables.open(tx, all.get(i).table());
                prepared.add(prepare(table, all.get(i), i));
                reasons.add(TransactWriteItems.NO_REASON);
            } catch (ServiceException e) {
                if (StatementErrors.isWhole(e)) {
                    throw e;
                }
                reasons.add(reason(e));
            }
        }
        checkReasons(reasons);
        checkDistinct(prepared);
        checkSize(prepared);
        return prepared;
    }

    private static void checkSize(List<Prepared> all) {
        long bytes = 0;
        for (Prepared prepared : all) {
            bytes += prepared.changes() == null ? 0 : prepared.changes().write().requestBytes();
        }
        if (bytes > DynamoDbLimits.TRANSACT_BYTES_MAX) {
            throw DynamoDbErrors.transactionTooLarge();
        }
    }

    private static Prepared prepare(Table table, Asked asked, int index) {
        try {
            if (asked.statement() instanceof Statement.Select select) {
                return new Prepared(asked, table, singleKey(table, select), null);
            }
            if (returning(asked.statement()) != null) {
                throw DynamoDbErrors.validation(
                        "RETURNING clause is not supported in ExecuteTransaction.");
            }
        } catch (ServiceException e) {
            if (e.message().startsWith(StatementErrors.KEY_TYPE)) {
                throw DynamoDbErrors.keyMismatch();
            }
            throw StatementErrors.inTransaction(index, e);
        }
        StatementWrite write = write(table, asked, index);
        return new Prepared(asked, table, write.write().key(table), write);
    }

    private static byte[] singleKey(Table table, Statement.Select select) {
        if (select.source().index() != null) {
            throw DynamoDbErrors.validation(
                    "Reads on indices are not supported within transactions.");
        }
        byte[] key = ReadPlan.of(table, null, select.where(), select.order()).singleKey();
        if (key == null) {
            throw StatementErrors.noSingleItem("ExecuteTransaction");
        }
        return key;
    }

    private static @Nullable Returning returning(Statement statement) {
        return switch (statement) {
            case Statement.Update(_, _, _, Returning returning) -> returning;
            case Statement.Delete(_, _, Returning returning) -> returning;
            case Statement.Insert _, Statement.Exists _, Statement.Select _ -> null;
        };
    }

    private static StatementWrite write(Table table, Asked asked, int index) {
        try {
            return StatementWrite.of(table, asked.table(), asked.statement(), asked.tellsItem());
        } catch (ServiceException e) {
            if (asked.statement() instanceof Statement.Exists) {
                throw StatementErrors.inTransaction(index, e);
            }
            boolean key =
                    e.message().equals(StatementErrors.INCOMPLETE_KEY)
                            || e.message().startsWith(StatementErrors.KEY_TYPE);
            throw key ? DynamoDbErrors.keyMismatch() : e;
        }
    }

    private static void checkDistinct(List<Prepared> all) {
        Set<ByteBuffer> distinct = new HashSet<>();
        for (Prepared prepared : all) {
            if (!distinct.add(ByteBuffer.wrap(prepared.key()))) {
                throw TransactWriteItems.sameItemTwice();
            }
        }
    }

    Consumption consumption(Prepared prepared) {
        return consumptions.computeIfAbsent(
                prepared.table().arn(),
                _ ->
                        writes
                                ? meter.writes(prepared.table(), Consumption.Kind.TRANSACT_WRITE)
                                : meter.reads(prepared.table(), Consumption.Kind.TRANSACT_READ));
    }

    /// Reads a statement's item.
    ///
    /// @throws ServiceException `TransactionCanceledException` when that is beyond the capacity
    @Nullable StoredItem read(Snapshot tx, Prepared prepared) {
        Consumption consumption = consumption(prepared);
        try {
            consumption.check(null);
        } catch (ServiceException e) {
            throw DynamoDbErrors.transactionCancelled(List.of(reason(e)));
        }
        StoredItem item = StoredItem.readOrNull(tx.get(prepared.key()));
        int bytes = item == null ? 0 : item.sizeBytes();
        readBytes += prepared.changes() == null ? bytes : 0;
        if (readBytes > DynamoDbLimits.TRANSACT_BYTES_MAX) {
            throw DynamoDbErrors.transactionTooLarge();
        }
        consumption.add(null, Consumption.readUnits(bytes, true));
        return item;
    }

    @Nullable List<ConsumedCapacity> told(@Nullable String mode) {
        return TransactGetItems.told(consumptions, mode);
    }

    static CancellationReason reason(ServiceException e) {
        boolean known =
                e.error().equals(Errors.RESOURCE_NOT_FOUND_EXCEPTION)
                        || e.error().equals(Errors.DUPLICATE_ITEM_EXCEPTION);
        return known
                ? new CancellationReason(null, BatchExecuteStatement.code(e), e.message())
                : TransactWriteItems.reason(e);
    }

    /// @throws ServiceException `TransactionCanceledException` when there is a reason to cancel
    static void checkReasons(List<CancellationReason> reasons) {
        for (CancellationReason reason : reasons) {
            if (!"None".equals(reason.code())) {
                throw DynamoDbErrors.transactionCancelled(reasons);
            }
        }
    }
}

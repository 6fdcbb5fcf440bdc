package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.ExecuteTransactionInput;
import io.millrace.api.dynamodb.ExecuteTransactionOutput;
import io.millrace.api.dynamodb.ItemResponse;
import io.millrace.api.dynamodb.ParameterizedStatement;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.StatementTransaction.Asked;
import io.millrace.service.dynamodb.StatementTransaction.Prepared;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `ExecuteTransaction`: up to 100 statements of PartiQL, all of which read an item as it is at one
/// moment, or all of which write or check one, all or none.
///
/// Durable when it returns. Errors: `IdempotentParameterMismatchException`,
/// `TransactionCanceledException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html).
final class ExecuteTransaction
        implements Operation<ExecuteTransactionInput, ExecuteTransactionOutput> {
    private static final String NAME = "ExecuteTransaction";

    private final MeteredStore store;
    private final InstantSource clock;

    ExecuteTransaction(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public ExecuteTransactionOutput handle(Caller caller, ExecuteTransactionInput request) {
        List<Asked> all = asked(caller, request.transactStatements());
        long readCount = all.stream().filter(asked -> asked.statement().isRead()).count();
        if (readCount > 0 && readCount < all.size()) {
            throw StatementErrors.readsAndWrites(NAME);
        }
        if (readCount > 0) {
            return store.read(
                    (tx, meter) -> read(tx, new StatementTransaction(meter, false), all, request));
        }
        long now = clock.millis();
        String token = request.clientRequestToken();
        TransactToken use = token == null ? null : TransactToken.of(request, now);
        return store.write((tx, meter) -> {
            boolean first = token == null || use == null || use.use(tx, caller, token);
            StatementTransaction transaction = new StatementTransaction(meter, first);
            return first
                    ? write(new ItemChanges(tx, now), transaction, all, request)
                    : read(tx, transaction, all, request);
        });
    }

    private static List<Asked> asked(Caller caller, List<ParameterizedStatement> statements) {
        statements.forEach(statement -> Statement.checkParameters(statement.parameters()));
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < statements.size(); i++) {
            ParameterizedStatement asked = statements.get(i);
            try {
                Statement statement = Statement.of(asked.statement(), asked.parameters());
                all.add(
                        new Asked(
                                TableName.of(caller, statement),
                                statement,
                                "ALL_OLD".equals(asked.returnValuesOnConditionCheckFailure())));
            } catch (ServiceException e) {
                throw StatementErrors.inTransaction(i, e);
            }
        }
        return all;
    }

    /// Reads all items. A write that has been done before, with the same token, does no more.
    private static ExecuteTransactionOutput read(
            Snapshot tx,
            StatementTransaction transaction,
            List<Asked> all,
            ExecuteTransactionInput request) {
        List<ItemResponse> responses = new ArrayList<>();
        for (Prepared prepared : transaction.prepare(tx, all)) {
            StoredItem item = transaction.read(tx, prepared);
            responses.add(
                    new ItemResponse(
                            item != null
                                            && prepared.asked().statement()
                                                    instanceof Statement.Select select
                                    ? GetItem.project(item, select.projection())
                                    : null));
        }
        return new ExecuteTransactionOutput(
                responses, transaction.told(request.returnConsumedCapacity()));
    }

    private static ExecuteTransactionOutput write(
            ItemChanges changes,
            StatementTransaction transaction,
            List<Asked> all,
            ExecuteTransactionInput request) {
        List<CancellationReason> reasons = new ArrayList<>();
        List<ItemResponse> responses = new ArrayList<>();
        for (Prepared prepared : transaction.prepare(changes.transaction(), all)) {
            responses.add(new ItemResponse(null));
            try {
                prepared.write()
                        .apply(changes, prepared.table(), transaction.consumption(prepared));
                reasons.add(TransactWriteItems.NO_REASON);
            } catch (ServiceException e) {
                reasons.add(StatementTransaction.reason(e));
            }
        }
        StatementTransaction.checkReasons(reasons);
        return new ExecuteTransactionOutput(
                responses, transaction.told(request.returnConsumedCapacity()));
    }
}

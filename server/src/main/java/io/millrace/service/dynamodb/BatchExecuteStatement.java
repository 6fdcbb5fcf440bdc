package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.BatchExecuteStatementInput;
import io.millrace.api.dynamodb.BatchExecuteStatementOutput;
import io.millrace.api.dynamodb.BatchStatementError;
import io.millrace.api.dynamodb.BatchStatementRequest;
import io.millrace.api.dynamodb.BatchStatementResponse;
import io.millrace.api.dynamodb.ConditionalCheckFailedException;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// `BatchExecuteStatement`: up to 25 statements of PartiQL, all of which read one item or all of
/// which write one. Each has an answer or an error of its own. The writes that succeed are one
/// transaction, the reads one snapshot.
///
/// Durable when it returns. Errors: `ValidationException`, for a batch that reads and writes.
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html).
final class BatchExecuteStatement
        implements Operation<BatchExecuteStatementInput, BatchExecuteStatementOutput> {
    private static final String NAME = "BatchExecuteStatement";

    private final MeteredStore store;
    private final InstantSource clock;

    /// One statement, or why it is none.
    private record Asked(
            BatchStatementRequest request,
            @Nullable TableName table,
            @Nullable Statement statement,
            @Nullable ServiceException error) {

        boolean consistent() {
            return Boolean.TRUE.equals(request.consistentRead());
        }

        boolean tellsItem() {
            return "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure());
        }
    }

    /// Does one statement, and answers its item.
    @FunctionalInterface
    private interface Work {
        @Nullable Map<String, AttributeValue> run(
                Table table, Asked asked, Consumption consumption);
    }

    /// What the statements of one run do, and what it costs.
    private record Run(Work work, Function<Table, Consumption> meter) {}

    /// The statement at this position is beyond the capacity; what the transaction did is undone.
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

    BatchExecuteStatement(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public BatchExecuteStatementOutput handle(Caller caller, BatchExecuteStatementInput request) {
        List<Asked> all = new ArrayList<>();
        request.statements().forEach(statement -> all.add(asked(caller, statement)));
        boolean reads = false;
        boolean writes = false;
        for (Asked asked : all) {
            reads |= asked.statement() != null && asked.statement().isRead();
            writes |= asked.statement() != null && !asked.statement().isRead();
        }
        if (reads && writes) {
            throw StatementErrors.readsAndWrites(NAME);
        }
        String mode = request.returnConsumedCapacity();
        if (!writes) {
            return store.read((tx, meter) -> {
                Run run = new Run(reader(tx), table -> meter.reads(table, Consumption.Kind.PLAIN));
                return answer(tx, all, mode, run);
            });
        }
        return write(all, mode);
    }

    private BatchExecuteStatementOutput write(List<Asked> all, @Nullable String mode) {
        List<Asked> left = new ArrayList<>(all);
        long now = clock.millis();
        while (true) { // each run leaves one statement less to do, until none is left
            try {
                return store.write((tx, meter) -> {
                    Run run =
                            new Run(
                                    writer(new ItemChanges(tx, now)),
                                    table -> meter.writes(table, Consumption.Kind.PLAIN));
                    return answer(tx, left, mode, run);
                });
            } catch (Throttled e) {
                Asked asked = left.get(e.position);
                left.set(e.position, new Asked(asked.request(), null, null, e.refusal));
            }
        }
    }

    private static Asked asked(Caller caller, BatchStatementRequest request) {
        try {
            Statement statement = Statement.of(request.statement(), request.parameters());
            TableName table = TableName.of(caller, statement);
            return statement instanceof Statement.Exists
                    ? new Asked(request, null, null, StatementErrors.onlyInTransactions())
                    : new Asked(request, table, statement, null);
        } catch (ServiceException e) {
            return new Asked(request, null, null, e);
        }
    }

    private static Work reader(Snapshot tx) {
        return (table, asked, consumption) -> {
            if (!(asked.statement() instanceof Statement.Select select)) {
                throw new IllegalStateException("a write among reads");
            }
            if (select.source().index() != null) {
                throw StatementErrors.noSingleItem(NAME);
            }
            byte[] key = ReadPlan.of(table, null, select.where(), select.order()).singleKey();
            if (key == null) {
                throw StatementErrors.noSingleItem(NAME);
            }
            consumption.check(null);
            StoredItem item = StoredItem.readOrNull(tx.get(key));
            int bytes = item == null ? 0 : item.sizeBytes();
            consumption.add(null, Consumption.readUnits(bytes, asked.consistent()));
            return item == null ? null : GetItem.project(item, select.projection());
        };
    }

    private static Work writer(ItemChanges changes) {
        return (table, asked, consumption) -> {
            if (asked.table() == null || asked.statement() == null) {
                throw new IllegalStateException("no statement");
            }
            StatementWrite write =
                    StatementWrite.of(table, asked.table(), asked.statement(), asked.tellsItem());
            Outcome outcome = write.apply(changes, table, consumption);
            List<Map<String, AttributeValue>> returned = write.returned(outcome);
            return returned.isEmpty() ? null : returned.getFirst();
        };
    }

    private static BatchExecuteStatementOutput answer(
            Snapshot tx, List<Asked> all, @Nullable String mode, Run run) {
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        Map<String, Consumption> told = new LinkedHashMap<>();
        List<BatchStatementResponse> responses = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Asked asked = all.get(i);
            Table table = asked.table() == null ? null : Tables.find(tx, asked.table());
            if (table == null) {
                responses.add(
                        refusal(
                                asked.error() == null ? DynamoDbErrors.notFound() : asked.error(),
                                null));
                continue;
            }
            Consumption consumption =
                    consumptions.computeIfAbsent(table.arn(), _ -> run.meter().apply(table));
            BatchStatementResponse response = answer(table, asked, i, run.work(), consumption);
            if (response.error() == null) {
                told.put(table.arn(), consumption);
            }
            responses.add(response);
        }
        return new BatchExecuteStatementOutput(responses, TransactGetItems.told(told, mode));
    }

    private static BatchStatementResponse answer(
            Table table, Asked asked, int position, Work work, Consumption consumption) {
        try {
            return new BatchStatementResponse(
                    null, table.name(), work.run(table, asked, consumption));
        } catch (ServiceException e) {
            boolean undone = DynamoDbErrors.isThrottling(e) && !isRead(asked);
            if (undone) {
                throw new Throttled(position, e);
            }
            return refusal(e, table.name());
        }
    }

    private static boolean isRead(Asked asked) {
        return asked.statement() != null && asked.statement().isRead();
    }

    private static BatchStatementResponse refusal(ServiceException error, @Nullable String table) {
        Map<String, AttributeValue> item =
                error.details() instanceof ConditionalCheckFailedException failed
                        ? failed.item()
                        : null;
        return new BatchStatementResponse(
                new BatchStatementError(code(error), error.message(), item), table, null);
    }

    /// Batches have codes of their own for the errors of statements.
    static String code(ServiceException error) {
        String code = error.error().code();
        return switch (code) {
            case "ValidationException" -> "ValidationError";
            case "ThrottlingException" -> "ThrottlingError";
            default -> code.replaceFirst("Exception$", "");
        };
    }
}

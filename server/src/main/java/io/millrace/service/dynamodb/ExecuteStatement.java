package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ExecuteStatementInput;
import io.millrace.api.dynamodb.ExecuteStatementOutput;
import io.millrace.service.dynamodb.ItemWrite.Outcome;
import io.millrace.service.dynamodb.StatementRead.Rows;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `ExecuteStatement`: one statement of PartiQL.
///
/// Durable when it returns. Errors: `ConditionalCheckFailedException`, `DuplicateItemException`,
/// `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html).
final class ExecuteStatement implements Operation<ExecuteStatementInput, ExecuteStatementOutput> {
    private final MeteredStore store;
    private final InstantSource clock;

    ExecuteStatement(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public ExecuteStatementOutput handle(Caller caller, ExecuteStatementInput request) {
        Statement statement = Statement.of(request.statement(), request.parameters());
        TableName name = TableName.of(caller, statement);
        return switch (statement) {
            case Statement.Select select -> {
                StatementToken from = StatementToken.of(caller, request);
                Rows rows = select(name, select, from, request);
                StatementToken next = rows.next();
                yield new ExecuteStatementOutput(
                        rows.items(),
                        next == null ? null : next.text(caller, request),
                        rows.consumption().tell(request.returnConsumedCapacity()),
                        next == null ? null : next.lastKey());
            }
            case Statement.Exists _ -> throw StatementErrors.onlyInTransactions();
            case Statement.Insert _, Statement.Update _, Statement.Delete _ ->
                    write(name, statement, request);
        };
    }

    private Rows select(
            TableName name,
            Statement.Select select,
            StatementToken from,
            ExecuteStatementInput request) {
        boolean consistent = Boolean.TRUE.equals(request.consistentRead());
        return store.read((tx, meter) -> {
            Table table = Tables.open(tx, name);
            return StatementRead.of(table, select, consistent)
                    .page(tx, meter, from, request.limit());
        });
    }

    private ExecuteStatementOutput write(
            TableName name, Statement statement, ExecuteStatementInput request) {
        long now = clock.millis();
        boolean tellsItem = "ALL_OLD".equals(request.returnValuesOnConditionCheckFailure());
        return store.write((tx, meter) -> {
            Table table = Tables.open(tx, name);
            StatementWrite write = StatementWrite.of(table, name, statement, tellsItem);
            Consumption consumption = meter.writes(table, Consumption.Kind.PLAIN);
            Outcome outcome = write.apply(new ItemChanges(tx, now), table, consumption);
            return new ExecuteStatementOutput(
                    write.returned(outcome),
                    null,
                    consumption.tell(request.returnConsumedCapacity()),
                    null);
        });
    }
}

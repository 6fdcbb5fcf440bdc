package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeTableInput;
import io.millrace.api.dynamodb.DescribeTableOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `DescribeTable`: tells of a table; its counts are exact.
///
/// Errors: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html).
final class DescribeTable implements Operation<DescribeTableInput, DescribeTableOutput> {
    private final Store store;
    private final InstantSource clock;

    DescribeTable(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public DescribeTableOutput handle(Caller caller, DescribeTableInput request) {
        TableName name = TableName.of(caller, request.tableName());
        Instant now = clock.instant();
        return store.read(tx ->
                new DescribeTableOutput(TableDescriptions.active(tx, Tables.table(tx, name), now)));
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeTimeToLiveInput;
import io.millrace.api.dynamodb.DescribeTimeToLiveOutput;
import io.millrace.api.dynamodb.TimeToLiveDescription;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeTimeToLive`: whether items expire. They never do yet; `UpdateTimeToLive`, which would
/// make them, is not implemented.
///
/// Errors: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html).
final class DescribeTimeToLive
        implements Operation<DescribeTimeToLiveInput, DescribeTimeToLiveOutput> {
    private final Store store;

    DescribeTimeToLive(Store store) {
        this.store = store;
    }

    @Override
    public DescribeTimeToLiveOutput handle(Caller caller, DescribeTimeToLiveInput request) {
        TableName name = TableName.of(caller, request.tableName());
        return store.read(tx -> {
            Tables.table(tx, name);
            return new DescribeTimeToLiveOutput(new TimeToLiveDescription("DISABLED", null));
        });
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeTimeToLiveInput;
import io.millrace.api.dynamodb.DescribeTimeToLiveOutput;
import io.millrace.api.dynamodb.TimeToLiveDescription;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeTimeToLive`: whether items expire, and by which attribute. `ENABLING` until the items
/// that were there have their entries.
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
        return store.read(tx -> new DescribeTimeToLiveOutput(describe(tx, Tables.table(tx, name))));
    }

    private static TimeToLiveDescription describe(Snapshot tx, Table table) {
        TimeToLive active = TimeToLive.active(table);
        if (active == null) {
            return new TimeToLiveDescription("DISABLED", null);
        }
        String status = ExpiryBuild.isRunning(tx, active) ? "ENABLING" : "ENABLED";
        return new TimeToLiveDescription(status, active.attribute());
    }
}

package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeTimeToLiveInput;
import io.millrace.api.dynamodb.DescribeTimeToLiveOutput;
import io.millrace.api.dynamodb.TimeToLiveDescription;
import io.millrace.api.dynamodb.UpdateTimeToLiveInput;
import io.millrace.api.dynamodb.UpdateTimeToLiveOutput;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.Table.TimeToLiveState;
import io.millrace.wire.Caller;

/// `UpdateTimeToLive` and `DescribeTimeToLive`.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html).
final class TimeToLive {
    private final Store store;

    TimeToLive(Store store) {
        this.store = store;
    }

    UpdateTimeToLiveOutput update(Caller caller, UpdateTimeToLiveInput request) {
        TableName name = TableName.of(caller, request.tableName());
        boolean enabled = request.timeToLiveSpecification().enabled();
        String attribute = request.timeToLiveSpecification().attributeName();
        if (enabled) {
            throw DynamoDbErrors.notImplemented("TimeToLive");
        }
        return store.write(tx -> {
            Table table = Tables.table(tx, name);
            TimeToLiveState old = table.timeToLive();
            if (old == null) {
                throw DynamoDbErrors.validation("TimeToLive is already disabled");
            }
            if (!old.attributeName().equals(attribute)) {
                throw DynamoDbErrors.validation(
                        "TimeToLive is active on a different AttributeName: current"
                                + " AttributeName is "
                                + old.attributeName());
            }
            Tables.put(tx, table.withTimeToLive(null));
            return new UpdateTimeToLiveOutput(request.timeToLiveSpecification());
        });
    }

    DescribeTimeToLiveOutput describe(Caller caller, DescribeTimeToLiveInput request) {
        TableName name = TableName.of(caller, request.tableName());
        TimeToLiveState state = store.read(tx -> Tables.table(tx, name)).timeToLive();
        return new DescribeTimeToLiveOutput(
                new TimeToLiveDescription(
                        state == null ? "DISABLED" : "ENABLED",
                        state == null ? null : state.attributeName()));
    }
}

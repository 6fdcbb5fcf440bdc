package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ContinuousBackupsDescription;
import io.millrace.api.dynamodb.DescribeContinuousBackupsInput;
import io.millrace.api.dynamodb.DescribeContinuousBackupsOutput;
import io.millrace.api.dynamodb.PointInTimeRecoveryDescription;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `DescribeContinuousBackups`: whether a table can be restored to a point in time, and to which.
///
/// Errors: `TableNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html).
final class DescribeContinuousBackups
        implements Operation<DescribeContinuousBackupsInput, DescribeContinuousBackupsOutput> {

    private static final String ENABLED = "ENABLED";
    private static final String DISABLED = "DISABLED";

    private final Store store;
    private final InstantSource clock;

    DescribeContinuousBackups(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public DescribeContinuousBackupsOutput handle(
            Caller caller, DescribeContinuousBackupsInput request) {
        TableName name = TableName.of(caller, request.tableName());
        Table table = store.read(tx -> table(tx, name));
        return new DescribeContinuousBackupsOutput(describe(table, clock.instant()));
    }

    /// @throws io.millrace.wire.ServiceException `TableNotFoundException`
    static Table table(Snapshot tx, TableName name) {
        Table table = Tables.find(tx, name);
        if (table == null) {
            throw DynamoDbErrors.noTableToBackUp(name.name());
        }
        return table;
    }

    static ContinuousBackupsDescription describe(Table table, Instant now) {
        PointInTime history = table.features().pointInTime();
        return new ContinuousBackupsDescription(
                ENABLED,
                history == null
                        ? new PointInTimeRecoveryDescription(DISABLED, null, null, null)
                        : new PointInTimeRecoveryDescription(
                                ENABLED, history.days(), history.earliest(now), now));
    }
}

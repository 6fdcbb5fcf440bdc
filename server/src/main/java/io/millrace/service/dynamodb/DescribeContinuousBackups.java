package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ContinuousBackupsDescription;
import io.millrace.api.dynamodb.DescribeContinuousBackupsInput;
import io.millrace.api.dynamodb.DescribeContinuousBackupsOutput;
import io.millrace.api.dynamodb.PointInTimeRecoveryDescription;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeContinuousBackups`: whether a table can be restored to a point in time. It cannot yet;
/// `UpdateContinuousBackups`, which would make it so, is not implemented.
///
/// Errors: `TableNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html).
final class DescribeContinuousBackups
        implements Operation<DescribeContinuousBackupsInput, DescribeContinuousBackupsOutput> {

    private static final String DISABLED = "DISABLED";

    private final Store store;

    DescribeContinuousBackups(Store store) {
        this.store = store;
    }

    @Override
    public DescribeContinuousBackupsOutput handle(
            Caller caller, DescribeContinuousBackupsInput request) {
        TableName name = TableName.of(caller, request.tableName());
        boolean exists = store.read(tx -> Tables.find(tx, name) != null);
        if (!exists) {
            throw DynamoDbErrors.noTableToBackUp(name.name());
        }
        return new DescribeContinuousBackupsOutput(
                new ContinuousBackupsDescription(
                        DISABLED, new PointInTimeRecoveryDescription(DISABLED, null, null, null)));
    }
}

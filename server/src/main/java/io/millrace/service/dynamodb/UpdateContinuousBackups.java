package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.PointInTimeRecoverySpecification;
import io.millrace.api.dynamodb.UpdateContinuousBackupsInput;
import io.millrace.api.dynamodb.UpdateContinuousBackupsOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdateContinuousBackups`: switches point-in-time recovery. What changes after this has returned
/// can be undone; switched off, the history is gone at once.
///
/// Errors: `TableNotFoundException`, `ContinuousBackupsUnavailableException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html).
final class UpdateContinuousBackups
        implements Operation<UpdateContinuousBackupsInput, UpdateContinuousBackupsOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    UpdateContinuousBackups(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public UpdateContinuousBackupsOutput handle(
            Caller caller, UpdateContinuousBackupsInput request) {
        TableName name = TableName.of(caller, request.tableName());
        Instant now = clock.instant();
        long log = ids.number();
        Table updated =
                store.write(tx ->
                        update(tx, name, request.pointInTimeRecoverySpecification(), log, now));
        return new UpdateContinuousBackupsOutput(DescribeContinuousBackups.describe(updated, now));
    }

    private static Table update(
            Transaction tx,
            TableName name,
            PointInTimeRecoverySpecification asked,
            long log,
            Instant now) {
        Table table = DescribeContinuousBackups.table(tx, name);
        if (table.creating()) {
            throw DynamoDbErrors.continuousBackupsUnavailable(
                    "Backups are being enabled for the table: " + name.name());
        }
        PointInTime history = table.features().pointInTime();
        PointInTime next;
        if (asked.pointInTimeRecoveryEnabled()) {
            Integer days = asked.recoveryPeriodInDays();
            int kept = days == null ? DynamoDbLimits.RECOVERY_DAYS_MAX : days;
            next =
                    history == null
                            ? new PointInTime(true, log, now.toEpochMilli(), kept)
                            : history.keeping(kept, now);
        } else {
            if (table.features().snapshots().stream().anyMatch(RunningSnapshot::needsHistory)) {
                throw DynamoDbErrors.continuousBackupsUnavailable(
                        "Backups are being restored or exported for the table: " + name.name());
            }
            if (history != null) {
                history.history().drop(tx);
            }
            next = null;
        }
        Table updated = table.with(table.features().with(next));
        Tables.put(tx, updated);
        return updated;
    }
}

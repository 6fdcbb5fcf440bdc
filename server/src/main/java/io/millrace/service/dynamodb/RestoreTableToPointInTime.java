package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.RestoreTableToPointInTimeInput;
import io.millrace.api.dynamodb.RestoreTableToPointInTimeOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `RestoreTableToPointInTime`: makes a new table of what a table was at a moment: after every
/// change up to that millisecond, and none after. It is `CREATING` until all items and index
/// entries are there.
///
/// Errors: `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
/// `InvalidRestoreTimeException`, `TableAlreadyExistsException`, `TableInUseException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
final class RestoreTableToPointInTime
        implements Operation<RestoreTableToPointInTimeInput, RestoreTableToPointInTimeOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    RestoreTableToPointInTime(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// @param moment null for now
    private record Restore(
            TableName source,
            TableName target,
            @Nullable Instant moment,
            RestoreOverrides overrides,
            Instant now,
            long space) {}

    @Override
    public RestoreTableToPointInTimeOutput handle(
            Caller caller, RestoreTableToPointInTimeInput request) {
        Restore restore =
                new Restore(
                        source(caller, request),
                        TableName.of(caller, request.targetTableName()),
                        moment(request),
                        new RestoreOverrides(
                                request.billingModeOverride(),
                                request.globalSecondaryIndexOverride(),
                                request.localSecondaryIndexOverride(),
                                request.provisionedThroughputOverride(),
                                request.onDemandThroughputOverride(),
                                request.sseSpecificationOverride(),
                                request.vectorIndexOverride()),
                        clock.instant(),
                        ids.number());
        Table table = store.write(tx -> restore(tx, caller, restore));
        return new RestoreTableToPointInTimeOutput(
                TableDescriptions.creating(table, restore.now()));
    }

    private static TableName source(Caller caller, RestoreTableToPointInTimeInput request) {
        String arn = request.sourceTableArn();
        String name = request.sourceTableName();
        if ((arn == null) == (name == null)) {
            throw DynamoDbErrors.validation(
                    "Exactly one of SourceTableArn and SourceTableName must be specified");
        }
        return TableName.of(caller, arn == null ? String.valueOf(name) : arn);
    }

    private static @Nullable Instant moment(RestoreTableToPointInTimeInput request) {
        boolean latest = Boolean.TRUE.equals(request.useLatestRestorableTime());
        if (latest == (request.restoreDateTime() != null)) {
            throw DynamoDbErrors.validation(
                    "Exactly one of RestoreDateTime and UseLatestRestorableTime must be specified");
        }
        return request.restoreDateTime();
    }

    private Table restore(Transaction tx, Caller caller, Restore restore) {
        RestoreJob.checkTarget(tx, restore.target());
        Table source = DescribeContinuousBackups.table(tx, restore.source());
        PointInTime history = source.features().pointInTime();
        if (history == null) {
            throw DynamoDbErrors.noPointInTimeRecovery(source.name());
        }
        Instant moment = restore.moment();
        if (moment != null
                && (moment.isBefore(history.earliest(restore.now()))
                        || moment.isAfter(restore.now()))) {
            throw DynamoDbErrors.invalidRestoreTime();
        }
        Instant restored = moment == null ? restore.now() : moment;
        Origin origin = new Origin(true, source.arn(), null, restored.toEpochMilli());
        Table table =
                RestoreJob.table(
                        caller,
                        restore.target(),
                        source,
                        restore.overrides(),
                        origin,
                        restore.now(),
                        ids);
        TableCopy copy =
                moment == null
                        ? TableCopy.now(source, restore.space())
                        : TableCopy.at(source, restore.space(), history, moment.toEpochMilli());
        TableCopier.begin(tx, source, copy);
        Tables.put(tx, table);
        RestoreJob.begin(tx, restore.target(), copy);
        return table;
    }
}

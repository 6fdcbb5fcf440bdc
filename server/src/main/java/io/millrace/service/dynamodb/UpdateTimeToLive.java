package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.TimeToLiveSpecification;
import io.millrace.api.dynamodb.UpdateTimeToLiveInput;
import io.millrace.api.dynamodb.UpdateTimeToLiveOutput;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `UpdateTimeToLive`: items expire from now on, or no longer. Those that are there already get
/// their entries by a job.
///
/// Errors: `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html).
final class UpdateTimeToLive implements Operation<UpdateTimeToLiveInput, UpdateTimeToLiveOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final boolean resting;

    /// @param resting whether time to live can be switched only once an hour
    UpdateTimeToLive(Store store, InstantSource clock, Ids ids, boolean resting) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.resting = resting;
    }

    @Override
    public UpdateTimeToLiveOutput handle(Caller caller, UpdateTimeToLiveInput request) {
        TableName name = TableName.of(caller, request.tableName());
        TimeToLiveSpecification asked = request.timeToLiveSpecification();
        TimeToLive wanted =
                new TimeToLive(
                        asked.enabled(), asked.attributeName(), ids.number(), clock.millis());
        return store.write(tx -> {
            Table table = Tables.settled(tx, name);
            TimeToLive last = table.features().timeToLive();
            check(last, wanted);
            change(tx, table, wanted);
            return new UpdateTimeToLiveOutput(asked);
        });
    }

    private void check(@Nullable TimeToLive last, TimeToLive wanted) {
        if (last == null || !last.enabled()) {
            if (!wanted.enabled()) {
                throw DynamoDbErrors.validation("TimeToLive is already disabled");
            }
        } else if (!last.attribute().equals(wanted.attribute())) {
            throw DynamoDbErrors.validation(
                    "TimeToLive is active on a different AttributeName: current AttributeName is "
                            + last.attribute());
        } else if (wanted.enabled()) {
            throw DynamoDbErrors.validation("TimeToLive is already enabled");
        }
        long rest = DynamoDbLimits.TIME_TO_LIVE_REST.toMillis();
        if (resting && last != null && wanted.changedMillis() < last.changedMillis() + rest) {
            throw DynamoDbErrors.validation(
                    "Time to live has been modified multiple times within a fixed interval");
        }
    }

    private static void change(Transaction tx, Table table, TimeToLive wanted) {
        end(tx, table);
        Table changed = table.with(table.features().with(wanted));
        if (wanted.enabled()) {
            ExpiryEntries.open(tx, changed, wanted);
            ExpiryBuild.begin(tx, changed, wanted);
        }
        Tables.put(tx, changed);
    }

    /// Removes what there is for a table whose items expire.
    static void end(Transaction tx, Table table) {
        TimeToLive active = TimeToLive.active(table);
        if (active != null) {
            ExpiryBuild.cancel(tx, active);
            ExpiryEntries.drop(tx, active.number());
        }
    }
}

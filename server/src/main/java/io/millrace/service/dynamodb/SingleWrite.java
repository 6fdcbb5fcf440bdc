package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.ItemCollectionMetrics;
import io.millrace.service.dynamodb.ItemWrite.Outcome;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// Does what PutItem, DeleteItem or UpdateItem asks for, in one transaction. Thread-safe.
final class SingleWrite {
    private final MeteredStore store;
    private final InstantSource clock;

    /// Makes the operation's answer.
    @FunctionalInterface
    interface Answer<O> {
        O of(
                Outcome outcome,
                @Nullable ConsumedCapacity capacity,
                @Nullable ItemCollectionMetrics metrics);
    }

    SingleWrite(MeteredStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param capacityMode `ReturnConsumedCapacity`
    /// @param metricsMode `ReturnItemCollectionMetrics`
    <O> O run(
            ItemWrite write,
            @Nullable String capacityMode,
            @Nullable String metricsMode,
            Answer<O> answer) {
        long now = clock.millis();
        return store.write((tx, meter) -> {
            Table table = Tables.open(tx, write.table());
            Consumption consumption = meter.writes(table, Consumption.Kind.PLAIN);
            Outcome outcome = write.apply(new ItemChanges(tx, now), table, consumption);
            return answer.of(
                    outcome,
                    consumption.tell(capacityMode),
                    ItemCollections.tell(metricsMode, outcome));
        });
    }
}

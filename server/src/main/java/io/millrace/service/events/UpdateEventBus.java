package io.millrace.service.events;

import io.millrace.api.events.UpdateEventBusRequest;
import io.millrace.api.events.UpdateEventBusResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `UpdateEventBus`: changes the members that are given. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html).
final class UpdateEventBus implements Operation<UpdateEventBusRequest, UpdateEventBusResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Buses buses;

    UpdateEventBus(Store store, InstantSource clock, Buses buses) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
    }

    @Override
    public UpdateEventBusResponse handle(Caller caller, UpdateEventBusRequest request) {
        BusName name = BusName.of(caller, request.name());
        BusSettings.check(name.region(), request.deadLetterConfig());
        StoredBus bus = store.write(tx -> update(tx, name, request));
        return UpdateEventBusResponse.builder()
                .arn(name.arn().toString())
                .name(bus.name())
                .description(bus.description())
                .kmsKeyIdentifier(bus.kmsKeyIdentifier())
                .deadLetterConfig(bus.deadLetterConfig())
                .logConfig(bus.logConfig())
                .build();
    }

    private StoredBus update(Transaction tx, BusName name, UpdateEventBusRequest request) {
        StoredBus bus = buses.own(tx, name);
        buses.checkKey(
                tx,
                name.accountId(),
                name.region(),
                BusSettings.kmsKey(request.kmsKeyIdentifier()));
        StoredBus updated =
                new StoredBus(
                        bus.name(),
                        bus.number(),
                        bus.createdMillis(),
                        clock.millis(),
                        request.description() == null ? bus.description() : request.description(),
                        request.kmsKeyIdentifier() == null
                                ? bus.kmsKeyIdentifier()
                                : BusSettings.kmsKey(request.kmsKeyIdentifier()),
                        request.deadLetterConfig() == null
                                ? bus.deadLetterConfig()
                                : BusSettings.deadLetters(request.deadLetterConfig()),
                        request.logConfig() == null ? bus.logConfig() : request.logConfig(),
                        bus.policy(),
                        bus.tags());
        buses.put(tx, name, updated);
        return updated;
    }
}

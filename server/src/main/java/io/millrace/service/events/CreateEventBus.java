package io.millrace.service.events;

import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.CreateEventBusResponse;
import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `CreateEventBus`: makes a custom bus. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html).
///
/// Durable when it returns. Errors: `ResourceAlreadyExistsException`, `LimitExceededException`,
/// `ResourceNotFoundException` for a partner's event source, of which there are none.
final class CreateEventBus implements Operation<CreateEventBusRequest, CreateEventBusResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;

    CreateEventBus(Store store, InstantSource clock, Ids ids, Buses buses) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
    }

    @Override
    public CreateEventBusResponse handle(Caller caller, CreateEventBusRequest request) {
        if (request.eventSourceName() != null) {
            throw EventsErrors.notFound(
                    "Event source " + request.eventSourceName() + " does not exist.");
        }
        if (request.name().contains("/")) {
            throw EventsErrors.validation("Event bus name must not contain '/'.");
        }
        BusName name = new BusName(caller.accountId(), caller.region(), request.name());
        long number = ids.number();
        long now = clock.millis();
        StoredBus bus =
                new StoredBus(
                        name.name(),
                        number,
                        now,
                        now,
                        request.description(),
                        request.kmsKeyIdentifier(),
                        request.deadLetterConfig(),
                        request.logConfig(),
                        null,
                        EventsTags.of(request.tags()));
        store.write(tx -> create(tx, name, bus));
        return CreateEventBusResponse.builder()
                .eventBusArn(name.arn().toString())
                .description(bus.description())
                .kmsKeyIdentifier(bus.kmsKeyIdentifier())
                .deadLetterConfig(bus.deadLetterConfig())
                .logConfig(bus.logConfig())
                .build();
    }

    private boolean create(Transaction tx, BusName name, StoredBus bus) {
        if (buses.find(tx, name).isPresent()) {
            throw EventsErrors.busExists(name.name());
        }
        int count = 0;
        try (Cursor cursor = tx.prefix(EventsKeys.buses(name.accountId(), name.region()))) {
            while (cursor.next()) {
                count++;
            }
        }
        if (count >= EventsLimits.BUSES_MAX) {
            throw EventsErrors.limitExceeded();
        }
        buses.put(tx, name, bus);
        return true;
    }
}

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
import java.util.Map;

/// `CreateEventBus`: makes a custom bus, or the bus of a partner's event source, which becomes
/// active by that. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html).
///
/// Durable when it returns. Errors: `ResourceAlreadyExistsException`, `LimitExceededException`,
/// `ResourceNotFoundException` for an event source that nobody offers to the account,
/// `InvalidStateException`.
final class CreateEventBus implements Operation<CreateEventBusRequest, CreateEventBusResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;
    private final EventSources sources;

    CreateEventBus(Store store, InstantSource clock, Ids ids, Buses buses, EventSources sources) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.sources = sources;
    }

    @Override
    public CreateEventBusResponse handle(Caller caller, CreateEventBusRequest request) {
        checkName(request);
        Map<String, String> tags = EventsTags.of(request.tags());
        OrderKey.check(tags);
        BusSettings.check(caller.region(), request.deadLetterConfig());
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
                        BusSettings.kmsKey(request.kmsKeyIdentifier()),
                        BusSettings.deadLetters(request.deadLetterConfig()),
                        request.logConfig(),
                        null,
                        tags);
        store.write(tx -> create(tx, name, bus));
        return CreateEventBusResponse.builder()
                .eventBusArn(name.arn().toString())
                .description(bus.description())
                .kmsKeyIdentifier(bus.kmsKeyIdentifier())
                .deadLetterConfig(bus.deadLetterConfig())
                .logConfig(bus.logConfig())
                .build();
    }

    private static void checkName(CreateEventBusRequest request) {
        String source = request.eventSourceName();
        if (source != null) {
            if (!source.equals(request.name())) {
                throw EventsErrors.validation(
                        "Event bus name "
                                + request.name()
                                + " must match event source name "
                                + source
                                + ".");
            }
            return;
        }
        if (request.name().startsWith("aws.")) {
            throw EventsErrors.validation("EventBus name starting with 'aws.' is not valid.");
        }
        if (request.name().contains("/")) {
            throw EventsErrors.validation("Event bus name must not contain '/'.");
        }
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
        if (name.isPartners()) {
            activate(tx, name);
        }
        buses.checkKey(tx, name.accountId(), name.region(), bus.kmsKeyIdentifier());
        buses.put(tx, name, bus);
        return true;
    }

    /// A partner's bus exists for the account to which the partner offers the source.
    private void activate(Transaction tx, BusName name) {
        StoredEventSource source =
                sources.ofCustomer(tx, name.accountId(), name.region(), name.name())
                        .orElseThrow(() -> EventsErrors.eventSourceNotFound(name.name()));
        if (!source.is(StoredEventSource.PENDING)) {
            throw EventsErrors.invalidState(source);
        }
        sources.put(tx, name.region(), source.active());
    }
}

package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.DeleteEventBusRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteEventBus`: deletes a custom or a partner's bus that has no rules; does nothing when there
/// is none. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html).
final class DeleteEventBus implements Operation<DeleteEventBusRequest, Unit> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;
    private final EventSources sources;

    DeleteEventBus(Store store, Buses buses, Rules rules, EventSources sources) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
        this.sources = sources;
    }

    @Override
    public Unit handle(Caller caller, DeleteEventBusRequest request) {
        BusName name = BusName.of(caller, request.name());
        if (name.isDefault()) {
            throw EventsErrors.validation("Cannot delete event bus default.");
        }
        return store.write(tx -> delete(tx, name));
    }

    private Unit delete(Transaction tx, BusName name) {
        buses.find(tx, name)
                .ifPresent(bus -> {
                    if (rules.generation(tx, bus).ruleCount() > 0) {
                        throw EventsErrors.validation(
                                "EventBus can't be deleted since it has rules.");
                    }
                    tx.delete(EventsKeys.bus(name));
                    rules.clear(tx, bus);
                    sources.busDeleted(tx, name);
                });
        return Unit.UNIT;
    }
}

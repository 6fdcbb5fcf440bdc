package io.millrace.service.events;

import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// Event buses as other services of this server reach them.
final class PutByServices implements EventBuses {
    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;
    private final EventRouter router;

    PutByServices(InstantSource clock, Ids ids, Buses buses, EventRouter router) {
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.router = router;
    }

    @Override
    public Outcome put(
            Transaction transaction,
            Arn bus,
            Event event,
            String senderId,
            @Nullable String sourceArn) {
        BusName name = BusName.of(bus);
        if (buses.find(transaction, name).isEmpty()) {
            return new Outcome.Refused("NO_RESOURCE", "The event bus does not exist.");
        }
        EventEnvelope envelope;
        try {
            envelope =
                    EventEnvelope.of(
                            ids.uuid(),
                            new EventEnvelope.Content(
                                    event.source(),
                                    event.detailType(),
                                    event.detail(),
                                    event.resources(),
                                    event.time(),
                                    event.traceHeader()),
                            new EventEnvelope.Ingestion(
                                    name.accountId(), name.region(), clock.instant()));
        } catch (IllegalArgumentException _) {
            return new Outcome.Refused("INVALID_PARAMETER", "Detail is malformed.");
        }
        return router.route(transaction, name, envelope, new EventRouter.Run())
                ? new Outcome.Delivered(envelope.id())
                : new Outcome.Refused(
                        "INTERNAL_ERROR",
                        "The event matches more targets than one transaction delivers to.");
    }
}

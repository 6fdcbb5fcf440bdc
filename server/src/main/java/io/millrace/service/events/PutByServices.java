package io.millrace.service.events;

import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;

/// Event buses as other services of this server reach them.
final class PutByServices implements EventBuses {
    private final InstantSource clock;
    private final Ids ids;
    private final EventRouter router;

    PutByServices(InstantSource clock, Ids ids, EventRouter router) {
        this.clock = clock;
        this.ids = ids;
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
        Optional<StoredBus> stored = router.bus(transaction, name);
        if (stored.isEmpty()) {
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
        Optional<String> denial =
                BusAccess.ofService(senderId, sourceArn, name, envelope)
                        .denial(stored.get().policy());
        if (denial.isPresent()) {
            return new Outcome.Refused("NO_PERMISSIONS", denial.get());
        }
        router.route(transaction, name, stored, envelope, new EventRouter.Run());
        return new Outcome.Delivered(envelope.id());
    }
}

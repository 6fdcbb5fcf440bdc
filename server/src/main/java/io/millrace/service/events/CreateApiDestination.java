package io.millrace.service.events;

import io.millrace.api.events.CreateApiDestinationRequest;
import io.millrace.api.events.CreateApiDestinationResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `CreateApiDestination`: an HTTP endpoint as a target. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html).
///
/// Durable when it returns. Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException`
/// for its connection, `LimitExceededException`, `ValidationException`.
final class CreateApiDestination
        implements Operation<CreateApiDestinationRequest, CreateApiDestinationResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Destinations destinations;

    CreateApiDestination(Store store, InstantSource clock, Ids ids, Destinations destinations) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.destinations = destinations;
    }

    @Override
    public CreateApiDestinationResponse handle(Caller caller, CreateApiDestinationRequest request) {
        Endpoints.check("InvocationEndpoint", request.invocationEndpoint());
        long now = clock.millis();
        StoredDestination destination =
                new StoredDestination(
                        caller.accountId(),
                        caller.region(),
                        request.name(),
                        ids.uuid(),
                        request.description(),
                        request.connectionArn(),
                        request.invocationEndpoint(),
                        request.httpMethod(),
                        request.invocationRateLimitPerSecond(),
                        now,
                        now);
        String state = store.write(tx -> create(tx, caller, destination));
        return CreateApiDestinationResponse.builder()
                .apiDestinationArn(destination.arn().toString())
                .apiDestinationState(state)
                .creationTime(destination.created())
                .lastModifiedTime(destination.modified())
                .build();
    }

    private String create(Transaction tx, Caller caller, StoredDestination destination) {
        if (destinations.find(tx, caller, destination.name()).isPresent()) {
            throw EventsErrors.destinationExists(destination.name());
        }
        destinations.requireConnection(tx, destination.connectionArn());
        if (destinations.all(tx, caller).size() >= EventsLimits.DESTINATIONS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        destinations.put(tx, destination);
        return destinations.state(tx, destination);
    }
}

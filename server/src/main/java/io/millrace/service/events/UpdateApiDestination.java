package io.millrace.service.events;

import io.millrace.api.events.UpdateApiDestinationRequest;
import io.millrace.api.events.UpdateApiDestinationResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `UpdateApiDestination`: changes what the request tells, and keeps the rest. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateApiDestination.html).
///
/// Durable when it returns; events that wait are sent to where it then leads. Errors:
/// `ResourceNotFoundException`, `ValidationException`.
final class UpdateApiDestination
        implements Operation<UpdateApiDestinationRequest, UpdateApiDestinationResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Destinations destinations;

    UpdateApiDestination(Store store, InstantSource clock, Destinations destinations) {
        this.store = store;
        this.clock = clock;
        this.destinations = destinations;
    }

    @Override
    public UpdateApiDestinationResponse handle(Caller caller, UpdateApiDestinationRequest request) {
        if (request.invocationEndpoint() != null) {
            Endpoints.check("InvocationEndpoint", request.invocationEndpoint());
        }
        return store.write(tx -> update(tx, caller, request));
    }

    private UpdateApiDestinationResponse update(
            Transaction tx, Caller caller, UpdateApiDestinationRequest request) {
        StoredDestination before = destinations.require(tx, caller, request.name());
        StoredDestination after =
                new StoredDestination(
                        before.accountId(),
                        before.region(),
                        before.name(),
                        before.id(),
                        request.description() == null
                                ? before.description()
                                : request.description(),
                        or(request.connectionArn(), before.connectionArn()),
                        or(request.invocationEndpoint(), before.endpoint()),
                        or(request.httpMethod(), before.method()),
                        request.invocationRateLimitPerSecond() == null
                                ? before.perSecond()
                                : request.invocationRateLimitPerSecond(),
                        before.createdMillis(),
                        clock.millis());
        if (request.connectionArn() != null) {
            destinations.requireConnection(tx, request.connectionArn());
        }
        destinations.put(tx, after);
        return UpdateApiDestinationResponse.builder()
                .apiDestinationArn(after.arn().toString())
                .apiDestinationState(destinations.state(tx, after))
                .creationTime(after.created())
                .lastModifiedTime(after.modified())
                .build();
    }

    private static String or(@Nullable String changed, String before) {
        return changed == null ? before : changed;
    }
}

package io.millrace.service.events;

import io.millrace.api.events.DeleteApiDestinationRequest;
import io.millrace.api.events.DeleteApiDestinationResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteApiDestination`. What still waits for it fails with `NO_RESOURCE`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteApiDestination.html).
///
/// Durable when it returns. Errors: `ResourceNotFoundException`.
final class DeleteApiDestination
        implements Operation<DeleteApiDestinationRequest, DeleteApiDestinationResponse> {
    private final Store store;
    private final Destinations destinations;

    DeleteApiDestination(Store store, Destinations destinations) {
        this.store = store;
        this.destinations = destinations;
    }

    @Override
    public DeleteApiDestinationResponse handle(Caller caller, DeleteApiDestinationRequest request) {
        store.write(tx -> {
            destinations.remove(tx, destinations.require(tx, caller, request.name()));
            return true;
        });
        return DeleteApiDestinationResponse.builder().build();
    }
}

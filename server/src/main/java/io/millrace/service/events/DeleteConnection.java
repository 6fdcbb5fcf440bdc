package io.millrace.service.events;

import io.millrace.api.events.DeleteConnectionRequest;
import io.millrace.api.events.DeleteConnectionResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteConnection`: removes a connection and its secrets; API destinations that use it are
/// `INACTIVE` from then on. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteConnection.html).
///
/// Durable when it returns. Errors: `ResourceNotFoundException`.
final class DeleteConnection
        implements Operation<DeleteConnectionRequest, DeleteConnectionResponse> {
    private final Store store;
    private final Connections connections;

    DeleteConnection(Store store, Connections connections) {
        this.store = store;
        this.connections = connections;
    }

    @Override
    public DeleteConnectionResponse handle(Caller caller, DeleteConnectionRequest request) {
        StoredConnection removed =
                store.write(tx -> {
                    StoredConnection found = connections.require(tx, caller, request.name());
                    connections.remove(tx, found);
                    return found;
                });
        return DeleteConnectionResponse.builder()
                .connectionArn(removed.arn().toString())
                .connectionState(StoredConnection.DELETING)
                .creationTime(removed.created())
                .lastModifiedTime(removed.modified())
                .lastAuthorizedTime(removed.authorized())
                .build();
    }
}

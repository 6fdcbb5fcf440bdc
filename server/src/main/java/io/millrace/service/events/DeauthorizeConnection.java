package io.millrace.service.events;

import io.millrace.api.events.DeauthorizeConnectionRequest;
import io.millrace.api.events.DeauthorizeConnectionResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `DeauthorizeConnection`: removes a connection's secrets and keeps the connection. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeauthorizeConnection.html).
///
/// Durable when it returns; the answer says `DEAUTHORIZING`, as in AWS, and from then on it is
/// `DEAUTHORIZED`. Errors: `ResourceNotFoundException`.
final class DeauthorizeConnection
        implements Operation<DeauthorizeConnectionRequest, DeauthorizeConnectionResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Connections connections;

    DeauthorizeConnection(Store store, InstantSource clock, Connections connections) {
        this.store = store;
        this.clock = clock;
        this.connections = connections;
    }

    @Override
    public DeauthorizeConnectionResponse handle(
            Caller caller, DeauthorizeConnectionRequest request) {
        long now = clock.millis();
        StoredConnection after =
                store.write(tx -> {
                    StoredConnection found = connections.require(tx, caller, request.name());
                    StoredConnection without = found.deauthorized(now);
                    connections.put(tx, without);
                    return without;
                });
        return DeauthorizeConnectionResponse.builder()
                .connectionArn(after.arn().toString())
                .connectionState(StoredConnection.DEAUTHORIZING)
                .creationTime(after.created())
                .lastModifiedTime(after.modified())
                .lastAuthorizedTime(after.authorized())
                .build();
    }
}

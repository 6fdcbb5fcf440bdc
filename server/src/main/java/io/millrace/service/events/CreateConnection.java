package io.millrace.service.events;

import io.millrace.api.events.CreateConnectionRequest;
import io.millrace.api.events.CreateConnectionResponse;
import io.millrace.delivery.Outbox;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `CreateConnection`: keeps how an endpoint is logged in to. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html).
///
/// Durable when it returns. Its secrets are sealed before they are stored. A connection by OAuth is
/// `AUTHORIZING` until its token endpoint has answered. Errors: `ResourceAlreadyExistsException`,
/// `LimitExceededException`, `ValidationException`.
final class CreateConnection
        implements Operation<CreateConnectionRequest, CreateConnectionResponse> {
    private static final int SECRET_SUFFIX = 6;

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Connections connections;
    private final Outbox outbox;

    CreateConnection(
            Store store, InstantSource clock, Ids ids, Connections connections, Outbox outbox) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.connections = connections;
        this.outbox = outbox;
    }

    @Override
    public CreateConnectionResponse handle(Caller caller, CreateConnectionRequest request) {
        if (request.invocationConnectivityParameters() != null) {
            throw EventsErrors.notImplemented("InvocationConnectivityParameters (VPC Lattice)");
        }
        String type = request.authorizationType();
        ConnectionParameters.check(type, request.authParameters());
        if (store.read(s -> connections.find(s, caller, request.name())).isPresent()) {
            throw EventsErrors.connectionExists(request.name());
        }
        String id = ids.uuid();
        long now = clock.millis();
        boolean isOAuth = type.equals(StoredConnection.OAUTH);
        StoredConnection connection =
                new StoredConnection(
                        caller.accountId(),
                        caller.region(),
                        request.name(),
                        id,
                        request.description(),
                        type,
                        isOAuth ? StoredConnection.AUTHORIZING : StoredConnection.AUTHORIZED,
                        null,
                        BusSettings.kmsKey(request.kmsKeyIdentifier()),
                        ConnectionParameters.shown(request.authParameters()),
                        ids.uuid() + "-" + ids.hex(SECRET_SUFFIX),
                        connections.seal(arn(caller, request.name(), id), request.authParameters()),
                        1,
                        now,
                        now,
                        isOAuth ? null : Long.valueOf(now));
        store.write(tx -> create(tx, caller, connection));
        return CreateConnectionResponse.builder()
                .connectionArn(connection.arn().toString())
                .connectionState(connection.state())
                .creationTime(connection.created())
                .lastModifiedTime(connection.modified())
                .build();
    }

    private static Arn arn(Caller caller, String name, String id) {
        String resource = StoredConnection.RESOURCE + name + "/" + id;
        return Arn.of("events", caller.region(), caller.accountId(), resource);
    }

    private boolean create(Transaction tx, Caller caller, StoredConnection connection) {
        if (connections.find(tx, caller, connection.name()).isPresent()) {
            throw EventsErrors.connectionExists(connection.name());
        }
        if (connections.all(tx, caller).size() >= EventsLimits.CONNECTIONS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        connections.checkKey(tx, connection);
        connections.put(tx, connection);
        if (connection.state().equals(StoredConnection.AUTHORIZING)) {
            Connections.authorize(outbox, tx, connection);
        }
        return true;
    }
}

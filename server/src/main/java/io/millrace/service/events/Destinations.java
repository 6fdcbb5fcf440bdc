package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stored API destinations. Thread-safe.
final class Destinations {
    private static final ResourceCodec<StoredDestination> CODEC =
            new ResourceCodec<>(StoredDestination.class);

    private final Connections connections;

    Destinations(Connections connections) {
        this.connections = connections;
    }

    Optional<StoredDestination> find(Snapshot snapshot, Caller caller, String name) {
        return find(snapshot, caller.accountId(), caller.region(), name);
    }

    private static Optional<StoredDestination> find(
            Snapshot snapshot, String accountId, String region, String name) {
        byte[] key = EventsKeys.destination(accountId, region, name);
        return Optional.ofNullable(CODEC.decodeOrNull(snapshot.get(key)));
    }

    StoredDestination require(Snapshot snapshot, Caller caller, String name) {
        return find(snapshot, caller, name)
                .orElseThrow(() -> EventsErrors.destinationNotFound(name));
    }

    /// Empty also when another one has its name now.
    Optional<StoredDestination> find(Snapshot snapshot, Arn arn) {
        String[] resource = arn.resource().split("/", 3);
        return resource.length != 3
                ? Optional.empty()
                : find(snapshot, arn.accountId(), arn.region(), resource[1])
                        .filter(destination -> destination.id().equals(resource[2]));
    }

    /// Only with a connection that is authorized it can be called.
    String state(Snapshot snapshot, StoredDestination destination) {
        return connections
                .find(snapshot, destination.connectionArn())
                .filter(StoredConnection::isAuthorized)
                .map(_ -> StoredDestination.ACTIVE)
                .orElse(StoredDestination.INACTIVE);
    }

    List<StoredDestination> all(Snapshot snapshot, Caller caller) {
        List<StoredDestination> all = new ArrayList<>();
        byte[] from = EventsKeys.destinations(caller.accountId(), caller.region());
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                all.add(CODEC.decode(cursor.value()));
            }
        }
        return all;
    }

    void put(Transaction transaction, StoredDestination destination) {
        transaction.put(key(destination), CODEC.encode(destination));
    }

    void remove(Transaction transaction, StoredDestination destination) {
        transaction.delete(key(destination));
    }

    /// @throws io.millrace.wire.ServiceException when it is not there
    void requireConnection(Snapshot snapshot, String arn) {
        if (connections.find(snapshot, arn).isEmpty()) {
            throw EventsErrors.notFound("Connection '" + arn + "' does not exist.");
        }
    }

    private static byte[] key(StoredDestination destination) {
        return EventsKeys.destination(
                destination.accountId(), destination.region(), destination.name());
    }
}

package io.millrace.service.events;

import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.delivery.Job;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RetryPolicy;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.secret.Secrets;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stored connections, and what is secret of them. Thread-safe.
final class Connections {
    private static final ResourceCodec<StoredConnection> CODEC =
            new ResourceCodec<>(StoredConnection.class);
    private static final ResourceCodec<CreateConnectionAuthRequestParameters> PARAMETERS =
            new ResourceCodec<>(CreateConnectionAuthRequestParameters.class);

    private final Secrets secrets;
    private final CustomerKeys keys;

    /// @param keys that connections may be encrypted with
    Connections(Secrets secrets, CustomerKeys keys) {
        this.secrets = secrets;
        this.keys = keys;
    }

    /// Requires the key that a connection is to be encrypted with.
    void checkKey(Snapshot snapshot, StoredConnection connection) {
        keys.require(
                snapshot,
                connection.accountId(),
                connection.region(),
                connection.kmsKeyIdentifier(),
                EventsErrors::keyRefused);
    }

    Optional<StoredConnection> find(Snapshot snapshot, Caller caller, String name) {
        return find(snapshot, caller.accountId(), caller.region(), name);
    }

    private static Optional<StoredConnection> find(
            Snapshot snapshot, String accountId, String region, String name) {
        byte[] key = EventsKeys.connection(accountId, region, name);
        return Optional.ofNullable(CODEC.decodeOrNull(snapshot.get(key)));
    }

    StoredConnection require(Snapshot snapshot, Caller caller, String name) {
        return find(snapshot, caller, name)
                .orElseThrow(() -> EventsErrors.connectionNotFound(name));
    }

    /// Empty also when another one has its name now.
    Optional<StoredConnection> find(Snapshot snapshot, String arn) {
        return Arn.parse(arn)
                .filter(parsed -> parsed.resource().startsWith(StoredConnection.RESOURCE))
                .flatMap(parsed ->
                        find(
                                snapshot,
                                parsed.accountId(),
                                parsed.region(),
                                parsed.resource().split("/", 3)[1]))
                .filter(connection -> connection.arn().toString().equals(arn));
    }

    List<StoredConnection> all(Snapshot snapshot, Caller caller) {
        List<StoredConnection> all = new ArrayList<>();
        byte[] from = EventsKeys.connections(caller.accountId(), caller.region());
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                all.add(CODEC.decode(cursor.value()));
            }
        }
        return all;
    }

    void put(Transaction transaction, StoredConnection connection) {
        transaction.put(key(connection), CODEC.encode(connection));
    }

    void remove(Transaction transaction, StoredConnection connection) {
        transaction.delete(key(connection));
    }

    /// Outside of any transaction.
    byte[] seal(Arn connection, CreateConnectionAuthRequestParameters parameters) {
        return secrets.seal(PARAMETERS.encode(parameters), connection.toString());
    }

    /// Outside of any transaction; empty for a connection that was deauthorized.
    Optional<CreateConnectionAuthRequestParameters> open(StoredConnection connection) {
        byte[] sealed = connection.sealed();
        return sealed == null
                ? Optional.empty()
                : Optional.of(PARAMETERS.decode(secrets.open(sealed, connection.arn().toString())));
    }

    /// Owes a connection its first token.
    static void authorize(Outbox outbox, Transaction transaction, StoredConnection connection) {
        String arn = connection.arn().toString();
        outbox.add(
                transaction,
                new Job(
                        ConnectionAuthorization.KIND,
                        arn,
                        Map.of(),
                        Bytes.EMPTY,
                        RetryPolicy.of(),
                        null));
    }

    private static byte[] key(StoredConnection connection) {
        return EventsKeys.connection(
                connection.accountId(), connection.region(), connection.name());
    }
}

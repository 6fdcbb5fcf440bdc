package io.millrace.service.events;

import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionRequest;
import io.millrace.api.events.UpdateConnectionResponse;
import io.millrace.delivery.Outbox;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Objects;

/// `UpdateConnection`: changes what the request tells, and keeps the rest. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html).
///
/// Durable when it returns. Another type of authorization needs all of its parameters. Errors:
/// `ResourceNotFoundException`, `ConcurrentModificationException`, `ValidationException`.
final class UpdateConnection
        implements Operation<UpdateConnectionRequest, UpdateConnectionResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Connections connections;
    private final Outbox outbox;

    UpdateConnection(Store store, InstantSource clock, Connections connections, Outbox outbox) {
        this.store = store;
        this.clock = clock;
        this.connections = connections;
        this.outbox = outbox;
    }

    @Override
    public UpdateConnectionResponse handle(Caller caller, UpdateConnectionRequest request) {
        if (request.invocationConnectivityParameters() != null) {
            throw EventsErrors.notImplemented("InvocationConnectivityParameters (VPC Lattice)");
        }
        StoredConnection before = store.read(s -> connections.require(s, caller, request.name()));
        if (request.description() == null
                && request.kmsKeyIdentifier() == null
                && request.authorizationType() == null) {
            throw EventsErrors.validation(
                    "Failed to update the connection(s). At least one of the following is"
                            + " required: Description, KmsKeyIdentifier, AuthorizationType with"
                            + " BasicAuthParameters, ApiKeyAuthParameters, or OAuthParameters.");
        }
        boolean isDescribed =
                request.authorizationType() == null && request.authParameters() == null;
        StoredConnection updated = isDescribed ? before : updated(before, request);
        long now = clock.millis();
        StoredConnection after =
                store.write(tx -> {
                    StoredConnection current = current(tx, before);
                    StoredConnection next =
                            isDescribed ? described(current, request, now) : updated;
                    put(tx, current, next);
                    return next;
                });
        return UpdateConnectionResponse.builder()
                .connectionArn(after.arn().toString())
                .connectionState(after.state())
                .creationTime(after.created())
                .lastModifiedTime(after.modified())
                .lastAuthorizedTime(after.authorized())
                .build();
    }

    private static StoredConnection described(
            StoredConnection before, UpdateConnectionRequest request, long now) {
        return before.described(description(before, request), kmsKey(before, request), now);
    }

    private static @Nullable String description(
            StoredConnection before, UpdateConnectionRequest request) {
        return request.description() == null ? before.description() : request.description();
    }

    private static @Nullable String kmsKey(
            StoredConnection before, UpdateConnectionRequest request) {
        return request.kmsKeyIdentifier() == null
                ? before.kmsKeyIdentifier()
                : BusSettings.kmsKey(request.kmsKeyIdentifier());
    }

    private StoredConnection updated(StoredConnection before, UpdateConnectionRequest request) {
        String type =
                request.authorizationType() == null
                        ? before.authorizationType()
                        : request.authorizationType();
        CreateConnectionAuthRequestParameters old = connections.open(before).orElse(null);
        UpdateConnectionAuthRequestParameters update =
                request.authParameters() == null
                        ? UpdateConnectionAuthRequestParameters.builder().build()
                        : request.authParameters();
        CreateConnectionAuthRequestParameters all = ConnectionParameters.merged(type, old, update);
        ConnectionParameters.check(type, all);
        long now = clock.millis();
        boolean isOAuth = type.equals(StoredConnection.OAUTH);
        return new StoredConnection(
                before.accountId(),
                before.region(),
                before.name(),
                before.id(),
                description(before, request),
                type,
                isOAuth ? StoredConnection.AUTHORIZING : StoredConnection.AUTHORIZED,
                null,
                kmsKey(before, request),
                ConnectionParameters.shown(all),
                before.secretName(),
                connections.seal(before.arn(), all),
                before.version() + 1,
                before.createdMillis(),
                now,
                isOAuth ? before.authorizedMillis() : Long.valueOf(now));
    }

    /// The connection as it is now: its state may have changed, its parameters may not.
    private StoredConnection current(Transaction tx, StoredConnection before) {
        return connections
                .find(tx, before.arn().toString())
                .filter(found -> found.version() == before.version())
                .orElseThrow(
                        () -> EventsErrors.concurrentModification("Connection " + before.name()));
    }

    private void put(Transaction tx, StoredConnection before, StoredConnection after) {
        if (!Objects.equals(before.kmsKeyIdentifier(), after.kmsKeyIdentifier())) {
            connections.checkKey(tx, after);
        }
        connections.put(tx, after);
        if (after.version() > before.version()
                && after.state().equals(StoredConnection.AUTHORIZING)) {
            Connections.authorize(outbox, tx, after);
        }
    }
}

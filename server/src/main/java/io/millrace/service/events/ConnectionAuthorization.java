package io.millrace.service.events;

import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;
import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Message;
import io.millrace.engine.Store;
import io.millrace.secret.SecretException;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;

/// Authorizes connections by OAuth: fetches the first token, as a job of the outbox that a crash
/// does not lose, and keeps every connection's state true when later tokens, or a login or a key,
/// are refused. Thread-safe.
final class ConnectionAuthorization implements JobHandler {
    static final String KIND = "events.connection";

    private final Store store;
    private final InstantSource clock;
    private final Connections connections;
    private final Tokens tokens;

    ConnectionAuthorization(
            Store store, InstantSource clock, Connections connections, Tokens tokens) {
        this.store = store;
        this.clock = clock;
        this.connections = connections;
        this.tokens = tokens;
    }

    /// The value of the header `Authorization`. A connection that was refused before and is not now
    /// is authorized again.
    String token(StoredConnection connection, CreateConnectionOAuthRequestParameters parameters)
            throws Tokens.RefusedException, InterruptedException {
        try {
            String token = tokens.authorization(connection, parameters);
            if (!connection.isAuthorized()) {
                mark(connection, StoredConnection.AUTHORIZED, null);
            }
            return token;
        } catch (Tokens.RefusedException e) {
            if (e.isFinal() && connection.isAuthorized()) {
                mark(connection, StoredConnection.DEAUTHORIZED, e.reason());
            }
            throw e;
        }
    }

    /// An endpoint did not take the authorization: a token is forgotten; a connection with a login
    /// or a key is not authorized any more. Source:
    /// [de-authorizing](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-deauthorize.html).
    void refused(StoredConnection connection, int status) {
        if (connection.isOAuth()) {
            tokens.forget(connection);
        } else if (connection.isAuthorized()) {
            String reason = "The endpoint answered with HTTP status " + status + ".";
            mark(connection, StoredConnection.DEAUTHORIZED, reason);
        }
    }

    /// An endpoint took the authorization, so that a login or a key is authorized again.
    void taken(StoredConnection connection) {
        if (!connection.isOAuth() && !connection.isAuthorized()) {
            mark(connection, StoredConnection.AUTHORIZED, null);
        }
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        Optional<StoredConnection> found =
                store.read(s -> connections.find(s, job.target()))
                        .filter(c -> c.state().equals(StoredConnection.AUTHORIZING));
        if (found.isEmpty()) {
            return new Attempt.Delivered(); // changed or deleted meanwhile
        }
        try {
            Optional<CreateConnectionOAuthRequestParameters> parameters =
                    connections
                            .open(found.get())
                            .map(CreateConnectionAuthRequestParameters::oAuthParameters);
            if (parameters.isPresent()) {
                token(found.get(), parameters.get());
            }
        } catch (Tokens.RefusedException e) {
            mark(found.get(), StoredConnection.DEAUTHORIZED, e.reason());
        } catch (SecretException e) {
            mark(found.get(), StoredConnection.DEAUTHORIZED, String.valueOf(e.getMessage()));
        }
        return new Attempt.Delivered();
    }

    private void mark(StoredConnection connection, String state, @Nullable String reason) {
        String arn = connection.arn().toString();
        long now = clock.millis();
        store.write(tx -> {
            Optional<StoredConnection> current = connections.find(tx, arn);
            if (current.isEmpty() || current.get().version() != connection.version()) {
                return false;
            }
            connections.put(tx, current.get().withState(state, reason, now));
            return true;
        });
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        throw new IllegalStateException("a connection has no dead-letter queue");
    }
}

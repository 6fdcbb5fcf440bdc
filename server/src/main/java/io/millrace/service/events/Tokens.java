package io.millrace.service.events;

import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;

/// Access tokens by OAuth's client credentials: fetched when one is needed, kept in memory until
/// shortly before they expire. Whoever needs one that is just being fetched waits for it.
/// Thread-safe. Source: RFC 6749, section 4.4.
final class Tokens {
    private static final JsonMapper JSON = new JsonMapper();

    /// Why there is no token.
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean isFinal;

        /// @param isFinal whether asking again would be refused just the same
        RefusedException(String reason, boolean isFinal) {
            super(reason, null, false, false);
            this.isFinal = isFinal;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        boolean isFinal() {
            return isFinal;
        }
    }

    /// Who fetched a token was to end.
    private static final class CalledOffException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Thread thread = Thread.currentThread();

        CalledOffException() {
            super(null, null, false, false);
        }
    }

    /// A token. Does not show itself.
    private record Token(String authorization, long goodUntilMillis) {
        @Override
        public String toString() {
            return "a token";
        }
    }

    private record Key(String connectionArn, long version) {}

    private final InstantSource clock;
    private final HttpCaller http;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, FutureTask<Token>> tokens =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, FutureTask<Token>> eldest) {
                    return size() > EventsLimits.TOKENS_MAX;
                }
            };

    Tokens(InstantSource clock, HttpCaller http) {
        this.clock = clock;
        this.http = http;
    }

    /// The value of the header `Authorization`.
    ///
    /// @throws RefusedException when there is none
    String authorization(
            StoredConnection connection, CreateConnectionOAuthRequestParameters parameters)
            throws RefusedException, InterruptedException {
        Key key = new Key(connection.arn().toString(), connection.version());
        while (true) { // ends: who waits for one that is called off fetches anew
            FutureTask<Token> task = task(key, parameters);
            task.run(); // does nothing when another thread does it
            try {
                Token token = task.get();
                if (token.goodUntilMillis <= clock.millis()) {
                    forget(key, task);
                }
                return token.authorization;
            } catch (ExecutionException e) {
                forget(key, task);
                if (e.getCause() instanceof RefusedException refused) {
                    throw refused;
                }
                if (!(e.getCause() instanceof CalledOffException calledOff)) {
                    throw new IllegalStateException(e.getCause());
                }
                if (calledOff.thread == Thread.currentThread()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /// Forgets a token that the endpoint does not take.
    void forget(StoredConnection connection) {
        Key key = new Key(connection.arn().toString(), connection.version());
        lock.lock();
        try {
            tokens.remove(key);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Key key, FutureTask<Token> task) {
        lock.lock();
        try {
            tokens.remove(key, task);
        } finally {
            lock.unlock();
        }
    }

    private FutureTask<Token> task(Key key, CreateConnectionOAuthRequestParameters parameters) {
        lock.lock();
        try {
            FutureTask<Token> known = tokens.get(key);
            if (known != null && !isOver(known)) {
                return known;
            }
            FutureTask<Token> task = new FutureTask<>(() -> fetchOrEnd(parameters));
            tokens.put(key, task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(FutureTask<Token> task) {
        return task.state() == java.util.concurrent.Future.State.SUCCESS
                && task.resultNow().goodUntilMillis <= clock.millis();
    }

    private Token fetchOrEnd(CreateConnectionOAuthRequestParameters parameters)
            throws RefusedException, CalledOffException {
        try {
            return fetch(parameters);
        } catch (InterruptedException _) { // told to this thread by authorization()
            throw new CalledOffException();
        }
    }

    private Token fetch(CreateConnectionOAuthRequestParameters parameters)
            throws RefusedException, InterruptedException {
        HttpCaller.Answer answer;
        try {
            answer = http.call(request(parameters));
        } catch (IOException e) {
            throw new RefusedException(
                    "The authorization endpoint could not be reached: "
                            + e.getClass().getSimpleName()
                            + ".",
                    false);
        } catch (IllegalArgumentException _) { // its message may tell a secret
            throw new RefusedException("The authorization request cannot be sent.", true);
        }
        int status = answer.status();
        if (status < 200 || status > 299) {
            throw new RefusedException(
                    "The authorization endpoint answered with HTTP status " + status + ".",
                    status < 500 && status != 429);
        }
        try {
            JsonNode json = JSON.readTree(answer.body());
            String token = json.path("access_token").asString("");
            if (!token.isEmpty()) {
                String type = json.path("token_type").asString("Bearer");
                long seconds = json.path("expires_in").asLong(EventsLimits.TOKEN_AGE.toSeconds());
                long millis = seconds * 1000 - EventsLimits.TOKEN_MARGIN.toMillis();
                return new Token(
                        (type.equalsIgnoreCase("bearer") ? "Bearer" : type) + " " + token,
                        clock.millis() + millis);
            }
        } catch (JacksonException _) { // said below
        }
        throw new RefusedException(
                "The authorization endpoint answered without an access_token.", true);
    }

    private static HttpCaller.Request request(CreateConnectionOAuthRequestParameters parameters) {
        ConnectionHttpParameters extra = parameters.oAuthHttpParameters();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", parameters.clientParameters().clientID());
        form.put("client_secret", parameters.clientParameters().clientSecret());
        form.putAll(HttpParts.body(extra));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", ApiDestinationTarget.USER_AGENT);
        headers.put("Accept", "application/json");
        Map<String, String> query = HttpParts.query(extra);
        byte[] body = new byte[0];
        if (parameters.httpMethod().equals("GET")) {
            query.putAll(form);
        } else {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
            body = HttpParts.form(form).getBytes(StandardCharsets.UTF_8);
        }
        headers.putAll(ApiDestinationTarget.allowed(HttpParts.headers(extra)));
        String url = HttpParts.withQuery(parameters.authorizationEndpoint(), query);
        return new HttpCaller.Request(parameters.httpMethod(), URI.create(url), headers, body);
    }
}

package io.millrace.service.events;

import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.CreateConnectionApiKeyAuthRequestParameters;
import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionBasicAuthRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;
import io.millrace.delivery.RemoteTarget;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.secret.SecretException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Calls API destinations: the connection's authorization and parameters, AWS's own headers, the
/// invocation rate. Thread-safe. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html).
///
/// Where a call and the connection tell the same header or query parameter, the connection's
/// counts. No message of ours tells a URL, a header or what an endpoint answered: there may be
/// secrets in each.
final class ApiDestinationTarget implements RemoteTarget {
    static final String USER_AGENT = "Amazon/EventBridge/ApiDestinations";

    /// What AWS takes out of requests, whoever put it there.
    private static final Set<String> REMOVED =
            Set.of(
                    "a-im",
                    "accept-charset",
                    "accept-datetime",
                    "accept-encoding",
                    "cache-control",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-md5",
                    "date",
                    "expect",
                    "forwarded",
                    "from",
                    "host",
                    "http2-settings",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-range",
                    "if-unmodified-since",
                    "max-forwards",
                    "origin",
                    "pragma",
                    "proxy-authorization",
                    "range",
                    "referer",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "user-agent",
                    "upgrade",
                    "via",
                    "warning");

    private record Found(StoredDestination destination, Optional<StoredConnection> connection) {}

    private final Store store;
    private final Destinations destinations;
    private final Connections connections;
    private final ConnectionAuthorization authorization;
    private final Pace pace;
    private final HttpCaller http;

    ApiDestinationTarget(
            Store store,
            Destinations destinations,
            Connections connections,
            ConnectionAuthorization authorization,
            Pace pace,
            HttpCaller http) {
        this.store = store;
        this.destinations = destinations;
        this.connections = connections;
        this.authorization = authorization;
        this.pace = pace;
        this.http = http;
    }

    /// Without the headers that are not anyone's to set.
    static Map<String, String> allowed(Map<String, String> headers) {
        Map<String, String> allowed = new HashMap<>();
        headers.forEach((name, value) -> {
            if (!REMOVED.contains(name.strip().toLowerCase(Locale.ROOT))) {
                allowed.put(name.strip(), value);
            }
        });
        return allowed;
    }

    @Override
    public Reply call(Arn target, Call call) throws InterruptedException {
        Optional<Found> found =
                store.read(s ->
                        destinations
                                .find(s, target)
                                .map(d -> new Found(d, connections.find(s, d.connectionArn()))));
        if (found.isEmpty()) {
            return refused("NO_RESOURCE", "The API destination does not exist.", false);
        }
        if (found.get().connection.isEmpty()) {
            return refused("NO_RESOURCE", "The API destination's connection is gone.", true);
        }
        StoredDestination destination = found.get().destination;
        StoredConnection connection = found.get().connection.get();
        HttpCaller.Request request;
        try {
            Optional<CreateConnectionAuthRequestParameters> parameters =
                    connections.open(connection);
            if (parameters.isEmpty()) {
                return refused("NO_PERMISSIONS", "The connection is deauthorized.", true);
            }
            request = request(destination, connection, parameters.get(), call);
        } catch (SecretException e) {
            return refused("INTERNAL_ERROR", String.valueOf(e.getMessage()), true);
        } catch (Tokens.RefusedException e) {
            return refused("NO_PERMISSIONS", e.reason(), true);
        } catch (IllegalArgumentException _) { // its message may tell a secret
            return refused("INVALID_PARAMETER", "The URL or a header is not valid.", false);
        }
        pace.await(target, destination.invocationsPerSecond());
        return send(connection, request);
    }

    private Reply send(StoredConnection connection, HttpCaller.Request request)
            throws InterruptedException {
        try {
            HttpCaller.Answer answer = http.call(request);
            Reply reply =
                    EndpointAnswers.reply(
                            answer, () -> authorization.refused(connection, answer.status()));
            if (reply instanceof Reply.Answered) {
                authorization.taken(connection);
            }
            return reply;
        } catch (HttpTimeoutException _) {
            return refused(
                    "TIMEOUT",
                    "The endpoint did not answer within "
                            + EventsLimits.ENDPOINT_TIMEOUT.toSeconds()
                            + " seconds.",
                    true);
        } catch (IOException e) {
            return refused(
                    "CONNECTION_FAILURE",
                    "The endpoint could not be reached: " + e.getClass().getSimpleName() + ".",
                    true);
        } catch (IllegalArgumentException _) { // its message may tell a secret
            return refused("INVALID_PARAMETER", "The URL or a header is not valid.", false);
        }
    }

    private HttpCaller.Request request(
            StoredDestination destination,
            StoredConnection connection,
            CreateConnectionAuthRequestParameters parameters,
            Call call)
            throws Tokens.RefusedException, InterruptedException {
        ConnectionHttpParameters extra = parameters.invocationHttpParameters();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.putAll(allowed(call.headers()));
        headers.putAll(allowed(HttpParts.headers(extra)));
        headers.putAll(allowed(authorization(connection, parameters)));
        headers.put("User-Agent", USER_AGENT);
        headers.put("Range", "bytes=0-1048575");
        headers.put("Accept-Encoding", "gzip,deflate");
        Map<String, String> query = new TreeMap<>(call.query());
        query.putAll(HttpParts.query(extra));
        String url = HttpParts.withPathValues(destination.endpoint(), call.pathValues());
        String body = HttpParts.withMembers(call.body(), HttpParts.body(extra));
        return new HttpCaller.Request(
                destination.method(),
                URI.create(HttpParts.withQuery(url, query)),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> authorization(
            StoredConnection connection, CreateConnectionAuthRequestParameters parameters)
            throws Tokens.RefusedException, InterruptedException {
        CreateConnectionBasicAuthRequestParameters basic = parameters.basicAuthParameters();
        if (basic != null) {
            byte[] login =
                    (basic.username() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
            return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        }
        CreateConnectionApiKeyAuthRequestParameters apiKey = parameters.apiKeyAuthParameters();
        if (apiKey != null) {
            return Map.of(apiKey.apiKeyName(), apiKey.apiKeyValue());
        }
        CreateConnectionOAuthRequestParameters oAuth = parameters.oAuthParameters();
        return oAuth == null
                ? Map.of()
                : Map.of("Authorization", authorization.token(connection, oAuth));
    }

    private static Reply refused(String code, String message, boolean retryable) {
        return new Reply.Refused(code, message, retryable, null);
    }
}

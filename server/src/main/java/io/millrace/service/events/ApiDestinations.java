package io.millrace.service.events;

import io.millrace.api.events.EventsApi;
import io.millrace.delivery.FailedJobsPage;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RemoteTarget;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.secret.Secrets;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.Map;

/// API destinations and their connections: the part of EventBridge that pipes use as well.
public final class ApiDestinations {
    /// What [io.millrace.delivery.RemoteTargets] finds them by.
    public static final String KIND = "events:api-destination";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Connections connections;
    private final Destinations destinations;
    private final ConnectionAuthorization authorization;
    private final RemoteTarget target;

    /// @param secrets seals what connections keep
    /// @param keys that connections may be encrypted with
    /// @param http calls endpoints
    public ApiDestinations(
            Store store,
            InstantSource clock,
            Ids ids,
            Secrets secrets,
            CustomerKeys keys,
            HttpCaller http) {
        this(store, clock, ids, secrets, keys, http, Thread::sleep);
    }

    ApiDestinations(
            Store store,
            InstantSource clock,
            Ids ids,
            Secrets secrets,
            CustomerKeys keys,
            HttpCaller http,
            Pace.Pause pause) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.connections = new Connections(secrets, keys);
        this.destinations = new Destinations(connections);
        this.authorization =
                new ConnectionAuthorization(store, clock, connections, new Tokens(clock, http));
        this.target =
                new ApiDestinationTarget(
                        store,
                        destinations,
                        connections,
                        authorization,
                        new Pace(clock, pause),
                        http);
    }

    /// API destinations, as targets: [#KIND] in [io.millrace.delivery.RemoteTargets].
    public RemoteTarget target() {
        return target;
    }

    /// The jobs of the outbox that are ours.
    public Map<String, JobHandler> handlers() {
        return Map.of(ConnectionAuthorization.KIND, authorization);
    }

    Service.Builder operations(Service.Builder service, Outbox outbox) {
        new FailedJobsPage(outbox).pages().forEach(service::page);
        return service.handle(
                        EventsApi.CREATE_CONNECTION,
                        new CreateConnection(store, clock, ids, connections, outbox))
                .handle(
                        EventsApi.UPDATE_CONNECTION,
                        new UpdateConnection(store, clock, connections, outbox))
                .handle(EventsApi.DESCRIBE_CONNECTION, new DescribeConnection(store, connections))
                .handle(EventsApi.LIST_CONNECTIONS, new ListConnections(store, connections))
                .handle(EventsApi.DELETE_CONNECTION, new DeleteConnection(store, connections))
                .handle(
                        EventsApi.DEAUTHORIZE_CONNECTION,
                        new DeauthorizeConnection(store, clock, connections))
                .handle(
                        EventsApi.CREATE_API_DESTINATION,
                        new CreateApiDestination(store, clock, ids, destinations))
                .handle(
                        EventsApi.UPDATE_API_DESTINATION,
                        new UpdateApiDestination(store, clock, destinations))
                .handle(
                        EventsApi.DESCRIBE_API_DESTINATION,
                        new DescribeApiDestination(store, destinations))
                .handle(
                        EventsApi.LIST_API_DESTINATIONS,
                        new ListApiDestinations(store, destinations))
                .handle(
                        EventsApi.DELETE_API_DESTINATION,
                        new DeleteApiDestination(store, destinations));
    }
}

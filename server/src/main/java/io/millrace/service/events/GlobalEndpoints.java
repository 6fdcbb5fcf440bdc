package io.millrace.service.events;

import io.millrace.api.events.CreateEndpointRequest;
import io.millrace.api.events.CreateEndpointResponse;
import io.millrace.api.events.DeleteEndpointRequest;
import io.millrace.api.events.DeleteEndpointResponse;
import io.millrace.api.events.DescribeEndpointRequest;
import io.millrace.api.events.DescribeEndpointResponse;
import io.millrace.api.events.Endpoint;
import io.millrace.api.events.ListEndpointsRequest;
import io.millrace.api.events.ListEndpointsResponse;
import io.millrace.api.events.ReplicationConfig;
import io.millrace.api.events.UpdateEndpointRequest;
import io.millrace.api.events.UpdateEndpointResponse;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Global endpoints: `CreateEndpoint`, `DescribeEndpoint`, `ListEndpoints`, `UpdateEndpoint`,
/// `DeleteEndpoint`. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html).
///
/// Events that are put through one go to the bus in the primary region. All regions are in this
/// server, so that they fail together, and there is no Route 53 whose health check could tell of a
/// failure: nothing ever fails over. Replication is real: a managed rule on each of the two buses
/// sends its events to the other one, until the endpoint goes or no longer replicates.
final class GlobalEndpoints {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final EndpointReplication replication;
    private final ResourceCodec<StoredEndpoint> codec = new ResourceCodec<>(StoredEndpoint.class);

    GlobalEndpoints(Store store, InstantSource clock, Ids ids, EndpointReplication replication) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.replication = replication;
    }

    /// The endpoint that a request to put events names.
    Optional<StoredEndpoint> byId(Snapshot snapshot, String id) {
        byte[] key = snapshot.get(EventsKeys.endpointById(id));
        return key == null
                ? Optional.empty()
                : Optional.ofNullable(codec.decodeOrNull(snapshot.get(key)));
    }

    CreateEndpointResponse create(Caller caller, CreateEndpointRequest request) {
        long now = clock.millis();
        boolean replicates = replicates(request.replicationConfig(), true);
        StoredEndpoint endpoint =
                new StoredEndpoint(
                        request.name(),
                        caller.accountId(),
                        caller.region(),
                        ids.hex(10) + ".veo",
                        request.description(),
                        request.routingConfig(),
                        replicates,
                        EndpointCheck.ordered(caller, request.eventBuses()),
                        request.roleArn(),
                        now,
                        now);
        EndpointCheck.check(endpoint);
        store.write(tx -> create(tx, endpoint));
        return CreateEndpointResponse.builder()
                .name(endpoint.name())
                .arn(endpoint.arn())
                .routingConfig(endpoint.routingConfig())
                .replicationConfig(new ReplicationConfig(endpoint.replicationState()))
                .eventBuses(endpoint.eventBuses())
                .roleArn(endpoint.roleArn())
                .state(StoredEndpoint.ACTIVE)
                .build();
    }

    private StoredEndpoint create(Transaction tx, StoredEndpoint endpoint) {
        byte[] key = key(endpoint);
        if (tx.get(key) != null) {
            throw EventsErrors.endpointExists(endpoint.name());
        }
        int count = 0;
        try (Cursor cursor = tx.prefix(EventsKeys.endpoints(endpoint.accountId()))) {
            while (cursor.next()) {
                count++;
            }
        }
        if (count >= EventsLimits.ENDPOINTS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        replication.requireBuses(tx, endpoint);
        replication.start(tx, endpoint);
        tx.put(key, codec.encode(endpoint));
        tx.put(EventsKeys.endpointById(endpoint.id()), key);
        return endpoint;
    }

    UpdateEndpointResponse update(Caller caller, UpdateEndpointRequest request) {
        StoredEndpoint endpoint = store.write(tx -> update(tx, caller, request));
        return UpdateEndpointResponse.builder()
                .name(endpoint.name())
                .arn(endpoint.arn())
                .routingConfig(endpoint.routingConfig())
                .replicationConfig(new ReplicationConfig(endpoint.replicationState()))
                .eventBuses(endpoint.eventBuses())
                .roleArn(endpoint.roleArn())
                .endpointId(endpoint.id())
                .endpointUrl(endpoint.url())
                .state(StoredEndpoint.ACTIVE)
                .build();
    }

    private StoredEndpoint update(Transaction tx, Caller caller, UpdateEndpointRequest request) {
        StoredEndpoint old = require(tx, caller.accountId(), caller.region(), request.name());
        StoredEndpoint endpoint =
                new StoredEndpoint(
                        old.name(),
                        old.accountId(),
                        old.homeRegion(),
                        old.id(),
                        request.description() == null ? old.description() : request.description(),
                        request.routingConfig() == null
                                ? old.routingConfig()
                                : request.routingConfig(),
                        replicates(request.replicationConfig(), old.replicates()),
                        request.eventBuses() == null
                                ? old.eventBuses()
                                : EndpointCheck.ordered(caller, request.eventBuses()),
                        request.roleArn() == null ? old.roleArn() : request.roleArn(),
                        old.createdMillis(),
                        clock.millis());
        EndpointCheck.check(endpoint);
        replication.requireBuses(tx, endpoint);
        replication.stop(tx, old);
        replication.start(tx, endpoint);
        tx.put(key(endpoint), codec.encode(endpoint));
        return endpoint;
    }

    DeleteEndpointResponse delete(Caller caller, DeleteEndpointRequest request) {
        return store.write(tx -> {
            StoredEndpoint endpoint =
                    require(tx, caller.accountId(), caller.region(), request.name());
            replication.stop(tx, endpoint);
            tx.delete(key(endpoint));
            tx.delete(EventsKeys.endpointById(endpoint.id()));
            return DeleteEndpointResponse.builder().build();
        });
    }

    DescribeEndpointResponse describe(Caller caller, DescribeEndpointRequest request) {
        String region = request.homeRegion() == null ? caller.region() : request.homeRegion();
        StoredEndpoint endpoint =
                store.read(
                        snapshot -> require(snapshot, caller.accountId(), region, request.name()));
        return DescribeEndpointResponse.builder()
                .name(endpoint.name())
                .description(endpoint.description())
                .arn(endpoint.arn())
                .routingConfig(endpoint.routingConfig())
                .replicationConfig(new ReplicationConfig(endpoint.replicationState()))
                .eventBuses(endpoint.eventBuses())
                .roleArn(endpoint.roleArn())
                .endpointId(endpoint.id())
                .endpointUrl(endpoint.url())
                .state(StoredEndpoint.ACTIVE)
                .creationTime(Instant.ofEpochMilli(endpoint.createdMillis()))
                .lastModifiedTime(Instant.ofEpochMilli(endpoint.modifiedMillis()))
                .build();
    }

    /// In order of home regions, then names.
    ListEndpointsResponse list(Caller caller, ListEndpointsRequest request) {
        String after = Page.afterOrStart(request.nextToken());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        Page<Endpoint> page = new Page<>(request.maxResults());
        store.read(snapshot -> {
            try (Cursor cursor = snapshot.prefix(EventsKeys.endpoints(caller.accountId()))) {
                while (cursor.next()) {
                    StoredEndpoint each = codec.decode(cursor.value());
                    String place = each.homeRegion() + "/" + each.name();
                    boolean wanted =
                            place.compareTo(after) > 0
                                    && each.name().startsWith(prefix)
                                    && (request.homeRegion() == null
                                            || request.homeRegion().equals(each.homeRegion()));
                    if (wanted && !page.add(place, shape(each))) {
                        break;
                    }
                }
            }
            return page;
        });
        return ListEndpointsResponse.builder()
                .endpoints(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static Endpoint shape(StoredEndpoint endpoint) {
        return Endpoint.builder()
                .name(endpoint.name())
                .description(endpoint.description())
                .arn(endpoint.arn())
                .routingConfig(endpoint.routingConfig())
                .replicationConfig(new ReplicationConfig(endpoint.replicationState()))
                .eventBuses(endpoint.eventBuses())
                .roleArn(endpoint.roleArn())
                .endpointId(endpoint.id())
                .endpointUrl(endpoint.url())
                .state(StoredEndpoint.ACTIVE)
                .creationTime(Instant.ofEpochMilli(endpoint.createdMillis()))
                .lastModifiedTime(Instant.ofEpochMilli(endpoint.modifiedMillis()))
                .build();
    }

    private StoredEndpoint require(
            Snapshot snapshot, String accountId, String region, String name) {
        return Optional.ofNullable(
                        codec.decodeOrNull(
                                snapshot.get(EventsKeys.endpoint(accountId, region, name))))
                .orElseThrow(() -> EventsErrors.endpointNotFound(name));
    }

    private static byte[] key(StoredEndpoint endpoint) {
        return EventsKeys.endpoint(endpoint.accountId(), endpoint.homeRegion(), endpoint.name());
    }

    private static boolean replicates(@Nullable ReplicationConfig config, boolean otherwise) {
        String state = config == null ? null : config.state();
        return state == null ? otherwise : state.equals("ENABLED");
    }
}

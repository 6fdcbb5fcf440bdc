package io.millrace.service.events;

import io.millrace.api.events.EndpointEventBus;
import io.millrace.api.events.RoutingConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A global endpoint's record.
///
/// @param homeRegion where it was made: the primary region
/// @param id as `abcde.veo`, the subdomain of its URL
/// @param replicates whether each bus's events go to the other one as well
/// @param eventBuses the one in the primary region, then the one in the secondary
record StoredEndpoint(
        String name,
        String accountId,
        String homeRegion,
        String id,
        @Nullable String description,
        RoutingConfig routingConfig,
        boolean replicates,
        List<EndpointEventBus> eventBuses,
        @Nullable String roleArn,
        long createdMillis,
        long modifiedMillis) {

    static final String ACTIVE = "ACTIVE";

    private static final String RESOURCE = "endpoint/";

    String arn() {
        return io.millrace.pattern.Arn.of("events", homeRegion, accountId, RESOURCE + name)
                .toString();
    }

    String url() {
        return "https://" + id + ".endpoint.events.amazonaws.com";
    }

    String replicationState() {
        return replicates ? "ENABLED" : "DISABLED";
    }

    BusName primary() {
        return bus(eventBuses.getFirst());
    }

    BusName secondary() {
        return bus(eventBuses.getLast());
    }

    /// Whether a bus may stand in entries that are put through it: by its name, or by its ARN in
    /// either region.
    boolean has(BusName bus) {
        return bus.name().equals(primary().name());
    }

    /// The managed rule on each of the buses that sends events to the other one.
    String replicationRule() {
        return "GlobalEndpoint-" + id;
    }

    private static BusName bus(EndpointEventBus bus) {
        return BusName.of(EventsErrors.arn(bus.eventBusArn()));
    }
}

package io.millrace.service.events;

import io.millrace.api.events.EndpointEventBus;
import io.millrace.wire.Caller;

import java.util.List;

/// What a global endpoint has to be: two buses of one account with one name, one in the region
/// where it is made and one in the secondary region; and a role, when it replicates.
final class EndpointCheck {

    private EndpointCheck() {}

    /// The two buses, that of the primary region first.
    static List<EndpointEventBus> ordered(Caller caller, List<EndpointEventBus> buses) {
        EndpointEventBus first = buses.getFirst();
        return EventsErrors.arn(first.eventBusArn()).region().equals(caller.region())
                ? buses
                : buses.reversed();
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(StoredEndpoint endpoint) {
        BusName primary = endpoint.primary();
        BusName secondary = endpoint.secondary();
        String secondaryRegion = endpoint.routingConfig().failoverConfig().secondary().route();
        if (!primary.accountId().equals(endpoint.accountId())
                || !secondary.accountId().equals(endpoint.accountId())) {
            throw EventsErrors.validation(
                    "The event buses of an endpoint must be in the account of the endpoint.");
        }
        if (!primary.name().equals(secondary.name())) {
            throw EventsErrors.validation(
                    "The names of the event buses must be identical in each Region.");
        }
        if (!primary.region().equals(endpoint.homeRegion())) {
            throw EventsErrors.validation(
                    "One of the event buses must be in the primary Region "
                            + endpoint.homeRegion()
                            + ".");
        }
        if (secondary.region().equals(primary.region())
                || !secondary.region().equals(secondaryRegion)) {
            throw EventsErrors.validation(
                    "One of the event buses must be in the secondary Region "
                            + secondaryRegion
                            + ".");
        }
        if (endpoint.replicates() && endpoint.roleArn() == null) {
            throw EventsErrors.validation(
                    "RoleArn must be specified when event replication is enabled.");
        }
    }
}

package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.engine.Transaction;

import java.util.List;
import java.util.Map;

/// The managed rules by which the two buses of a global endpoint share their custom events. An
/// event that came from the other bus is not sent back: that would be its second way to another
/// Region ([BusHops]).
final class EndpointReplication {
    private static final String PATTERN = "{\"source\":[{\"anything-but\":{\"prefix\":\"aws.\"}}]}";
    private static final String TARGET_ID = "replication";

    private final Buses buses;
    private final Rules rules;

    EndpointReplication(Buses buses, Rules rules) {
        this.buses = buses;
        this.rules = rules;
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException` when one is not there
    void requireBuses(Transaction tx, StoredEndpoint endpoint) {
        for (BusName bus : List.of(endpoint.primary(), endpoint.secondary())) {
            if (buses.find(tx, bus).isEmpty()) {
                throw EventsErrors.validation("Event bus " + bus.arn() + " does not exist.");
            }
        }
    }

    void start(Transaction tx, StoredEndpoint endpoint) {
        if (endpoint.replicates()) {
            put(tx, endpoint, endpoint.primary(), endpoint.secondary());
            put(tx, endpoint, endpoint.secondary(), endpoint.primary());
        }
    }

    void stop(Transaction tx, StoredEndpoint endpoint) {
        if (endpoint.replicates()) {
            remove(tx, endpoint, endpoint.primary());
            remove(tx, endpoint, endpoint.secondary());
        }
    }

    private void put(Transaction tx, StoredEndpoint endpoint, BusName from, BusName to) {
        StoredBus bus = buses.own(tx, from);
        StoredRule rule =
                new StoredRule(
                        endpoint.replicationRule(),
                        PATTERN,
                        StoredRule.ENABLED,
                        "Replicates the events of the global endpoint " + endpoint.name() + ".",
                        endpoint.roleArn(),
                        endpoint.accountId(),
                        ManagedRules.OF_ENDPOINTS,
                        Map.of(),
                        List.of());
        rules.put(tx, bus, rule, rules.find(tx, bus, rule.name()).isEmpty());
        Target target =
                Target.builder()
                        .id(TARGET_ID)
                        .arn(to.arn().toString())
                        .roleArn(endpoint.roleArn())
                        .build();
        rules.putTargets(tx, bus, rule, List.of(target));
    }

    private void remove(Transaction tx, StoredEndpoint endpoint, BusName from) {
        buses.find(tx, from)
                .ifPresent(bus ->
                        rules.find(tx, bus, endpoint.replicationRule())
                                .ifPresent(rule -> {
                                    rules.putTargets(tx, bus, rule, List.of());
                                    rules.remove(tx, bus, rule);
                                }));
    }
}

package io.millrace.service.events;

import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.RemoveTargetsResponse;
import io.millrace.api.events.Target;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;
import java.util.Set;

/// `RemoveTargets`: removes targets from a rule; those that it does not have count as removed, as
/// was seen at AWS. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html).
final class RemoveTargets implements Operation<RemoveTargetsRequest, RemoveTargetsResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    RemoveTargets(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public RemoveTargetsResponse handle(Caller caller, RemoveTargetsRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        store.write(tx ->
                remove(
                        tx,
                        Permission.onRule(caller, "RemoveTargets", name, request.rule()),
                        request));
        return RemoveTargetsResponse.builder().failedEntryCount(0).failedEntries(List.of()).build();
    }

    private StoredRule remove(Transaction tx, Permission permission, RemoveTargetsRequest request) {
        StoredBus bus = buses.require(tx, permission);
        StoredRule rule = rules.require(tx, bus, request.rule());
        ManagedRules.refuse(rule, request.force());
        Set<String> ids = Set.copyOf(request.ids());
        List<Target> left =
                rule.targets().stream().filter(target -> !ids.contains(target.id())).toList();
        if (left.size() < rule.targets().size()) {
            rules.putTargets(tx, bus, rule, left);
        }
        return rule;
    }
}

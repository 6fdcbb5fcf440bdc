package io.millrace.service.events;

import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.RemoveTargetsResponse;
import io.millrace.api.events.RemoveTargetsResultEntry;
import io.millrace.api.events.Target;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;

/// `RemoveTargets`: removes those that there are, and tells which there were not. Source: [API
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
        List<RemoveTargetsResultEntry> failed =
                store.write(tx ->
                        remove(
                                tx,
                                Permission.onRule(caller, "RemoveTargets", name, request.rule()),
                                request));
        return RemoveTargetsResponse.builder()
                .failedEntryCount(failed.size())
                .failedEntries(failed)
                .build();
    }

    private List<RemoveTargetsResultEntry> remove(
            Transaction tx, Permission permission, RemoveTargetsRequest request) {
        StoredBus bus = buses.require(tx, permission);
        StoredRule rule = rules.require(tx, bus, request.rule());
        ManagedRules.refuse(rule, request.force());
        List<Target> left = new ArrayList<>(rule.targets());
        List<RemoveTargetsResultEntry> failed = new ArrayList<>();
        for (String id : request.ids()) {
            if (!left.removeIf(target -> target.id().equals(id))) {
                failed.add(
                        RemoveTargetsResultEntry.builder()
                                .targetId(id)
                                .errorCode("ResourceNotFoundException")
                                .errorMessage(
                                        "Rule "
                                                + rule.name()
                                                + " does not have a target with the Id "
                                                + id
                                                + ".")
                                .build());
            }
        }
        if (left.size() < rule.targets().size()) {
            rules.putTargets(tx, bus, rule, List.copyOf(left));
        }
        return failed;
    }
}

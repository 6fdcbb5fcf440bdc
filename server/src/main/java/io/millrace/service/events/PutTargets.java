package io.millrace.service.events;

import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.PutTargetsResponse;
import io.millrace.api.events.Target;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// `PutTargets`: adds targets to a rule, in place of those with the same ids. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html).
///
/// Durable when it returns; all targets or none. A target's ARN has to be an ARN: whether there is
/// anything behind it shows at delivery, as in AWS. Errors: `ResourceNotFoundException`,
/// `LimitExceededException`, `ValidationException`.
final class PutTargets implements Operation<PutTargetsRequest, PutTargetsResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    PutTargets(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public PutTargetsResponse handle(Caller caller, PutTargetsRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        Set<String> ids = new HashSet<>();
        for (Target target : request.targets()) {
            if (!ids.add(target.id())) {
                throw EventsErrors.validation("Duplicate target id: " + target.id() + ".");
            }
            TargetCheck.check(target);
            if (target.arn().equals(name.arn().toString())) {
                throw EventsErrors.validation(
                        "Source EventBus and Target EventBus must not be the same.");
            }
        }
        store.write(tx ->
                put(tx, Permission.onRule(caller, "PutTargets", name, request.rule()), request));
        return PutTargetsResponse.builder().failedEntryCount(0).failedEntries(List.of()).build();
    }

    private StoredRule put(Transaction tx, Permission permission, PutTargetsRequest request) {
        StoredBus bus = buses.require(tx, permission);
        StoredRule rule = rules.require(tx, bus, request.rule());
        ManagedRules.refuse(rule, false);
        if (!OrderKey.isAskedFor(bus)) {
            request.targets().forEach(TargetCheck::checkGroup);
        }
        TreeMap<String, Target> targets = new TreeMap<>();
        rule.targets().forEach(target -> targets.put(target.id(), target));
        request.targets().forEach(target -> targets.put(target.id(), target));
        if (targets.size() > EventsLimits.TARGETS_PER_RULE_MAX) {
            throw EventsErrors.limitExceeded();
        }
        rules.putTargets(tx, bus, rule, List.copyOf(targets.values()));
        return rule;
    }
}

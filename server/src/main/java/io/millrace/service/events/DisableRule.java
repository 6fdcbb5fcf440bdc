package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.DisableRuleRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DisableRule`: in force for the next event. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html).
final class DisableRule implements Operation<DisableRuleRequest, Unit> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;
    private final RuleSchedules schedules;

    DisableRule(Store store, Buses buses, Rules rules, RuleSchedules schedules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
        this.schedules = schedules;
    }

    @Override
    public Unit handle(Caller caller, DisableRuleRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        return store.write(tx ->
                change(
                        tx,
                        Permission.onRule(caller, "DisableRule", name, request.name()),
                        request.name()));
    }

    private Unit change(Transaction tx, Permission permission, String ruleName) {
        StoredBus bus = buses.require(tx, permission);
        StoredRule rule = rules.require(tx, bus, ruleName);
        ManagedRules.refuse(rule, false);
        StoredRule changed = rule.withState(StoredRule.DISABLED);
        rules.put(tx, bus, changed, false);
        schedules.changed(tx, permission.bus(), rule, changed);
        return Unit.UNIT;
    }
}

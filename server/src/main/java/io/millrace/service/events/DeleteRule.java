package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteRule`: deletes a rule that has no targets; does nothing when there is no such rule.
/// Errors: `ResourceNotFoundException` for the bus, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html).
final class DeleteRule implements Operation<DeleteRuleRequest, Unit> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;
    private final RuleSchedules schedules;

    DeleteRule(Store store, Buses buses, Rules rules, RuleSchedules schedules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
        this.schedules = schedules;
    }

    @Override
    public Unit handle(Caller caller, DeleteRuleRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        return store.write(tx ->
                delete(tx, Permission.onRule(caller, "DeleteRule", name, request.name()), request));
    }

    private Unit delete(Transaction tx, Permission permission, DeleteRuleRequest request) {
        StoredBus bus = buses.require(tx, permission);
        rules.find(tx, bus, request.name())
                .ifPresent(rule -> {
                    ManagedRules.refuse(rule, request.force());
                    if (!rule.targets().isEmpty()) {
                        throw EventsErrors.validation(
                                "Rule can't be deleted since it has targets.");
                    }
                    rules.remove(tx, bus, rule);
                    schedules.removed(tx, permission.bus(), rule);
                });
        return Unit.UNIT;
    }
}

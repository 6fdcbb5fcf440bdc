package io.millrace.service.events;

import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.PutRuleResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `PutRule`: makes a rule, or replaces all of one but its targets and tags. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html).
///
/// Durable when it returns, and in force for the next event. A schedule is validated and then
/// refused: there is nothing yet that would fire it. Errors: `InvalidEventPatternException`,
/// `ResourceNotFoundException`, `LimitExceededException`, `ValidationException`.
final class PutRule implements Operation<PutRuleRequest, PutRuleResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    PutRule(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public PutRuleResponse handle(Caller caller, PutRuleRequest request) {
        BusName busName = BusName.of(caller, request.eventBusName());
        String schedule = request.scheduleExpression() == null ? "" : request.scheduleExpression();
        String pattern = request.eventPattern() == null ? "" : request.eventPattern();
        if (schedule.isEmpty() && pattern.isEmpty()) {
            throw EventsErrors.validation(
                    "Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        if (!pattern.isEmpty()) {
            check(pattern);
        }
        if (!schedule.isEmpty()) {
            refuse(busName, schedule);
        }
        Map<String, String> tags = EventsTags.of(request.tags());
        store.write(tx -> put(tx, caller, busName, request, pattern, tags));
        return PutRuleResponse.builder()
                .ruleArn(busName.ruleArn(request.name()).toString())
                .build();
    }

    private static void check(String pattern) {
        try {
            EventPattern.parse(pattern);
        } catch (EventPatternException e) {
            throw EventsErrors.invalidPattern(e.reason());
        }
    }

    private static void refuse(BusName bus, String schedule) {
        if (!bus.isDefault()) {
            throw EventsErrors.validation(
                    "ScheduleExpression is supported only on the default event bus.");
        }
        if (!ScheduleExpression.isValid(schedule)) {
            throw EventsErrors.validation("Parameter ScheduleExpression is not valid.");
        }
        throw EventsErrors.notImplemented("ScheduleExpression in events:PutRule");
    }

    private StoredRule put(
            Transaction tx,
            Caller caller,
            BusName busName,
            PutRuleRequest request,
            String pattern,
            Map<String, String> tags) {
        StoredBus bus = buses.own(tx, busName);
        Optional<StoredRule> before = rules.find(tx, bus, request.name());
        before.ifPresent(rule -> ManagedRules.refuse(rule, false));
        StoredRule rule =
                new StoredRule(
                        request.name(),
                        pattern,
                        request.state() == null ? StoredRule.ENABLED : request.state(),
                        request.description(),
                        request.roleArn(),
                        before.map(StoredRule::createdBy).orElse(caller.accountId()),
                        null,
                        before.map(StoredRule::tags).orElse(tags),
                        before.map(StoredRule::targets).orElse(List.of()));
        rules.put(tx, bus, rule, before.isEmpty());
        return rule;
    }
}

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
/// Durable when it returns, and in force for the next event. Its schedule begins with it, and goes
/// on as it is when it stays the same. Errors: `AccessDeniedException`,
/// `InvalidEventPatternException`, `ResourceNotFoundException`, `LimitExceededException`,
/// `ValidationException`.
final class PutRule implements Operation<PutRuleRequest, PutRuleResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;
    private final RuleSchedules schedules;

    PutRule(Store store, Buses buses, Rules rules, RuleSchedules schedules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
        this.schedules = schedules;
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
            RuleSchedules.check(busName, schedule);
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

    private StoredRule put(
            Transaction tx,
            Caller caller,
            BusName busName,
            PutRuleRequest request,
            String pattern,
            Map<String, String> tags) {
        StoredBus bus =
                buses.own(tx, Permission.onRule(caller, "PutRule", busName, request.name()));
        String schedule = request.scheduleExpression() == null ? "" : request.scheduleExpression();
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
                        before.map(StoredRule::targets).orElse(List.of()),
                        schedule.isEmpty() ? null : schedule);
        rules.put(tx, bus, rule, before.isEmpty());
        schedules.changed(tx, busName, before.orElse(null), rule);
        return rule;
    }
}

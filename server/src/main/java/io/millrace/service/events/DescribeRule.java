package io.millrace.service.events;

import io.millrace.api.events.DescribeRuleRequest;
import io.millrace.api.events.DescribeRuleResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeRule`. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html).
final class DescribeRule implements Operation<DescribeRuleRequest, DescribeRuleResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    DescribeRule(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public DescribeRuleResponse handle(Caller caller, DescribeRuleRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        StoredRule rule =
                store.read(snapshot ->
                        rules.require(
                                snapshot,
                                buses.require(
                                        snapshot,
                                        Permission.onRule(
                                                caller, "DescribeRule", name, request.name())),
                                request.name()));
        return DescribeRuleResponse.builder()
                .name(rule.name())
                .arn(name.ruleArn(rule.name()).toString())
                .eventPattern(rule.patternOrNull())
                .scheduleExpression(rule.scheduleExpression())
                .state(rule.state())
                .description(rule.description())
                .roleArn(rule.roleArn())
                .eventBusName(name.name())
                .managedBy(rule.managedBy())
                .createdBy(rule.createdBy())
                .build();
    }
}

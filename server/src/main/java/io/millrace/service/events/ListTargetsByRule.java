package io.millrace.service.events;

import io.millrace.api.events.ListTargetsByRuleRequest;
import io.millrace.api.events.ListTargetsByRuleResponse;
import io.millrace.api.events.Target;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListTargetsByRule`: in order of ids. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html).
final class ListTargetsByRule
        implements Operation<ListTargetsByRuleRequest, ListTargetsByRuleResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    ListTargetsByRule(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public ListTargetsByRuleResponse handle(Caller caller, ListTargetsByRuleRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        @Nullable String after = Page.after(request.nextToken());
        StoredRule rule =
                store.read(snapshot ->
                        rules.require(
                                snapshot,
                                buses.require(
                                        snapshot,
                                        Permission.onRule(
                                                caller, "ListTargetsByRule", name, request.rule())),
                                request.rule()));
        Page<Target> page = new Page<>(request.limit());
        for (Target target : rule.targets()) {
            if ((after == null || target.id().compareTo(after) > 0)
                    && !page.add(target.id(), target)) {
                break;
            }
        }
        return ListTargetsByRuleResponse.builder()
                .targets(page.items())
                .nextToken(page.nextToken())
                .build();
    }
}

package io.millrace.service.events;

import io.millrace.api.events.ListRuleNamesByTargetRequest;
import io.millrace.api.events.ListRuleNamesByTargetResponse;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListRuleNamesByTarget`: in order of names. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html).
final class ListRuleNamesByTarget
        implements Operation<ListRuleNamesByTargetRequest, ListRuleNamesByTargetResponse> {
    private final Store store;
    private final Buses buses;

    ListRuleNamesByTarget(Store store, Buses buses) {
        this.store = store;
        this.buses = buses;
    }

    @Override
    public ListRuleNamesByTargetResponse handle(
            Caller caller, ListRuleNamesByTargetRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        @Nullable String after = Page.after(request.nextToken());
        Page<String> page = store.read(snapshot -> page(snapshot, caller, name, after, request));
        return ListRuleNamesByTargetResponse.builder()
                .ruleNames(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Page<String> page(
            Snapshot snapshot,
            Caller caller,
            BusName name,
            @Nullable String after,
            ListRuleNamesByTargetRequest request) {
        StoredBus bus =
                buses.require(snapshot, Permission.onBus(caller, "ListRuleNamesByTarget", name));
        Page<String> page = new Page<>(request.limit());
        byte[] all = EventsKeys.rulesByTarget(bus.number(), request.targetArn());
        try (Cursor cursor = snapshot.prefix(all)) {
            while (cursor.next()) {
                String rule = EventsKeys.ruleByTargetName(cursor.key());
                if ((after == null || rule.compareTo(after) > 0) && !page.add(rule, rule)) {
                    break;
                }
            }
        }
        return page;
    }
}

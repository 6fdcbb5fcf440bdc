package io.millrace.service.events;

import io.millrace.api.events.ListRulesRequest;
import io.millrace.api.events.ListRulesResponse;
import io.millrace.api.events.Rule;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListRules`: in order of names. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html).
final class ListRules implements Operation<ListRulesRequest, ListRulesResponse> {
    private final Store store;
    private final Buses buses;
    private final Rules rules;

    ListRules(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    @Override
    public ListRulesResponse handle(Caller caller, ListRulesRequest request) {
        BusName name = BusName.of(caller, request.eventBusName());
        @Nullable String after = Page.after(request.nextToken());
        Page<Rule> page = store.read(snapshot -> page(snapshot, caller, name, after, request));
        return ListRulesResponse.builder().rules(page.items()).nextToken(page.nextToken()).build();
    }

    private Page<Rule> page(
            Snapshot snapshot,
            Caller caller,
            BusName name,
            @Nullable String after,
            ListRulesRequest request) {
        StoredBus bus = buses.require(snapshot, Permission.onBus(caller, "ListRules", name));
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        byte[] all = EventsKeys.rules(bus.number());
        byte[] from =
                EventsKeys.rule(bus.number(), prefix.compareTo(or(after)) > 0 ? prefix : or(after));
        Page<Rule> page = new Page<>(request.limit());
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                StoredRule rule = rules.decode(cursor.value());
                if (rule.name().equals(after)) {
                    continue;
                }
                if (!rule.name().startsWith(prefix) || !page.add(rule.name(), shape(name, rule))) {
                    break;
                }
            }
        }
        return page;
    }

    private static String or(@Nullable String after) {
        return after == null ? "" : after;
    }

    private static Rule shape(BusName name, StoredRule rule) {
        return Rule.builder()
                .name(rule.name())
                .arn(name.ruleArn(rule.name()).toString())
                .eventPattern(rule.patternOrNull())
                .scheduleExpression(rule.scheduleExpression())
                .state(rule.state())
                .description(rule.description())
                .roleArn(rule.roleArn())
                .managedBy(rule.managedBy())
                .eventBusName(name.name())
                .managedBy(rule.managedBy())
                .build();
    }
}

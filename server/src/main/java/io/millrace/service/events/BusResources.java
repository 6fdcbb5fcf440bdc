package io.millrace.service.events;

import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is told of buses before an operation runs: their policies, which are about their rules too,
/// and the tags of both.
record BusResources(Store store, Buses buses, EventsTags eventsTags) implements Resources {

    @Override
    public List<String> policies(Caller caller, String arn) {
        StoredBus bus =
                find(
                        Arn.parse(arn)
                                .filter(BusName::isBus)
                                .map(BusName::of)
                                .or(() -> BusName.ofRule(arn)));
        String policy = bus == null ? null : bus.policy();
        return policy == null ? List.of() : List.of(policy);
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        return Resources.tagged(eventsTags::ofArn).tags(caller, arn);
    }

    private @Nullable StoredBus find(Optional<BusName> name) {
        return name.isEmpty()
                ? null
                : store.<@Nullable StoredBus>read(
                        snapshot -> buses.find(snapshot, name.get()).orElse(null));
    }
}

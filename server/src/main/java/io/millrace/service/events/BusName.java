package io.millrace.service.events;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Which bus is meant. A request tells it by name, in the caller's account and region, or by ARN.
record BusName(String accountId, String region, String name) {

    static final String DEFAULT = "default";
    static final String RESOURCE = "event-bus/";

    private static final String RULE = "rule/";

    /// Null means the default bus.
    static BusName of(Caller caller, @Nullable String nameOrArn) {
        if (nameOrArn == null) {
            return new BusName(caller.accountId(), caller.region(), DEFAULT);
        }
        return Arn.parse(nameOrArn)
                .filter(BusName::isBus)
                .map(BusName::of)
                .orElseGet(() -> new BusName(caller.accountId(), caller.region(), nameOrArn));
    }

    static BusName of(Arn arn) {
        String name = arn.resource().substring(RESOURCE.length());
        return new BusName(arn.accountId(), arn.region(), name);
    }

    static boolean isBus(Arn arn) {
        return arn.service().equals("events") && arn.resource().startsWith(RESOURCE);
    }

    /// The bus of a rule; empty when it is not the ARN of a rule.
    static Optional<BusName> ofRule(String ruleArn) {
        return Arn.parse(ruleArn)
                .filter(arn -> arn.resource().startsWith(RULE))
                .map(arn -> {
                    String path = arn.resource().substring(RULE.length());
                    int slash = path.lastIndexOf('/');
                    String name = slash < 0 ? DEFAULT : path.substring(0, slash);
                    return new BusName(arn.accountId(), arn.region(), name);
                });
    }

    boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /// Whether it is the bus of a partner's event source.
    boolean isPartners() {
        return name.startsWith(EventSources.PREFIX);
    }

    Arn arn() {
        return Arn.of("events", region, accountId, RESOURCE + name);
    }

    Arn ruleArn(String rule) {
        String resource = isDefault() ? "rule/" + rule : "rule/" + name + "/" + rule;
        return Arn.of("events", region, accountId, resource);
    }
}

package io.millrace.service.events;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// Which bus is meant. A request tells it by name, in the caller's account and region, or by ARN.
record BusName(String accountId, String region, String name) {

    static final String DEFAULT = "default";
    static final String RESOURCE = "event-bus/";

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

package io.millrace.service.events;

import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// What somebody asks for with a bus, or with a rule on it.
///
/// @param operation as `PutRule`
/// @param rule its name; null when the bus itself is meant
record Permission(Caller caller, String operation, BusName bus, @Nullable String rule) {

    static Permission onBus(Caller caller, String operation, BusName bus) {
        return new Permission(caller, operation, bus, null);
    }

    static Permission onRule(Caller caller, String operation, BusName bus, String rule) {
        return new Permission(caller, operation, bus, rule);
    }

    /// A bus of another account may be meant, never one of another region.
    ///
    /// @param stored the bus; null when there is none
    /// @param creator the account that made the rule; null when no rule is meant
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`, `ValidationException`
    void check(@Nullable StoredBus stored, @Nullable String creator) {
        if (!bus.region().equals(caller.region())) {
            throw EventsErrors.crossRegion();
        }
        BusAccess.to(caller, operation, bus, rule == null ? bus.arn() : bus.ruleArn(rule), creator)
                .denial(stored == null ? null : stored.policy())
                .ifPresent(denial -> {
                    throw EventsErrors.accessDenied(denial);
                });
    }
}

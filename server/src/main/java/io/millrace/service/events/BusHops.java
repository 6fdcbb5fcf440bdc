package io.millrace.service.events;

import java.util.Optional;

/// Which ways from bus to bus an event has come: one within a Region and one to another Region are
/// allowed, in any order, and no second one of either kind. That also ends every loop.
///
/// Sources: [buses of an
/// account](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html) for the
/// first, the error codes of [dead-letter
/// queues](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html) for both;
/// that they count apart was seen at AWS.
record BusHops(boolean withinRegion, boolean betweenRegions) {

    static final BusHops NONE = new BusHops(false, false);
    static final BusHops ALL = new BusHops(true, true);

    /// After one more way; empty when it is one too many.
    Optional<BusHops> then(BusName from, BusName to) {
        if (from.region().equals(to.region())) {
            return withinRegion ? Optional.empty() : Optional.of(new BusHops(true, betweenRegions));
        }
        return betweenRegions ? Optional.empty() : Optional.of(new BusHops(withinRegion, true));
    }

    /// What EventBridge calls one way too many.
    static String code(BusName from, BusName to) {
        return from.region().equals(to.region())
                ? "THIRD_ACCOUNT_HOP_DETECTED"
                : "THIRD_REGION_HOP_DETECTED";
    }

    static String why(String eventId) {
        return "Event ingestion rejected for event "
                + eventId
                + " because an event can be sent to an event bus target only once. This event was"
                + " previously delivered to an event bus target.";
    }
}

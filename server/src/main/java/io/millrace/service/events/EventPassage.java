package io.millrace.service.events;

import io.millrace.pattern.EventPatternFields;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// An event on a bus.
///
/// @param mayGoToBuses false when it came from another bus: then no rule sends it to a third
/// @param ruleArns the rules to which it goes; none for all
record EventPassage(
        BusName name,
        StoredBus bus,
        EventEnvelope event,
        boolean mayGoToBuses,
        Set<String> ruleArns) {

    /// What is kept of one beside the event's JSON.
    record Head(
            BusName busName,
            boolean mayGoToBuses,
            Set<String> ruleArns,
            String eventId,
            String ingestionTime,
            @Nullable String traceHeader) {}

    static EventPassage of(Head head, StoredBus bus, String json) {
        EventEnvelope event =
                new EventEnvelope(
                        head.eventId(),
                        json,
                        EventPatternFields.of(json),
                        head.ingestionTime(),
                        head.traceHeader());
        return new EventPassage(head.busName(), bus, event, head.mayGoToBuses(), head.ruleArns());
    }

    boolean mayServe(String rule) {
        return ruleArns.isEmpty() || ruleArns.contains(name.ruleArn(rule).toString());
    }

    Head head() {
        return new Head(
                name,
                mayGoToBuses,
                ruleArns,
                event.id(),
                event.ingestionTime(),
                event.traceHeader());
    }
}

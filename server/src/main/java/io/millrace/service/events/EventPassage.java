package io.millrace.service.events;

import io.millrace.pattern.EventPatternFields;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/// An event on a bus.
///
/// @param hops the buses that it came from
/// @param ruleArns the rules to which it goes; none for all
/// @param scheduledRule whose schedule made it, which it goes to whatever the pattern; null for
///   none
record EventPassage(
        BusName name,
        StoredBus bus,
        EventEnvelope event,
        BusHops hops,
        Set<String> ruleArns,
        @Nullable String scheduledRule) {

    /// What is kept of one beside the event's JSON.
    ///
    /// @param mayGoToBuses false in what an older server kept of an event that came from a bus
    /// @param hops null in what an older server kept
    record Head(
            BusName busName,
            boolean mayGoToBuses,
            @Nullable BusHops hops,
            Set<String> ruleArns,
            String eventId,
            String ingestionTime,
            @Nullable String traceHeader,
            @Nullable String scheduledRule) {}

    static EventPassage ofSchedule(BusName name, StoredBus bus, EventEnvelope event, String rule) {
        return new EventPassage(name, bus, event, BusHops.NONE, Set.of(), rule);
    }

    static EventPassage of(Head head, StoredBus bus, String json) {
        EventEnvelope event =
                new EventEnvelope(
                        head.eventId(),
                        json,
                        EventPatternFields.of(json),
                        Instant.parse(head.ingestionTime()),
                        head.traceHeader());
        BusHops hops = head.hops();
        if (hops == null) {
            hops = head.mayGoToBuses() ? BusHops.NONE : BusHops.ALL;
        }
        return new EventPassage(
                head.busName(), bus, event, hops, head.ruleArns(), head.scheduledRule());
    }

    boolean mayServe(String rule) {
        return ruleArns.isEmpty() || ruleArns.contains(name.ruleArn(rule).toString());
    }

    Head head() {
        return new Head(
                name,
                hops.equals(BusHops.NONE),
                hops,
                ruleArns,
                event.id(),
                event.ingestionTime(),
                event.traceHeader(),
                scheduledRule);
    }
}

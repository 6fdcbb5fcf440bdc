package io.millrace.service.events;

import io.millrace.service.events.EventTrace.Result;
import io.millrace.trace.Hop.Detail;
import io.millrace.trace.Hop.Kind;
import io.millrace.trace.Trace;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells the trace what became of events. Thread-safe.
public final class EventTracing implements EventTrace {
    private final Trace trace;
    private final InstantSource clock;
    private final EventTrace log = EventTrace.logging();

    public EventTracing(Trace trace, InstantSource clock) {
        this.trace = trace;
        this.clock = clock;
    }

    @Override
    public void hop(Hop hop) {
        log.hop(hop);
        if (trace.isOn()) {
            trace.hop(told(hop, clock.millis()));
        }
    }

    @Override
    public void hops(List<Hop> hops) {
        hops.forEach(log::hop);
        if (trace.isOn()) {
            long millis = clock.millis();
            List<io.millrace.trace.Hop> told = new ArrayList<>(hops.size());
            hops.forEach(hop -> told.add(told(hop, millis)));
            trace.hops(told);
        }
    }

    private static io.millrace.trace.Hop told(Hop hop, long millis) {
        return switch (hop.result()) {
            case Result.Accepted(String source, String detailType, String header) ->
                    told(
                            hop,
                            millis,
                            Kind.ACCEPTED,
                            io.millrace.trace.Hop.root(header),
                            Map.of(Detail.SOURCE, source, Detail.DETAIL_TYPE, detailType));
            case Result.Matched() -> told(hop, millis, Kind.MATCHED, null, Map.of());
            case Result.Transformed(String body) ->
                    told(
                            hop,
                            millis,
                            Kind.TRANSFORMED,
                            null,
                            Map.of(Detail.TARGET, hop.targetId(), Detail.BODY, body));
            case Result.Delivered(String messageId) ->
                    told(
                            hop,
                            millis,
                            Kind.DELIVERED,
                            messageId.isEmpty() ? null : messageId,
                            Map.of(Detail.TARGET, hop.targetId()));
            case Result.Archived() ->
                    told(hop, millis, Kind.ARCHIVED, null, Map.of(Detail.TARGET, hop.targetId()));
            case Result.Owed() ->
                    told(hop, millis, Kind.OWED, null, Map.of(Detail.TARGET, hop.targetId()));
            case Result.Attempted attempted ->
                    told(hop, millis, Kind.ATTEMPTED, null, details(hop, attempted));
            case Result.DeadLettered(String code, String why) ->
                    failed(hop, millis, Kind.DEAD_LETTERED, code, why);
            case Result.Kept(String code, String why) -> failed(hop, millis, Kind.KEPT, code, why);
            case Result.Dropped(String code, String why) ->
                    failed(hop, millis, Kind.DROPPED, code, why);
        };
    }

    private static Map<String, String> details(Hop hop, Result.Attempted attempted) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(Detail.TARGET, hop.targetId());
        details.put(Detail.ATTEMPT, Integer.toString(attempted.number()));
        details.put(Detail.MILLISECONDS, Long.toString(attempted.milliseconds()));
        if (!attempted.status().isEmpty()) {
            details.put(Detail.STATUS, attempted.status());
        }
        if (!attempted.errorCode().isEmpty()) {
            details.put(Detail.CODE, attempted.errorCode());
            details.put(Detail.WHY, attempted.errorMessage());
        }
        return details;
    }

    private static io.millrace.trace.Hop failed(
            Hop hop, long millis, Kind kind, String code, String why) {
        return told(
                hop,
                millis,
                kind,
                null,
                Map.of(Detail.TARGET, hop.targetId(), Detail.CODE, code, Detail.WHY, why));
    }

    private static io.millrace.trace.Hop told(
            Hop hop, long millis, Kind kind, @Nullable String link, Map<String, String> details) {
        return new io.millrace.trace.Hop(
                hop.eventId(),
                link,
                millis,
                kind,
                hop.ruleArn(),
                hop.targetArn().isEmpty() ? null : hop.targetArn(),
                details);
    }
}

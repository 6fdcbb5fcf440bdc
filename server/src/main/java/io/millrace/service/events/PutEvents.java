package io.millrace.service.events;

import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `PutEvents`: takes events and delivers them to the targets of all rules that match. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
///
/// Durable when it returns, events and deliveries of all entries together: it is one transaction.
/// An entry that is not valid is refused by itself. One for a bus that does not exist is taken, and
/// goes nowhere, as in AWS.
final class PutEvents implements Operation<PutEventsRequest, PutEventsResponse> {
    /// Sources that only AWS's own services put events with.
    private static final String AWS_SOURCES = "aws.";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final EventRouter router;
    private final EventTrace trace;

    /// An entry that is valid.
    private record Accepted(BusName bus, EventEnvelope event) {}

    PutEvents(Store store, InstantSource clock, Ids ids, EventRouter router, EventTrace trace) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.router = router;
        this.trace = trace;
    }

    @Override
    public PutEventsResponse handle(Caller caller, PutEventsRequest request) {
        if (request.endpointId() != null) {
            throw EventsErrors.notImplemented("EndpointId in events:PutEvents");
        }
        if (request.entries().stream().mapToLong(PutEvents::bytes).sum()
                > EventsLimits.ENTRIES_BYTES_MAX) {
            throw EventsErrors.validation(
                    "Total size of the entries in the request is over the limit.");
        }
        Instant now = clock.instant();
        List<@Nullable PutEventsResultEntry> results = new ArrayList<>();
        List<Accepted> accepted = new ArrayList<>();
        for (PutEventsRequestEntry entry : request.entries()) {
            @Nullable PutEventsResultEntry refusal = missing(entry);
            if (refusal == null && or(entry.source()).startsWith(AWS_SOURCES)) {
                refusal =
                        refused(
                                "NotAuthorizedForSourceException",
                                "Not authorized for the source.");
            }
            if (refusal == null) {
                refusal = accept(caller, entry, now, accepted);
            }
            results.add(refusal);
        }
        return response(results, accepted, deliver(accepted));
    }

    private static long bytes(PutEventsRequestEntry entry) {
        long bytes = entry.time() == null ? 0 : EventsLimits.TIME_BYTES;
        bytes += bytes(entry.source()) + bytes(entry.detailType()) + bytes(entry.detail());
        for (String resource : entry.resources() == null ? List.<String>of() : entry.resources()) {
            bytes += bytes(resource);
        }
        return bytes;
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static @Nullable PutEventsResultEntry missing(PutEventsRequestEntry entry) {
        String name =
                isMissing(entry.source())
                        ? "Source"
                        : isMissing(entry.detailType())
                                ? "DetailType"
                                : isMissing(entry.detail()) ? "Detail" : "";
        return name.isEmpty()
                ? null
                : refused(
                        "InvalidArgument",
                        "Parameter "
                                + name
                                + " is not valid. Reason: "
                                + name
                                + " is a required argument.");
    }

    private static boolean isMissing(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private @Nullable PutEventsResultEntry accept(
            Caller caller, PutEventsRequestEntry entry, Instant now, List<Accepted> accepted) {
        try {
            EventEnvelope event =
                    EventEnvelope.of(
                            ids.uuid(),
                            new EventEnvelope.Content(
                                    or(entry.source()),
                                    or(entry.detailType()),
                                    or(entry.detail()),
                                    entry.resources() == null ? List.of() : entry.resources(),
                                    entry.time(),
                                    entry.traceHeader()),
                            new EventEnvelope.Ingestion(caller.accountId(), caller.region(), now));
            accepted.add(new Accepted(BusName.of(caller, entry.eventBusName()), event));
            return null;
        } catch (IllegalArgumentException _) {
            return refused("MalformedDetail", "Detail is malformed.");
        }
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// Delivers everything in one transaction; for each accepted event, whether it went through.
    private List<Boolean> deliver(List<Accepted> accepted) {
        if (accepted.isEmpty()) {
            return List.of();
        }
        record Done(List<Boolean> delivered, List<EventTrace.Hop> hops) {}
        Done done =
                store.write(tx -> {
                    EventRouter.Run run = new EventRouter.Run();
                    return new Done(route(tx, accepted, run), run.hops);
                });
        done.hops().forEach(trace::hop);
        return done.delivered();
    }

    private List<Boolean> route(Transaction tx, List<Accepted> accepted, EventRouter.Run run) {
        List<Boolean> delivered = new ArrayList<>();
        for (Accepted one : accepted) {
            delivered.add(router.route(tx, one.bus(), one.event(), run));
        }
        return delivered;
    }

    private static PutEventsResponse response(
            List<@Nullable PutEventsResultEntry> results,
            List<Accepted> accepted,
            List<Boolean> delivered) {
        List<PutEventsResultEntry> entries = new ArrayList<>();
        int failed = 0;
        int next = 0;
        for (PutEventsResultEntry refusal : results) {
            PutEventsResultEntry entry = refusal;
            if (entry == null) {
                entry =
                        delivered.get(next)
                                ? PutEventsResultEntry.builder()
                                        .eventId(accepted.get(next).event().id())
                                        .build()
                                : refused(
                                        "InternalFailure",
                                        "The request matches more targets than one transaction"
                                                + " delivers to.");
                next++;
            }
            failed += entry.errorCode() == null ? 0 : 1;
            entries.add(entry);
        }
        return PutEventsResponse.builder().failedEntryCount(failed).entries(entries).build();
    }

    private static PutEventsResultEntry refused(String code, String message) {
        return PutEventsResultEntry.builder().errorCode(code).errorMessage(message).build();
    }
}

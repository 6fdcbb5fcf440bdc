package io.millrace.service.events;

import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.events.EventEntry.Refusal;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `PutEvents`: takes events and delivers them to the targets of all rules that match. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
///
/// Durable when it returns, events and deliveries of all entries together: it is one transaction.
/// An entry that is not valid, or that the policy of its bus does not let in, is refused by itself.
/// One for a bus that does not exist is taken, and goes nowhere, as in AWS. Through a global
/// endpoint events go to its bus in the primary region.
final class PutEvents implements Operation<PutEventsRequest, PutEventsResponse> {
    /// Sources that only AWS's own services put events with.
    private static final String AWS_SOURCES = "aws.";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final GlobalEndpoints endpoints;
    private final EventRouter router;

    /// What became of an entry: a valid one, with its event, or a refused one.
    private record Entry(
            @Nullable BusName bus, @Nullable EventEnvelope event, @Nullable Refusal refusal) {

        static Entry refused(Refusal refusal) {
            return new Entry(null, null, refusal);
        }
    }

    private record Done(List<PutEventsResultEntry> results, int failed) {}

    PutEvents(
            Store store,
            InstantSource clock,
            Ids ids,
            GlobalEndpoints endpoints,
            EventRouter router) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.endpoints = endpoints;
        this.router = router;
    }

    @Override
    public PutEventsResponse handle(Caller caller, PutEventsRequest request) {
        @Nullable StoredEndpoint endpoint = endpoint(request.endpointId());
        Instant now = clock.instant();
        long bytes = 0;
        List<Entry> entries = new ArrayList<>();
        for (PutEventsRequestEntry shape : request.entries()) {
            EventEntry entry = EventEntry.of(shape, caller.traceHeader());
            bytes += entry.bytes();
            entries.add(entry(caller, entry, shape.eventBusName(), endpoint, now));
        }
        if (bytes > EventsLimits.ENTRIES_BYTES_MAX) {
            throw EventsErrors.entriesTooLarge();
        }
        Done done = router.write(store, (tx, run) -> put(tx, run, caller, entries));
        return PutEventsResponse.builder()
                .failedEntryCount(done.failed())
                .entries(done.results())
                .build();
    }

    private @Nullable StoredEndpoint endpoint(@Nullable String id) {
        return id == null
                ? null
                : store.read(snapshot -> endpoints.byId(snapshot, id))
                        .orElseThrow(() -> EventsErrors.endpointNotFound(id));
    }

    private Entry entry(
            Caller caller,
            EventEntry entry,
            @Nullable String busName,
            @Nullable StoredEndpoint endpoint,
            Instant now) {
        Refusal invalid = entry.invalid().orElse(null);
        if (invalid != null) {
            return Entry.refused(invalid);
        }
        if (entry.source().startsWith(AWS_SOURCES)) {
            return Entry.refused(Refusal.notAuthorizedForSource());
        }
        BusName bus = BusName.of(caller, busName);
        if (endpoint != null) {
            if (!endpoint.has(bus)) {
                return Entry.refused(Refusal.notTheEndpointsBus(bus.name()));
            }
            bus = endpoint.primary();
        }
        String region = endpoint == null ? caller.region() : endpoint.homeRegion();
        try {
            EventEnvelope.Ingestion ingestion =
                    new EventEnvelope.Ingestion(caller.accountId(), region, now);
            return new Entry(bus, entry.envelope(ids.uuid(), ingestion), null);
        } catch (IllegalArgumentException _) {
            return Entry.refused(Refusal.malformedDetail());
        }
    }

    private Done put(Transaction tx, EventRouter.Run run, Caller caller, List<Entry> entries) {
        List<PutEventsResultEntry> results = new ArrayList<>();
        int failed = 0;
        for (Entry entry : entries) {
            Refusal refusal = entry.refusal();
            EventEnvelope event = entry.event();
            BusName bus = entry.bus();
            if (event != null && bus != null) {
                Optional<StoredBus> stored = router.bus(tx, bus);
                refusal = denial(caller, bus, stored, event);
                if (refusal == null) {
                    router.route(tx, bus, stored, event, run);
                }
            }
            failed += refusal == null ? 0 : 1;
            results.add(result(event, refusal));
        }
        return new Done(results, failed);
    }

    private static @Nullable Refusal denial(
            Caller caller, BusName name, Optional<StoredBus> bus, EventEnvelope event) {
        boolean isOwn = name.accountId().equals(caller.accountId());
        String policy = bus.map(StoredBus::policy).orElse(null);
        return isOwn && policy == null
                ? null
                : BusAccess.toPut(caller, name, event)
                        .denial(policy)
                        .map(Refusal::accessDenied)
                        .orElse(null);
    }

    private static PutEventsResultEntry result(
            @Nullable EventEnvelope event, @Nullable Refusal refusal) {
        return refusal == null && event != null
                ? PutEventsResultEntry.builder().eventId(event.id()).build()
                : PutEventsResultEntry.builder()
                        .errorCode(refusal == null ? null : refusal.code())
                        .errorMessage(refusal == null ? null : refusal.message())
                        .build();
    }
}

package io.millrace.service.events;

import io.millrace.api.events.PutPartnerEventsRequest;
import io.millrace.api.events.PutPartnerEventsRequestEntry;
import io.millrace.api.events.PutPartnerEventsResponse;
import io.millrace.api.events.PutPartnerEventsResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `PutPartnerEvents`: puts a partner's events on its customers' buses. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPartnerEvents.html).
///
/// Durable when it returns; one transaction for all entries. Events of a source that is not active
/// are taken and go nowhere, as in AWS. An entry from a source that is not the caller's is refused
/// by itself.
final class PutPartnerEvents
        implements Operation<PutPartnerEventsRequest, PutPartnerEventsResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final EventSources sources;
    private final EventRouter router;

    private record Done(List<PutPartnerEventsResultEntry> entries, int failed) {}

    PutPartnerEvents(
            Store store, InstantSource clock, Ids ids, EventSources sources, EventRouter router) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.sources = sources;
        this.router = router;
    }

    @Override
    public PutPartnerEventsResponse handle(Caller caller, PutPartnerEventsRequest request) {
        List<EventEntry> entries = new ArrayList<>();
        long bytes = 0;
        for (PutPartnerEventsRequestEntry entry : request.entries()) {
            EventEntry each = EventEntry.of(entry);
            bytes += each.bytes();
            entries.add(each);
        }
        if (bytes > EventsLimits.ENTRIES_BYTES_MAX) {
            throw EventsErrors.entriesTooLarge();
        }
        Instant now = clock.instant();
        Done done = router.write(store, (tx, run) -> put(tx, run, caller, entries, now));
        return PutPartnerEventsResponse.builder()
                .failedEntryCount(done.failed())
                .entries(done.entries())
                .build();
    }

    private Done put(
            Transaction tx,
            EventRouter.Run run,
            Caller caller,
            List<EventEntry> entries,
            Instant now) {
        List<PutPartnerEventsResultEntry> results = new ArrayList<>();
        int failed = 0;
        for (EventEntry entry : entries) {
            String id = ids.uuid();
            Optional<EventEntry.Refusal> refusal = put(tx, caller, entry, id, now, run);
            failed += refusal.isPresent() ? 1 : 0;
            results.add(
                    refusal.map(why ->
                                    PutPartnerEventsResultEntry.builder()
                                            .errorCode(why.code())
                                            .errorMessage(why.message())
                                            .build())
                            .orElseGet(() ->
                                    PutPartnerEventsResultEntry.builder().eventId(id).build()));
        }
        return new Done(results, failed);
    }

    private Optional<EventEntry.Refusal> put(
            Transaction tx,
            Caller caller,
            EventEntry entry,
            String id,
            Instant now,
            EventRouter.Run run) {
        Optional<EventEntry.Refusal> invalid = entry.invalid();
        if (invalid.isPresent()) {
            return invalid;
        }
        Optional<StoredEventSource> source =
                sources.ofPartner(tx, caller.accountId(), caller.region(), entry.source());
        if (source.isEmpty()) {
            return Optional.of(EventEntry.Refusal.notAuthorizedForSource());
        }
        String customer = source.get().customerAccountId();
        try {
            EventEnvelope event =
                    entry.envelope(id, new EventEnvelope.Ingestion(customer, caller.region(), now));
            if (source.get().is(StoredEventSource.ACTIVE)) {
                BusName bus = new BusName(customer, caller.region(), entry.source());
                router.route(tx, bus, router.bus(tx, bus), event, run);
            }
            return Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.of(EventEntry.Refusal.malformedDetail());
        }
    }
}

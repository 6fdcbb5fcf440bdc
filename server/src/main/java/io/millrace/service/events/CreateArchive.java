package io.millrace.service.events;

import io.millrace.api.events.CreateArchiveRequest;
import io.millrace.api.events.CreateArchiveResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `CreateArchive`: keeps the events of a bus from the next one on. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html).
///
/// Durable when it returns. Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException`
/// for the bus, `InvalidEventPatternException`, `LimitExceededException`, `ValidationException`.
final class CreateArchive implements Operation<CreateArchiveRequest, CreateArchiveResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;
    private final Archives archives;

    CreateArchive(Store store, InstantSource clock, Ids ids, Buses buses, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.archives = archives;
    }

    @Override
    public CreateArchiveResponse handle(Caller caller, CreateArchiveRequest request) {
        Archives.check(request.eventPattern());
        ArchiveName name = ArchiveName.of(caller, request.archiveName());
        BusName bus =
                Arn.parse(request.eventSourceArn())
                        .filter(BusName::isBus)
                        .map(BusName::of)
                        .orElseThrow(() ->
                                EventsErrors.invalidParameter(
                                        "EventSourceArn", "Must contain an event bus ARN."));
        if (!bus.accountId().equals(name.accountId()) || !bus.region().equals(name.region())) {
            throw EventsErrors.busNotFound(bus.name());
        }
        long now = clock.millis();
        StoredArchive archive =
                new StoredArchive(
                        name.name(),
                        ids.number(),
                        bus.arn().toString(),
                        now,
                        request.description(),
                        orNull(request.eventPattern()),
                        request.retentionDays() == null ? 0 : request.retentionDays(),
                        orNull(request.kmsKeyIdentifier()),
                        0);
        store.write(tx -> create(tx, bus, name, archive));
        return CreateArchiveResponse.builder()
                .archiveArn(name.archiveArn())
                .state(StoredArchive.ENABLED)
                .creationTime(Instant.ofEpochMilli(now))
                .build();
    }

    private StoredArchive create(
            Transaction tx, BusName bus, ArchiveName name, StoredArchive archive) {
        buses.require(tx, bus);
        buses.checkKey(tx, name.accountId(), name.region(), archive.kmsKeyIdentifier());
        archives.create(tx, name, archive);
        return archive;
    }

    static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}

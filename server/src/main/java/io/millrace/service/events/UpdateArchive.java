package io.millrace.service.events;

import io.millrace.api.events.UpdateArchiveRequest;
import io.millrace.api.events.UpdateArchiveResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdateArchive`: changes what is given; an empty pattern or key takes it away. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateArchive.html).
///
/// What has expired before does not come back by a longer retention. Errors:
/// `ResourceNotFoundException` (AWS answers `InternalException` instead),
/// `InvalidEventPatternException`.
final class UpdateArchive implements Operation<UpdateArchiveRequest, UpdateArchiveResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Buses buses;
    private final Archives archives;

    UpdateArchive(Store store, InstantSource clock, Buses buses, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
        this.archives = archives;
    }

    @Override
    public UpdateArchiveResponse handle(Caller caller, UpdateArchiveRequest request) {
        Archives.check(request.eventPattern());
        ArchiveName name = ArchiveName.of(caller, request.archiveName());
        StoredArchive archive = store.write(tx -> update(tx, name, request));
        return UpdateArchiveResponse.builder()
                .archiveArn(name.archiveArn())
                .state(StoredArchive.ENABLED)
                .creationTime(Instant.ofEpochMilli(archive.createdMillis()))
                .build();
    }

    private StoredArchive update(Transaction tx, ArchiveName name, UpdateArchiveRequest request) {
        StoredArchive before = archives.require(tx, name);
        buses.checkKey(
                tx,
                name.accountId(),
                name.region(),
                BusSettings.kmsKey(request.kmsKeyIdentifier()));
        StoredArchive after =
                new StoredArchive(
                        before.name(),
                        before.number(),
                        before.busArn(),
                        before.createdMillis(),
                        request.description() == null
                                ? before.description()
                                : request.description(),
                        changed(request.eventPattern(), before.eventPattern()),
                        request.retentionDays() == null
                                ? before.retentionDays()
                                : request.retentionDays(),
                        changed(request.kmsKeyIdentifier(), before.kmsKeyIdentifier()),
                        before.beginningMillis(clock.millis()));
        archives.put(tx, name, after);
        return after;
    }

    private static @Nullable String changed(@Nullable String given, @Nullable String before) {
        return given == null ? before : CreateArchive.orNull(given);
    }
}

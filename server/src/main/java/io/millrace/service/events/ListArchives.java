package io.millrace.service.events;

import io.millrace.api.events.Archive;
import io.millrace.api.events.ListArchivesRequest;
import io.millrace.api.events.ListArchivesResponse;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;

/// `ListArchives`: in order of names, by at most one filter. Errors: `ResourceNotFoundException`
/// for a bus, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListArchives.html).
final class ListArchives implements Operation<ListArchivesRequest, ListArchivesResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Buses buses;
    private final Archives archives;

    ListArchives(Store store, InstantSource clock, Buses buses, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
        this.archives = archives;
    }

    @Override
    public ListArchivesResponse handle(Caller caller, ListArchivesRequest request) {
        if (Stream.of(request.namePrefix(), request.eventSourceArn(), request.state())
                        .filter(Objects::nonNull)
                        .count()
                > 1) {
            throw EventsErrors.oneFilter("ListArchives");
        }
        @Nullable String after = Page.after(request.nextToken());
        Page<Archive> page = store.read(snapshot -> page(snapshot, caller, after, request));
        return ListArchivesResponse.builder()
                .archives(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Page<Archive> page(
            Snapshot snapshot, Caller caller, @Nullable String after, ListArchivesRequest request) {
        String bus = request.eventSourceArn();
        if (bus != null) {
            buses.require(snapshot, BusName.of(caller, bus));
        }
        Page<Archive> page = new Page<>(request.limit());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        String from = after == null || prefix.compareTo(after) > 0 ? prefix : after;
        byte[] all = ArchiveKeys.archives(caller.accountId(), caller.region());
        try (Cursor cursor =
                snapshot.range(
                        ArchiveKeys.archive(caller.accountId(), caller.region(), from),
                        Bytes.prefixEnd(all),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                StoredArchive archive = archives.decode(cursor.value());
                if (archive.name().equals(after)
                        || (bus != null && !archive.busArn().equals(bus))
                        || (request.state() != null
                                && !request.state().equals(StoredArchive.ENABLED))) {
                    continue;
                }
                if (!archive.name().startsWith(prefix)
                        || !page.add(archive.name(), shape(snapshot, archive))) {
                    break;
                }
            }
        }
        return page;
    }

    private Archive shape(Snapshot snapshot, StoredArchive archive) {
        ArchivedEvents.Size size = archives.events().size(snapshot, archive, clock.millis());
        return Archive.builder()
                .archiveName(archive.name())
                .eventSourceArn(archive.busArn())
                .state(StoredArchive.ENABLED)
                .retentionDays(archive.retentionDays())
                .sizeBytes(size.bytes())
                .eventCount(size.events())
                .creationTime(Instant.ofEpochMilli(archive.createdMillis()))
                .build();
    }
}

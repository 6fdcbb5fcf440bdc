package io.millrace.service.events;

import io.millrace.api.events.DescribeArchiveRequest;
import io.millrace.api.events.DescribeArchiveResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `DescribeArchive`: with counts that are right at once, where AWS takes up to a day. Error:
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeArchive.html).
final class DescribeArchive implements Operation<DescribeArchiveRequest, DescribeArchiveResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Archives archives;

    DescribeArchive(Store store, InstantSource clock, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.archives = archives;
    }

    @Override
    public DescribeArchiveResponse handle(Caller caller, DescribeArchiveRequest request) {
        ArchiveName name = ArchiveName.of(caller, request.archiveName());
        return store.read(snapshot -> describe(snapshot, name));
    }

    private DescribeArchiveResponse describe(Snapshot snapshot, ArchiveName name) {
        StoredArchive archive = archives.require(snapshot, name);
        ArchivedEvents.Size size = archives.events().size(snapshot, archive, clock.millis());
        return DescribeArchiveResponse.builder()
                .archiveArn(name.archiveArn())
                .archiveName(archive.name())
                .eventSourceArn(archive.busArn())
                .description(archive.description())
                .eventPattern(archive.eventPattern())
                .state(StoredArchive.ENABLED)
                .kmsKeyIdentifier(archive.kmsKeyIdentifier())
                .retentionDays(archive.retentionDays())
                .sizeBytes(size.bytes())
                .eventCount(size.events())
                .creationTime(Instant.ofEpochMilli(archive.createdMillis()))
                .build();
    }
}

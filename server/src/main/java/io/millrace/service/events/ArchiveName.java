package io.millrace.service.events;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.Optional;

/// Which archive or replay is meant: both are named within an account and a region.
record ArchiveName(String accountId, String region, String name) {

    private static final String ARCHIVE = "archive/";
    private static final String REPLAY = "replay/";

    static ArchiveName of(Caller caller, String name) {
        return new ArchiveName(caller.accountId(), caller.region(), name);
    }

    /// Empty when the ARN is not an archive's.
    static Optional<ArchiveName> ofArchive(String arn) {
        return Arn.parse(arn)
                .filter(a -> a.service().equals("events") && a.resource().startsWith(ARCHIVE))
                .map(a ->
                        new ArchiveName(
                                a.accountId(),
                                a.region(),
                                a.resource().substring(ARCHIVE.length())));
    }

    String archiveArn() {
        return Arn.of("events", region, accountId, ARCHIVE + name).toString();
    }

    String replayArn() {
        return Arn.of("events", region, accountId, REPLAY + name).toString();
    }
}

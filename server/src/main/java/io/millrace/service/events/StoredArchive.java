package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// An archive's record.
///
/// @param number its internal number, in the keys of its events
/// @param eventPattern as it was given; null for all events
/// @param retentionDays 0 for ever
/// @param sinceMillis what arrived before is not there any more, whatever the retention
record StoredArchive(
        String name,
        long number,
        String busArn,
        long createdMillis,
        @Nullable String description,
        @Nullable String eventPattern,
        int retentionDays,
        @Nullable String kmsKeyIdentifier,
        long sinceMillis) {

    /// Other states pass too quickly to be seen.
    static final String ENABLED = "ENABLED";

    /// What arrived before has expired.
    long beginningMillis(long nowMillis) {
        return retentionDays == 0
                ? sinceMillis
                : Math.max(sinceMillis, nowMillis - TimeUnit.DAYS.toMillis(retentionDays));
    }
}

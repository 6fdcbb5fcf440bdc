package io.millrace.service.events;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// An API destination's record.
///
/// @param id in its ARN, so that one of the same name made later has another one
/// @param perSecond how often it is called at most; null when nobody said
record StoredDestination(
        String accountId,
        String region,
        String name,
        String id,
        @Nullable String description,
        String connectionArn,
        String endpoint,
        String method,
        @Nullable Integer perSecond,
        long createdMillis,
        long modifiedMillis) {

    static final String RESOURCE = "api-destination/";
    static final String ACTIVE = "ACTIVE";
    static final String INACTIVE = "INACTIVE";

    Arn arn() {
        return Arn.of("events", region, accountId, RESOURCE + name + "/" + id);
    }

    int invocationsPerSecond() {
        return perSecond == null ? EventsLimits.INVOCATIONS_PER_SECOND : perSecond;
    }

    Instant created() {
        return Instant.ofEpochMilli(createdMillis);
    }

    Instant modified() {
        return Instant.ofEpochMilli(modifiedMillis);
    }
}

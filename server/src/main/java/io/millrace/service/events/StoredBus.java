package io.millrace.service.events;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.LogConfig;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A bus's record.
///
/// @param number its internal number, in the keys of everything that belongs to it; 0 for a default
///   bus that is not stored yet, which has nothing
record StoredBus(
        String name,
        long number,
        long createdMillis,
        long modifiedMillis,
        @Nullable String description,
        @Nullable String kmsKeyIdentifier,
        @Nullable DeadLetterConfig deadLetterConfig,
        @Nullable LogConfig logConfig,
        @Nullable String policy,
        Map<String, String> tags) {

    static final long UNSTORED = 0;

    static StoredBus unstoredDefault() {
        return of(BusName.DEFAULT, UNSTORED, 0);
    }

    static StoredBus of(String name, long number, long nowMillis) {
        return new StoredBus(
                name, number, nowMillis, nowMillis, null, null, null, null, null, Map.of());
    }

    StoredBus withPolicy(@Nullable String newPolicy, long nowMillis) {
        return new StoredBus(
                name,
                number,
                createdMillis,
                nowMillis,
                description,
                kmsKeyIdentifier,
                deadLetterConfig,
                logConfig,
                newPolicy,
                tags);
    }

    StoredBus withTags(Map<String, String> newTags) {
        return new StoredBus(
                name,
                number,
                createdMillis,
                modifiedMillis,
                description,
                kmsKeyIdentifier,
                deadLetterConfig,
                logConfig,
                policy,
                newTags);
    }
}

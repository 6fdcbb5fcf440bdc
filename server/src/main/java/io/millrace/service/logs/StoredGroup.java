package io.millrace.service.logs;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;

/// A log group's record.
///
/// @param number its internal number, in the keys of everything that belongs to it
/// @param retentionDays null: events are kept for ever
/// @param logGroupClass `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`
record StoredGroup(
        String name,
        long number,
        long createdMillis,
        @Nullable Integer retentionDays,
        @Nullable String kmsKeyId,
        String logGroupClass,
        boolean deletionProtected,
        Map<String, String> tags) {

    static final String STANDARD = "STANDARD";

    static StoredGroup of(String name, long number, long nowMillis) {
        return new StoredGroup(name, number, nowMillis, null, null, STANDARD, false, Map.of());
    }

    /// The oldest timestamp that is still shown.
    long oldestMillis(long nowMillis) {
        return retentionDays == null
                ? 0
                : Math.max(0, nowMillis - Duration.ofDays(retentionDays).toMillis());
    }

    StoredGroup withRetention(@Nullable Integer days) {
        return new StoredGroup(
                name,
                number,
                createdMillis,
                days,
                kmsKeyId,
                logGroupClass,
                deletionProtected,
                tags);
    }

    StoredGroup withTags(Map<String, String> newTags) {
        return new StoredGroup(
                name,
                number,
                createdMillis,
                retentionDays,
                kmsKeyId,
                logGroupClass,
                deletionProtected,
                newTags);
    }

    StoredGroup withKey(@Nullable String newKmsKeyId) {
        return new StoredGroup(
                name,
                number,
                createdMillis,
                retentionDays,
                newKmsKeyId,
                logGroupClass,
                deletionProtected,
                tags);
    }

    StoredGroup withProtection(boolean isProtected) {
        return new StoredGroup(
                name,
                number,
                createdMillis,
                retentionDays,
                kmsKeyId,
                logGroupClass,
                isProtected,
                tags);
    }
}

package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A schema's record; its versions have records of their own.
///
/// @param number its internal number, in the keys of its versions
/// @param lastVersion the highest number that a version ever had
/// @param versionCount how many versions there are
/// @param clientToken of the last update that had one
record StoredSchema(
        String name,
        long number,
        long modifiedMillis,
        @Nullable String description,
        Map<String, String> tags,
        long lastVersion,
        long versionCount,
        @Nullable String clientToken) {

    static StoredSchema of(
            String name,
            long number,
            long nowMillis,
            @Nullable String description,
            Map<String, String> tags) {
        return new StoredSchema(name, number, nowMillis, description, tags, 0, 0, null);
    }

    StoredSchema withVersionAdded(long nowMillis) {
        return new StoredSchema(
                name,
                number,
                nowMillis,
                description,
                tags,
                lastVersion + 1,
                versionCount + 1,
                clientToken);
    }

    StoredSchema withVersionRemoved(long nowMillis) {
        return new StoredSchema(
                name,
                number,
                nowMillis,
                description,
                tags,
                lastVersion,
                versionCount - 1,
                clientToken);
    }

    StoredSchema withUpdate(
            long nowMillis, @Nullable String newDescription, @Nullable String newToken) {
        return new StoredSchema(
                name,
                number,
                nowMillis,
                newDescription == null ? description : newDescription,
                tags,
                lastVersion,
                versionCount,
                newToken == null ? clientToken : newToken);
    }

    StoredSchema withTags(Map<String, String> newTags) {
        return new StoredSchema(
                name,
                number,
                modifiedMillis,
                description,
                newTags,
                lastVersion,
                versionCount,
                clientToken);
    }
}

package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A registry's record.
///
/// @param number its internal number, in the keys of its schemas
/// @param policy its resource policy as it was put; null without one
/// @param policyRevisionId null without a policy
record StoredRegistry(
        String name,
        long number,
        long createdMillis,
        @Nullable String description,
        Map<String, String> tags,
        @Nullable String policy,
        @Nullable String policyRevisionId) {

    static StoredRegistry of(
            String name,
            long number,
            long nowMillis,
            @Nullable String description,
            Map<String, String> tags) {
        return new StoredRegistry(name, number, nowMillis, description, tags, null, null);
    }

    StoredRegistry withDescription(@Nullable String newDescription) {
        return new StoredRegistry(
                name, number, createdMillis, newDescription, tags, policy, policyRevisionId);
    }

    StoredRegistry withTags(Map<String, String> newTags) {
        return new StoredRegistry(
                name, number, createdMillis, description, newTags, policy, policyRevisionId);
    }

    StoredRegistry withPolicy(@Nullable String newPolicy, @Nullable String revisionId) {
        return new StoredRegistry(
                name, number, createdMillis, description, tags, newPolicy, revisionId);
    }
}

package io.millrace.service.events;

import io.millrace.api.events.Target;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A rule's record, with its targets.
///
/// @param managedBy the service whose rule it is; null for one of the account's own
/// @param targets in the order of their ids
record StoredRule(
        String name,
        String eventPattern,
        String state,
        @Nullable String description,
        @Nullable String roleArn,
        String createdBy,
        @Nullable String managedBy,
        Map<String, String> tags,
        List<Target> targets) {

    static final String ENABLED = "ENABLED";
    static final String DISABLED = "DISABLED";

    boolean isManaged() {
        return managedBy != null;
    }

    /// Also of all API calls, as `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS` says.
    boolean isEnabled() {
        return !state.equals(DISABLED);
    }

    StoredRule withState(String newState) {
        return new StoredRule(
                name,
                eventPattern,
                newState,
                description,
                roleArn,
                createdBy,
                managedBy,
                tags,
                targets);
    }

    StoredRule withTags(Map<String, String> newTags) {
        return new StoredRule(
                name,
                eventPattern,
                state,
                description,
                roleArn,
                createdBy,
                managedBy,
                newTags,
                targets);
    }

    StoredRule withTargets(List<Target> newTargets) {
        return new StoredRule(
                name,
                eventPattern,
                state,
                description,
                roleArn,
                createdBy,
                managedBy,
                tags,
                newTargets);
    }
}

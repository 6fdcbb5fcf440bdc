package io.millrace.service.events;

import io.millrace.api.events.Target;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A rule's record, with its targets.
///
/// @param eventPattern empty for a rule that has only a schedule
/// @param managedBy the service whose rule it is; null for one of the account's own
/// @param targets in the order of their ids
/// @param scheduleExpression null for a rule that has only a pattern
record StoredRule(
        String name,
        String eventPattern,
        String state,
        @Nullable String description,
        @Nullable String roleArn,
        String createdBy,
        @Nullable String managedBy,
        Map<String, String> tags,
        List<Target> targets,
        @Nullable String scheduleExpression) {

    static final String ENABLED = "ENABLED";
    static final String DISABLED = "DISABLED";

    /// A rule without a schedule.
    StoredRule(
            String name,
            String eventPattern,
            String state,
            @Nullable String description,
            @Nullable String roleArn,
            String createdBy,
            @Nullable String managedBy,
            Map<String, String> tags,
            List<Target> targets) {
        this(
                name,
                eventPattern,
                state,
                description,
                roleArn,
                createdBy,
                managedBy,
                tags,
                targets,
                null);
    }

    boolean hasPattern() {
        return !eventPattern.isEmpty();
    }

    /// Null when it has none.
    @Nullable String patternOrNull() {
        return hasPattern() ? eventPattern : null;
    }

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
                targets,
                scheduleExpression);
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
                targets,
                scheduleExpression);
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
                newTargets,
                scheduleExpression);
    }
}

package io.millrace.service.events;

import io.millrace.api.events.Target;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A rule's record, with its targets.
///
/// @param targets in the order of their ids
record StoredRule(
        String name,
        String eventPattern,
        String state,
        @Nullable String description,
        @Nullable String roleArn,
        String createdBy,
        Map<String, String> tags,
        List<Target> targets) {

    static final String ENABLED = "ENABLED";
    static final String DISABLED = "DISABLED";

    boolean isEnabled() {
        return !state.equals(DISABLED);
    }

    StoredRule withState(String newState) {
        return new StoredRule(
                name, eventPattern, newState, description, roleArn, createdBy, tags, targets);
    }

    StoredRule withTags(Map<String, String> newTags) {
        return new StoredRule(
                name, eventPattern, state, description, roleArn, createdBy, newTags, targets);
    }

    StoredRule withTargets(List<Target> newTargets) {
        return new StoredRule(
                name, eventPattern, state, description, roleArn, createdBy, tags, newTargets);
    }
}

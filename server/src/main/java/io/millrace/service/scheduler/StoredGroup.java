package io.millrace.service.scheduler;

import java.util.Map;

/// A schedule group's record.
record StoredGroup(
        String name,
        String state,
        long createdMillis,
        long modifiedMillis,
        Map<String, String> tags) {

    static final String ACTIVE = "ACTIVE";
    static final String DELETING = "DELETING";

    static StoredGroup of(String name, long nowMillis, Map<String, String> tags) {
        return new StoredGroup(name, ACTIVE, nowMillis, nowMillis, tags);
    }

    boolean isDeleting() {
        return state.equals(DELETING);
    }

    StoredGroup withState(String newState, long nowMillis) {
        return new StoredGroup(name, newState, createdMillis, nowMillis, tags);
    }

    StoredGroup withTags(Map<String, String> newTags) {
        return new StoredGroup(name, state, createdMillis, modifiedMillis, newTags);
    }
}
